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
        try replace(key, identity.key, mode: 0o600)
        try replace(certificate, identity.certificate, mode: 0o644)
        try replace(bundle, identity.bundle, mode: 0o644)
    }

    private func replace(_ path: String, _ text: String, mode: mode_t) throws {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw Self.failure(temporary) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                close(descriptor)
                unlink(temporary)
                throw Self.failure(temporary)
            }
            rest = rest.dropFirst(count)
        }
        fsync(descriptor)
        close(descriptor)
        guard rename(temporary, path) == 0 else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path): \(String(cString: strerror(errno)))")
    }
}
