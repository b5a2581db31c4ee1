// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a token is no JWT-SVID, or none that is trusted.
public enum JWTSVIDError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no compact JWS, or its signature is wrong.
    case token(JWSError)
    /// The header has a member other than `alg`, `kid` and `typ`.
    case headerMember
    /// The signature algorithm is none for JWT-SVIDs.
    case algorithm
    /// A claim is missing, has the wrong form, or is not satisfied.
    case claims(ClaimsError)
    /// `sub` is no SPIFFE ID.
    case id(SPIFFEIDError)
    /// `sub` has no path: it names a trust domain and not a workload.
    case noPath
    /// There is no bundle for the trust domain of `sub`.
    case untrustedDomain(TrustDomain)
    /// The trust domain has no key with this `kid`.
    case unknownKey

    /// What is wrong; nothing of the token.
    public var description: String {
        switch self {
        case .token(let error): "\(error)"
        case .headerMember: "the header has a member that a JWT-SVID must not have"
        case .algorithm: "the algorithm is none that a JWT-SVID may be signed with"
        case .claims(let error): "\(error)"
        case .id(let error): "sub is no SPIFFE ID: \(error)"
        case .noPath: "sub is a SPIFFE ID without path"
        case .untrustedDomain(let domain): "there is no trust bundle for \(domain)"
        case .unknownKey: "the trust domain has no key of this kid"
        }
    }
}
