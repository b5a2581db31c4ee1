// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import Glibc
import Testing

/// Who may ask. The first wall are the modes of socket and directory, the second the kernel's word on every request.
@Suite struct PeerTests {
    private static let stranger: UInt32 = 65_534

    @Test("makes a socket of mode 0600 in a directory of 0700")
    func modes() async throws {
        try await AdminServer.run { server throws in
            #expect(try Self.mode(of: server.socket) == 0o600)
            #expect(try Self.mode(of: server.directory) == 0o700)
        }
    }

    @Test("keeps another user out by the modes, and by the kernel's word where the modes were opened")
    func stranger() async throws {
        try await AdminServer.run { server throws in
            #expect(try Self.curl(as: nil, server.socket).contains("200"))
            // Another user can only be tried by a test that may change its user.
            guard geteuid() == 0 else { return }
            #expect(!(try Self.curl(as: Self.stranger, server.socket).contains("HTTP/")))
            chmod(server.directory, 0o777)
            chmod(server.socket, 0o777)
            let answer = try Self.curl(as: Self.stranger, server.socket)
            #expect(answer.contains("403"))
            #expect(answer.contains("user \(Self.stranger) may not administer this gate"))
        }
    }

    @Test("lets in the users of admin.uids, and nobody else with them")
    func configured() async throws {
        try await AdminServer.run(users: [Self.stranger]) { server throws in
            #expect(try Self.mode(of: server.socket) & 0o007 == 0)
            guard geteuid() == 0 else { return }
            #expect(try Self.curl(as: Self.stranger, server.socket).contains("200"))
            #expect(!(try Self.curl(as: Self.stranger - 1, server.socket).contains("HTTP/")))
        }
    }

    private static func mode(of path: String) throws -> UInt32 {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw POSIXError(.ENOENT) }
        return status.st_mode & 0o777
    }

    private static func curl(as user: UInt32?, _ socket: String) throws -> String {
        let arguments = ["-sS", "-i", "--max-time", "60", "--unix-socket", socket, "http://gate/v1/status"]
        let program =
            if let user {
                try Program(
                    "setpriv", ["--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "curl"] + arguments,
                    keepsErrors: true, install: "apt-get install util-linux curl")
            } else {
                try Program("curl", arguments, keepsErrors: true)
            }
        return program.outcome().text
    }
}
