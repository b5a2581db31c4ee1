// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// Things of the host that answer outside and must not be reachable from inside.
final class HostBait {
    let abstractName = "yett-bait-\(UUID().uuidString)"
    let socketPath: String
    let key: Int32
    let address: String
    private let segment: Int32
    private let sockets: [Int32]

    init(directory: String) throws {
        socketPath = directory + "/bait.sock"
        sockets = [try Self.listen(abstract: abstractName), try Self.listen(path: socketPath)]
        key = Int32(truncatingIfNeeded: getpid()) | 0x5900_0000
        segment = shmget(key, 4096, 0o1666)
        try #require(segment >= 0)
        address = Self.hostAddress() ?? "192.0.2.1"
    }

    func remove() {
        for socket in sockets { close(socket) }
        unlink(socketPath)
        shmctl(segment, IPC_RMID, nil)
    }

    private static func listen(abstract name: String) throws -> Int32 {
        try listen(bytes: [0] + Array(name.utf8))
    }

    private static func listen(path: String) throws -> Int32 {
        let listener = try listen(bytes: Array(path.utf8) + [0])
        chmod(path, 0o777)
        return listener
    }

    private static func listen(bytes: [UInt8]) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        try #require(result == 0 && Glibc.listen(descriptor, 8) == 0)
        return descriptor
    }

    private static func hostAddress() -> String? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return nil }
        defer { freeifaddrs(list) }
        for entry in sequence(first: list, next: { $0?.pointee.ifa_next }) {
            guard let entry, let address = entry.pointee.ifa_addr,
                address.pointee.sa_family == sa_family_t(AF_INET)
            else { continue }
            var text = [CChar](repeating: 0, count: 64)
            getnameinfo(address, socklen_t(MemoryLayout<sockaddr_in>.size), &text, 64, nil, 0, NI_NUMERICHOST)
            let string = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if !string.hasPrefix("127.") { return string }
        }
        return nil
    }
}
