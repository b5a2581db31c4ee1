// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Glibc

/// An address as the system's calls take it.
struct SocketName {
    let family: CInt
    private let bytes: [UInt8]

    /// An address of either family with a port.
    init(_ address: IPAddress, _ port: UInt16) {
        switch address {
        case .v4(let address):
            family = AF_INET
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            name.sin_addr.s_addr = address.rawValue.bigEndian
            bytes = withUnsafeBytes(of: name, Array.init)
        case .v6(let address):
            family = AF_INET6
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &name.sin6_addr) { target in
                target.storeBytes(of: address.high.bigEndian, as: UInt64.self)
                target.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            bytes = withUnsafeBytes(of: name, Array.init)
        }
    }

    /// The path of a Unix socket; what is longer than 107 bytes is cut and leads nowhere.
    init(path: String) {
        family = AF_UNIX
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        bytes = withUnsafeBytes(of: name, Array.init)
    }

    /// Connects a socket; 0, or -1 with the reason in `errno`.
    func connect(_ descriptor: CInt) -> CInt {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return -1 }
            return Glibc.connect(descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t(buffer.count))
        }
    }
}
