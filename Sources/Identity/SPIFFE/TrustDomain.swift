// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The name of a SPIFFE trust domain, such as `techresolve.local`.
///
/// Lower-case letters, digits, dots, dashes and underscores, at most 255 bytes.
///
/// Source: SPIFFE-ID specification, section 2.1.
public struct TrustDomain: Hashable, Sendable, CustomStringConvertible {
    /// The name, validated; ASCII only.
    public let name: String

    /// Parses a trust domain name.
    ///
    /// - Parameter text: The name without a scheme.
    /// - Throws: ``SPIFFEIDError`` that says which rule the name breaks.
    public init(parsing text: some StringProtocol) throws(SPIFFEIDError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .emptyTrustDomain }
        guard bytes.count <= 255 else { throw .trustDomainTooLong }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                continue
            default:
                throw .trustDomainCharacter
            }
        }
        self.name = String(text)
    }

    /// Parses what an operator wrote: upper-case letters are folded, and `spiffe://` may stand in front.
    ///
    /// Nothing that comes from a certificate, a token or the wire is read in this way.
    ///
    /// - Throws: ``SPIFFEIDError``.
    public init(configured text: some StringProtocol) throws(SPIFFEIDError) {
        let folded = text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        let scheme = Array("spiffe://".utf8)
        let name = folded.starts(with: scheme) ? folded.dropFirst(scheme.count) : folded[...]
        try self.init(parsing: String(decoding: name, as: UTF8.self))
    }

    /// Parses a key of a bundle map: `spiffe://<name>`, or the name alone.
    ///
    /// - Throws: ``SPIFFEIDError``.
    public init(mapKey text: String) throws(SPIFFEIDError) {
        guard text.utf8.starts(with: "spiffe://".utf8) else {
            try self.init(parsing: text)
            return
        }
        let id = try SPIFFEID(parsing: text)
        guard id.path.isEmpty else { throw .pathCharacter }
        self = id.trustDomain
    }

    /// The name.
    public var description: String { name }
}
