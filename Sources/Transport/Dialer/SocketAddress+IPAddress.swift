// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import NIOCore

extension SocketAddress {
    /// The socket address of an IP address and port.
    public init(_ address: IPAddress, port: UInt16) throws {
        var packed = ByteBuffer()
        switch address {
        case .v4(let v4):
            packed.writeInteger(v4.rawValue)
        case .v6(let v6):
            packed.writeMultipleIntegers(v6.high, v6.low)
        }
        try self.init(packedIPAddress: packed, port: Int(port))
    }

    /// The IP address and port of a TCP peer, or `nil` for a Unix socket.
    ///
    /// An IPv4 peer of a dual-stack listener, which the kernel reports as a mapped address, is given as IPv4.
    public var endpoint: (address: IPAddress, port: UInt16)? {
        // Layout of sockaddr_in and sockaddr_in6 (netinet/in.h): family, port, then 4 bytes of address, or 4 bytes of
        // flow and 16 of address.
        switch self {
        case .v4:
            return withSockAddr { pointer, size in
                let bytes = UnsafeRawBufferPointer(start: pointer, count: size)
                guard bytes.count >= 8 else { return nil }
                let address = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
                return (.v4(Addresses.IPv4Address(rawValue: address)), Self.port(in: bytes))
            }
        case .v6:
            return withSockAddr { pointer, size in
                let bytes = UnsafeRawBufferPointer(start: pointer, count: size)
                guard bytes.count >= 24 else { return nil }
                let high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
                if high == 0, low >> 32 == 0xffff {
                    let address = Addresses.IPv4Address(rawValue: UInt32(truncatingIfNeeded: low))
                    return (.v4(address), Self.port(in: bytes))
                }
                return (.v6(Addresses.IPv6Address(high: high, low: low)), Self.port(in: bytes))
            }
        case .unixDomainSocket:
            return nil
        }
    }

    private static func port(in bytes: UnsafeRawBufferPointer) -> UInt16 {
        UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    }
}
