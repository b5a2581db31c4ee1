// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
internal import Glibc

/// A listening socket that somebody else opened and handed to this process: the service manager for a socket unit, or an
/// earlier run of the gate, which left it with the service manager. Whoever takes it closes it.
public struct HandedSocket: Sendable, Equatable {
    /// Where it listens.
    public enum Address: Sendable, Equatable, CustomStringConvertible {
        /// A TCP address. An IPv4 address within IPv6 stays that.
        case tcp(IPAddress, port: UInt16)
        /// The path that a Unix socket was bound to.
        case unix(path: String)

        /// As it stands in a configuration.
        public var description: String {
            switch self {
            case .tcp(let address, let port): "\(Host.address(address)):\(port)"
            case .unix(let path): path
            }
        }
    }

    /// The name of the sockets that the gate leaves with the service manager for its next run.
    public static let keptName = "yett-kept"

    /// The descriptor.
    public let descriptor: CInt
    /// What the service manager calls it: `FileDescriptorName=` of the socket unit, else the unit's name.
    public let name: String
    /// Where it listens.
    public let address: Address

    /// Whether an earlier run of the gate left it.
    public var isKept: Bool { name.utf8.elementsEqual(Self.keptName.utf8) }

    /// Examines a descriptor, and marks it as not to be inherited further.
    ///
    /// - Throws: ``HandedSocketError`` unless it is a stream socket of TCP or a Unix socket that listens.
    public init(descriptor: CInt, name: String) throws(HandedSocketError) {
        let flags = fcntl(descriptor, F_GETFD)
        guard flags >= 0, fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) == 0 else {
            throw .notOpen(descriptor, name: name)
        }
        guard let domain = Self.option(SO_DOMAIN, of: descriptor) else {
            throw .notASocket(descriptor, name: name)
        }
        guard Self.option(SO_TYPE, of: descriptor) == CInt(SOCK_STREAM.rawValue) else {
            throw .notAStream(descriptor, name: name)
        }
        guard Self.option(SO_ACCEPTCONN, of: descriptor) == 1 else { throw .notListening(descriptor, name: name) }
        guard let address = Self.address(of: descriptor, domain: domain) else {
            throw .unusableAddress(descriptor, name: name)
        }
        let status = fcntl(descriptor, F_GETFL)
        guard status >= 0, fcntl(descriptor, F_SETFL, status | O_NONBLOCK) == 0 else {
            throw .notOpen(descriptor, name: name)
        }
        self.descriptor = descriptor
        self.name = name
        self.address = address
    }

    private static func option(_ option: CInt, of descriptor: CInt) -> CInt? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, option, &value, &length) == 0 ? value : nil
    }

    private static func address(of descriptor: CInt, domain: CInt) -> Address? {
        // unix(7): the largest of the three kinds of addresses.
        withUnsafeTemporaryAllocation(byteCount: MemoryLayout<sockaddr_un>.size, alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var length = socklen_t(buffer.count)
            guard getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length) == 0,
                Int(length) <= buffer.count
            else { return nil }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer.prefix(Int(length)))
            switch domain {
            case AF_INET where bytes.count >= 8:
                let address = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
                return .tcp(.v4(IPv4Address(rawValue: address)), port: port(in: bytes))
            case AF_INET6 where bytes.count >= 24:
                let high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
                return .tcp(.v6(IPv6Address(high: high, low: low)), port: port(in: bytes))
            case AF_UNIX:
                // The family's two bytes, then the path; what has no name or an abstract one is in no file system.
                let path = bytes.dropFirst(2).prefix { $0 != 0 }
                guard path.first == UInt8(ascii: "/"), let text = String(validating: path, as: UTF8.self) else {
                    return nil
                }
                return .unix(path: text)
            default:
                return nil
            }
        }
    }

    private static func port(in bytes: UnsafeRawBufferPointer) -> UInt16 {
        UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    }
}
