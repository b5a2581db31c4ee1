// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// The few files of `/etc` that the inside has: some the host's, some made for the launch.
enum SystemFiles {
    static let userName = "agent"

    /// Shown read-only where they exist.
    static let shown = [
        "/etc/alternatives", "/etc/ca-certificates", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
        "/etc/localtime", "/etc/mime.types", "/etc/protocols", "/etc/python3", "/etc/python3.11", "/etc/python3.13",
        "/etc/services", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/timezone", "/etc/debian_version",
        "/etc/fonts", "/etc/java-17-openjdk", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted", "/etc/terminfo",
    ]

    /// Made for the launch: path and content.
    static func made(for user: LaunchUser) -> [(path: String, content: String)] {
        let passwords = "\(userName):x:\(user.user):\(user.group):Launched agent:\(VisiblePaths.home):/bin/sh\n"
        let names = "passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\nprotocols: files\n"
        return [
            ("/etc/passwd", passwords + "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"),
            ("/etc/group", "\(userName):x:\(user.group):\nnogroup:x:65534:\n"),
            ("/etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"),
            ("/etc/nsswitch.conf", names),
            (
                "/etc/resolv.conf",
                "# Names are resolved by the gate.\nnameserver 127.0.0.1\noptions timeout:1 attempts:1\n"
            ),
            ("/etc/os-release", osRelease),
        ]
    }

    private static var osRelease: String {
        guard let bytes = contents(of: "/etc/os-release", atMost: 65_536) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A small file's bytes, or `nil` when it is missing or larger than the limit.
    static func contents(of path: String, atMost limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0, bytes.count + count <= limit else { return nil }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
