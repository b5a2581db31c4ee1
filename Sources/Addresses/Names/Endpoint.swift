// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A host and a port, as in the authority of a request target (RFC 9110 section 4.2, RFC 3986 section 3.2).
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// The host.
    public let host: Host

    /// The port, 1...65535.
    public let port: UInt16

    /// Makes an endpoint of its parts; nil for port 0.
    public init?(host: Host, port: UInt16) {
        guard port > 0 else { return nil }
        self.host = host
        self.port = port
    }

    /// Reads `host:port`. Without a port, `defaultPort` stands in; when there is none either, the port is required.
    /// `host:` with nothing behind the colon is refused.
    public init(parsing bytes: Span<UInt8>, defaultPort: UInt16? = nil) throws(HostError) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= 512 else { throw .nameTooLong(bytes: bytes.count) }
        var colon: Int?
        var closing: Int?
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "@"): throw .userinfo
            case UInt8(ascii: "]"): closing = index
            case UInt8(ascii: ":") where bytes[0] != UInt8(ascii: "[") || closing != nil:
                guard colon == nil else { throw .badPort }
                colon = index
            default: continue
            }
        }
        if let closing, let colon, colon != closing + 1 { throw .unbalancedBracket }
        host = try Host(parsing: bytes.extracting(0..<(colon ?? bytes.count)))
        if let colon {
            port = try Self.port(bytes.extracting(colon + 1..<bytes.count))
        } else if let defaultPort, defaultPort > 0 {
            port = defaultPort
        } else {
            throw .missingPort
        }
    }

    /// Reads `host:port`.
    public init(parsing bytes: UnsafeRawBufferPointer, defaultPort: UInt16? = nil) throws(HostError) {
        try self.init(parsing: bytes.assumingMemoryBound(to: UInt8.self).span, defaultPort: defaultPort)
    }

    /// Reads `host:port`.
    public init(parsing text: String, defaultPort: UInt16? = nil) throws(HostError) {
        try self.init(parsing: text.utf8.span, defaultPort: defaultPort)
    }

    /// `host:port`, with an IPv6 address in brackets.
    public var description: String {
        "\(host):\(port)"
    }

    private static func port(_ bytes: Span<UInt8>) throws(HostError) -> UInt16 {
        guard !bytes.isEmpty, bytes.count <= 5, bytes[0] != UInt8(ascii: "0") else { throw .badPort }
        var value: UInt32 = 0
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .badPort }
            value = value * 10 + UInt32(byte &- UInt8(ascii: "0"))
        }
        guard let port = UInt16(exactly: value) else { throw .badPort }
        return port
    }
}
