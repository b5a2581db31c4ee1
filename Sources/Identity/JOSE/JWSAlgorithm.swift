// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A signature algorithm of JWS. Only asymmetric ones exist here: there is no `none` and no `HS*` to be talked into.
///
/// Source: RFC 7518 section 3.1; RFC 8037 section 3.1 for `EdDSA`.
public enum JWSAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// ECDSA with P-256 and SHA-256.
    case es256 = "ES256"
    /// ECDSA with P-384 and SHA-384.
    case es384 = "ES384"
    /// ECDSA with P-521 and SHA-512.
    case es512 = "ES512"
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    case rs384 = "RS384"
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    case rs512 = "RS512"
    /// RSASSA-PSS with SHA-256.
    case ps256 = "PS256"
    /// RSASSA-PSS with SHA-384.
    case ps384 = "PS384"
    /// RSASSA-PSS with SHA-512.
    case ps512 = "PS512"
    /// EdDSA with Ed25519.
    case edDSA = "EdDSA"

    /// The algorithm with exactly this name; the comparison knows case.
    public init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) }) else { return nil }
        self = match
    }

    /// What a JWT-SVID may be signed with (SPIFFE JWT-SVID, section 2.1): everything but `EdDSA`.
    public static let svid = Set(allCases).subtracting([.edDSA])
}
