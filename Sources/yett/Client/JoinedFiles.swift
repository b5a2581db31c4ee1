// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// The files of a joined workload: `svid.pem`, `svid.key`, `bundle.pem`.
struct JoinedFiles {
    private let directory: String

    /// The trust bundle.
    var bundle: String { directory + "/bundle.pem" }
    private var certificate: String { directory + "/svid.pem" }
    private var key: String { directory + "/svid.key" }

    init(_ directory: String) { self.directory = directory }

    /// The present certificate and key.
    func read() throws -> (certificate: [UInt8], key: [UInt8]) {
        do {
            return (try InputFile.read(certificate, limit: 1 << 20), try InputFile.read(key, limit: 1 << 20))
        } catch let failure as CommandFailure {
            throw CommandFailure(
                "there is no certificate to renew: \(failure.what)", remedy: "join with a token: --token-file FILE")
        }
    }

    /// Replaces the files, each as a whole; the key before the certificate.
    func write(_ identity: JoinedIdentity) throws {
        if mkdir(directory, 0o700) != 0, errno != EEXIST { throw Self.failure(directory) }
        try OutputFile.replace(key, with: identity.key.utf8, mode: 0o600)
        try OutputFile.replace(certificate, with: identity.certificate.utf8, mode: 0o644)
        try OutputFile.replace(bundle, with: identity.bundle.utf8, mode: 0o644)
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path): \(String(cString: strerror(errno)))")
    }
}
