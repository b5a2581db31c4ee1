// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why the claims of a token are refused.
public enum ClaimsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The payload is no JSON object, has a name twice, or is too large.
    case notAnObject
    /// A required claim is missing.
    case missing(String)
    /// A claim has the wrong type or an impossible value.
    case malformed(String)
    /// `exp` is past.
    case expired
    /// `nbf` or `iat` is in the future.
    case notYetValid
    /// The verifier is not in `aud`.
    case audience
    /// `iss` is another.
    case issuer
    /// The lifetime is longer than allowed.
    case lifetime
    /// A claim contradicts what was asked for; the name says which.
    case mismatch(String)

    /// What is wrong; never a value.
    public var description: String {
        switch self {
        case .notAnObject: "the claims are no JSON object"
        case .missing(let name): "the claim \(name) is missing"
        case .malformed(let name): "the claim \(name) is malformed"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .audience: "the token is for somebody else"
        case .issuer: "the token is of another issuer"
        case .lifetime: "the token's lifetime is too long"
        case .mismatch(let name): "the claim \(name) does not fit"
        }
    }
}
