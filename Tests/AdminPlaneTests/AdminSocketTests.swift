// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Logging
import Testing

@testable import AdminPlane

@Suite struct AdminSocketTests {
    @Test("refuses a directory that others may enter", arguments: [0o755, 0o710, 0o701, 0o777] as [mode_t])
    func openDirectory(mode: mode_t) throws {
        try Self.withDirectory { directory throws in
            chmod(directory, mode)
            #expect {
                try AdminSocket(path: directory + "/a.sock", users: []).prepare()
            } throws: { "\($0)".contains("chmod 0700 \(directory)") }
        }
    }

    @Test("refuses a directory of somebody else")
    func foreignDirectory() throws {
        // The file system's root belongs to root, and is open besides.
        #expect(throws: AdminSocketError.self) { try AdminSocket(path: "/admin.sock", users: []).prepare() }
        #expect(throws: AdminSocketError.self) { try AdminSocket(path: "/usr/admin.sock", users: []).prepare() }
    }

    @Test("refuses a directory that is a symbolic link")
    func link() throws {
        try Self.withDirectory { directory throws in
            symlink(directory, directory + "/link")
            #expect(throws: AdminSocketError.self) {
                try AdminSocket(path: directory + "/link/a.sock", users: []).prepare()
            }
        }
    }

    @Test(
        "refuses paths that the kernel does not take",
        arguments: ["admin.sock", "", "/" + String(repeating: "a", count: 107)])
    func paths(path: String) {
        #expect(throws: AdminSocketError.self) { try AdminSocket(path: path, users: []).prepare() }
    }

    @Test("makes a missing directory of mode 0700, but not a whole path")
    func makes() throws {
        try Self.withDirectory { directory throws in
            try AdminSocket(path: directory + "/new/a.sock", users: []).prepare()
            var status = stat()
            lstat(directory + "/new", &status)
            #expect(status.st_mode & 0o777 == 0o700)
            #expect {
                try AdminSocket(path: directory + "/far/away/a.sock", users: []).prepare()
            } throws: { "\($0)".contains("install -d -m 0700") }
        }
    }

    @Test("replaces a socket that nobody answers at, and not one that somebody does")
    func stale() throws {
        try Self.withDirectory { directory throws in
            let path = directory + "/a.sock"
            let listener = try Self.bind(path)
            #expect { try AdminSocket(path: path, users: []).prepare() } throws: { "\($0)".contains("another gate") }
            close(listener)
            try AdminSocket(path: path, users: []).prepare()
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test("takes its own access lists back on the next start")
    func lists() throws {
        try Self.withDirectory { directory throws in
            let path = directory + "/a.sock"
            try AdminSocket(path: path, users: [65_534]).prepare()
            #expect(AccessList.isPresent(on: directory))
            try AdminSocket(path: path, users: []).prepare()
            #expect(!AccessList.isPresent(on: directory))
            var status = stat()
            lstat(directory, &status)
            #expect(status.st_mode & 0o777 == 0o700)
        }
    }

    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        try body(directory)
    }

    private static func bind(_ path: String) throws -> CInt {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0, listen(descriptor, 8) == 0 else { throw POSIXError(.EIO) }
        return descriptor
    }
}
