// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a text is no acceptable JWS.
public enum JWSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is longer than the limit.
    case tooLong
    /// It is not three parts with dots between; JSON serialisations are refused.
    case notCompact
    /// A part is not canonical base64url.
    case encoding
    /// The header is no JSON object, has a name twice, or is too large.
    case header
    /// `alg` is missing, `none`, symmetric or unknown.
    case algorithm
    /// `crit` is there: no extension is understood.
    case critical
    /// `b64`, `zip` or `enc` is there: the payload is not the plain bytes.
    case payloadForm
    /// `typ` is not what this kind of token has.
    case type
    /// `kid` is missing where it must be, or has the wrong form.
    case keyID
    /// No key with this `kid` is known.
    case unknownKey
    /// The algorithm is not one of the key's.
    case otherAlgorithm
    /// The signature is not the key's.
    case signature

    /// What is wrong; nothing of the token.
    public var description: String {
        switch self {
        case .tooLong: "the token is too long"
        case .notCompact: "the token is not a compact JWS"
        case .encoding: "a part of the token is not canonical base64url"
        case .header: "the token's header is malformed"
        case .algorithm: "the token's alg is not acceptable"
        case .critical: "the token's header has crit"
        case .payloadForm: "the token's header changes the form of the payload"
        case .type: "the token's typ is not acceptable"
        case .keyID: "the token's kid is missing or malformed"
        case .unknownKey: "the token's kid names no known key"
        case .otherAlgorithm: "the token's alg is not one of the key's"
        case .signature: "the token's signature is wrong"
        }
    }
}
