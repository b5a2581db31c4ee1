// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// An `https` URL that the gate itself fetches from: host, port, and a target that goes on the wire as it is. Only one
/// that is made of its parts may be without TLS.
public struct OutboundURL: Hashable, Sendable, CustomStringConvertible {
    /// The host, an address only where it was written as one, and the port, 443 unless it is written.
    public let endpoint: Endpoint
    /// Path and query; begins with a slash.
    public let target: String
    /// Whether it is asked for over TLS.
    public let isSecure: Bool

    /// The host.
    public var host: Host { endpoint.host }
    /// The port.
    public var port: UInt16 { endpoint.port }

    /// The longest URL, in bytes.
    public static let maximumBytes = 2048
    private static let scheme = "https://"
    /// What a path or a query consists of besides letters, digits and escapes (RFC 3986 section 3.3 and 3.4).
    private static let marks = Set("-._~!$&'()*+,;=:@/?".utf8)

    /// Reads `https://host[:port][/path][?query]`; user information and fragments are refused.
    ///
    /// - Throws: ``OutboundError/url(_:)``.
    public init(parsing text: String) throws(OutboundError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumBytes else { throw .url("it has more than \(Self.maximumBytes) bytes") }
        guard bytes.starts(with: Self.scheme.utf8) else { throw .url("it does not begin with https://") }
        let rest = bytes.dropFirst(Self.scheme.utf8.count)
        let end = rest.firstIndex { Array("/?#".utf8).contains($0) } ?? rest.endIndex
        let endpoint: Endpoint
        do throws(HostError) {
            endpoint = try Endpoint(parsing: String(decoding: rest[..<end], as: UTF8.self), defaultPort: 443)
        } catch {
            throw .url("\(error)")
        }
        self.init(endpoint, try Self.target(rest[end...]))
    }

    private init(_ endpoint: Endpoint, _ target: String, isSecure: Bool = true) {
        self.endpoint = endpoint
        self.target = target
        self.isSecure = isSecure
    }

    /// A URL from its parts, for places that the operator named as they are.
    ///
    /// - Parameter target: Begins with a slash.
    /// - Throws: ``OutboundError/url(_:)``.
    package init(_ endpoint: Endpoint, target: String, isSecure: Bool) throws(OutboundError) {
        self.init(endpoint, try Self.target(Array(target.utf8)[...]), isSecure: isSecure)
    }

    private static func target(_ bytes: ArraySlice<UInt8>) throws(OutboundError) -> String {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                let digits = bytes[(index &+ 1)...].prefix(2)
                guard digits.count == 2, digits.allSatisfy(isHexadecimal) else { throw .url("an escape is none") }
            } else if !isPlain(byte) && !marks.contains(byte) {
                throw .url("a byte of the path or the query belongs into an escape, or there is a fragment")
            }
            index &+= 1
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return bytes.first == UInt8(ascii: "/") ? text : "/" + text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// Where a `Location` leads: a whole URL, or a path on the same host and port. Other forms are refused.
    ///
    /// - Throws: ``OutboundError/url(_:)``.
    func following(_ location: String) throws(OutboundError) -> OutboundURL {
        let bytes = Array(location.utf8)
        guard bytes.count <= Self.maximumBytes else { throw .url("it has more than \(Self.maximumBytes) bytes") }
        guard bytes.first == UInt8(ascii: "/"), !bytes.starts(with: "//".utf8) else {
            return try OutboundURL(parsing: location)
        }
        return OutboundURL(endpoint, try Self.target(bytes[...]), isSecure: isSecure)
    }

    /// Host and port, the latter where it is not that of the scheme.
    public var authority: String { port == (isSecure ? 443 : 80) ? "\(host)" : "\(host):\(port)" }

    /// The URL.
    public var description: String { (isSecure ? Self.scheme : "http://") + authority + target }

    /// Whether both have the same scheme, host and port.
    public func hasSameOrigin(as other: OutboundURL) -> Bool {
        host == other.host && port == other.port && isSecure == other.isSecure
    }
}
