// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// Where a Workload API listens, as `SPIFFE_ENDPOINT_SOCKET` says it.
///
/// Source: SPIFFE Workload Endpoint, section 4.
public enum WorkloadSocket: Sendable, Hashable, CustomStringConvertible {
    /// A Unix socket at an absolute path.
    case unix(path: String)
    /// A TCP socket at an address; names are not allowed.
    case tcp(address: IPAddress, port: UInt16)

    /// The longest path that a Unix socket's address holds on Linux, in bytes.
    public static let maximumPath = 107
    private static let maximumBytes = 512

    /// Reads `unix:///absolute/path` or `tcp://address:port`.
    ///
    /// - Throws: ``WorkloadSocketError`` that names the part which is wrong.
    public init(parsing text: String) throws(WorkloadSocketError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumBytes, bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw .notAURI }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw .scheme }
        let scheme = bytes[..<colon].map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        let rest = bytes[(colon &+ 1)...]
        guard !rest.contains(UInt8(ascii: "#")) else { throw .fragment }
        guard !rest.contains(UInt8(ascii: "?")) else { throw .query }
        if scheme.elementsEqual("unix".utf8) {
            self = try Self.unix(rest)
        } else if scheme.elementsEqual("tcp".utf8) {
            self = try Self.tcp(rest)
        } else {
            throw .scheme
        }
    }

    private static func unix(_ rest: ArraySlice<UInt8>) throws(WorkloadSocketError) -> WorkloadSocket {
        var path = rest
        if rest.starts(with: "//".utf8) {
            path = rest.dropFirst(2)
            guard path.first == UInt8(ascii: "/") || path.isEmpty else { throw .authority }
        }
        guard path.first == UInt8(ascii: "/"), path.count > 1 else { throw .path }
        guard let decoded = decode(path), !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self)
        else { throw .path }
        guard decoded.count <= maximumPath else { throw .pathTooLong }
        return .unix(path: text)
    }

    private static func tcp(_ rest: ArraySlice<UInt8>) throws(WorkloadSocketError) -> WorkloadSocket {
        guard rest.starts(with: "//".utf8) else { throw .authority }
        let authority = rest.dropFirst(2)
        guard !authority.contains(UInt8(ascii: "/")) else { throw .path }
        guard !authority.contains(UInt8(ascii: "@")) else { throw .authority }
        guard let colon = authority.lastIndex(of: UInt8(ascii: ":")) else { throw .port }
        var host = authority[..<colon]
        if host.first == UInt8(ascii: "[") {
            guard host.last == UInt8(ascii: "]") else { throw .address }
            host = host.dropFirst().dropLast()
            guard host.contains(UInt8(ascii: ":")) else { throw .address }
        } else if host.contains(UInt8(ascii: ":")) {
            throw host.last == UInt8(ascii: "]") ? .port : .address
        }
        guard let address = IPAddress(String(decoding: host, as: UTF8.self)) else { throw .address }
        let digits = authority[(colon &+ 1)...]
        guard (1...5).contains(digits.count), digits.allSatisfy({ $0 &- 0x30 < 10 }),
            let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
        else { throw .port }
        return .tcp(address: address, port: port)
    }

    /// Percent-decoding; nil for an escape that is none.
    private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                return nil
            }
            output.append(high << 4 | low)
        }
        return output
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }

    /// The socket as a URI; a path is written as it is.
    public var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(.v4(let address), let port): "tcp://\(address):\(port)"
        case .tcp(.v6(let address), let port): "tcp://[\(address)]:\(port)"
        }
    }
}

/// Why a text names no Workload API socket.
public enum WorkloadSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It holds characters that no URI has, or is too long.
    case notAURI
    /// The scheme is neither `unix` nor `tcp`.
    case scheme
    /// A Unix socket has an authority, or a TCP socket none or user information.
    case authority
    /// The path is missing, not absolute or malformed, or there is one for a TCP socket.
    case path
    /// The path is longer than ``WorkloadSocket/maximumPath``.
    case pathTooLong
    /// The host is no IP address.
    case address
    /// The port is missing or no number from 1 to 65535.
    case port
    /// There is a query.
    case query
    /// There is a fragment.
    case fragment

    /// What is wrong, and what it should be.
    public var description: String {
        switch self {
        case .notAURI: "the socket is no URI"
        case .scheme: "the socket's scheme is neither unix nor tcp"
        case .authority: "write unix:///path without a host, or tcp://address:port without user information"
        case .path: "a Unix socket needs an absolute path, and a TCP socket has none"
        case .pathTooLong: "a Unix socket's path has at most \(WorkloadSocket.maximumPath) bytes"
        case .address: "a TCP socket's host is an IP address"
        case .port: "a TCP socket needs a port from 1 to 65535"
        case .query: "a socket's URI has no query"
        case .fragment: "a socket's URI has no fragment"
        }
    }
}
