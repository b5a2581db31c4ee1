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

    /// The name.
    public var description: String { name }
}
