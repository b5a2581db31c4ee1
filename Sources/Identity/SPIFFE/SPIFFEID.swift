// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A SPIFFE ID: the name of a workload inside a trust domain.
///
/// Source: SPIFFE-ID specification, section 2.
public struct SPIFFEID: Hashable, Sendable, CustomStringConvertible {
    /// The trust domain that vouches for the workload.
    public let trustDomain: TrustDomain
    /// The path with its leading slash, or the empty string for the trust domain itself.
    public let path: String
    /// The identifier as a URI, for example `spiffe://techresolve.local/agent/support-bot`.
    public let description: String

    /// The longest identifier that is accepted, in bytes (section 2.3).
    public static let maximumBytes = 2048

    /// Parses a SPIFFE ID strictly: no normalisation, no query, no fragment, no port, no user information.
    ///
    /// - Parameter text: A URI that starts with `spiffe://`.
    /// - Throws: ``SPIFFEIDError`` that says which rule the text breaks.
    public init(parsing text: some StringProtocol) throws(SPIFFEIDError) {
        let scheme = Array("spiffe://".utf8)
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumBytes else { throw .tooLong }
        guard bytes.starts(with: scheme) else { throw .scheme }
        let rest = bytes.dropFirst(scheme.count)
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let domain = try TrustDomain(parsing: String(decoding: rest[..<slash], as: UTF8.self))
        let path = String(decoding: rest[slash...], as: UTF8.self)
        try Self.validate(path: path)
        self.init(trustDomain: domain, validatedPath: path)
    }

    /// Makes the identifier of an agent: `spiffe://<trust domain>/agent/<name>`.
    ///
    /// - Throws: ``SPIFFEIDError`` when the name is not a path segment.
    public init(agent name: String, in trustDomain: TrustDomain) throws(SPIFFEIDError) {
        try self.init(trustDomain: trustDomain, segments: ["agent", name])
    }

    /// Makes an identifier of whole path segments, so that no value can bring a slash of its own.
    ///
    /// - Throws: ``SPIFFEIDError`` when one is not a path segment, or all together are too long.
    public init(trustDomain: TrustDomain, segments: [String]) throws(SPIFFEIDError) {
        for segment in segments where segment.utf8.contains(UInt8(ascii: "/")) { throw .pathCharacter }
        let path = segments.map { "/" + $0 }.joined()
        try Self.validate(path: path)
        self.init(trustDomain: trustDomain, validatedPath: path)
        guard description.utf8.count <= Self.maximumBytes else { throw .tooLong }
    }

    /// The identifier of a trust domain itself, which no workload has.
    public init(of trustDomain: TrustDomain) { self.init(trustDomain: trustDomain, validatedPath: "") }

    /// Whether the path starts with the whole segments of `prefix`, in the same trust domain.
    public func isBelow(_ prefix: SPIFFEID) -> Bool {
        guard trustDomain == prefix.trustDomain, path.utf8.starts(with: prefix.path.utf8) else { return false }
        return path.utf8.dropFirst(prefix.path.utf8.count).first == UInt8(ascii: "/")
    }

    /// The agent's short name when the path is `/agent/<name>`.
    public var agentName: Substring? {
        guard path.hasPrefix("/agent/") else { return nil }
        let name = path.dropFirst("/agent/".count)
        return name.utf8.contains(UInt8(ascii: "/")) ? nil : name
    }

    private init(trustDomain: TrustDomain, validatedPath path: String) {
        self.trustDomain = trustDomain
        self.path = path
        self.description = "spiffe://\(trustDomain.name)\(path)"
    }

    private static func validate(path: String) throws(SPIFFEIDError) {
        guard !path.isEmpty else { return }
        for segment in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !segment.isEmpty else { throw .emptySegment }
            if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) { throw .dotSegment }
            for byte in segment {
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    continue
                default:
                    throw .pathCharacter
                }
            }
        }
    }
}

extension SPIFFEID {
    /// Whether two IDs are the same. The text says it all; it is ASCII, so that no two spellings are equal.
    public static func == (left: SPIFFEID, right: SPIFFEID) -> Bool { left.description == right.description }

    /// Feeds the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
