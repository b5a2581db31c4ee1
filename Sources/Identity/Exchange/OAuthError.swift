// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// Why the token endpoint refuses, in the words of RFC 6749 section 5.2, RFC 8693 section 2.2.2, RFC 9396 section 5 and
/// RFC 9449 section 5. Clients learn the code and nothing of the reason.
public enum OAuthError: String, Error, Hashable, Sendable, CaseIterable {
    /// The request is malformed, or a token in it is not acceptable.
    case invalidRequest = "invalid_request"
    /// Nobody, or nobody known, is asking.
    case invalidClient = "invalid_client"
    /// What the request rests on is over, stopped or another's.
    case invalidGrant = "invalid_grant"
    /// The client may not do this.
    case unauthorizedClient = "unauthorized_client"
    /// The grant type is not token exchange.
    case unsupportedGrantType = "unsupported_grant_type"
    /// A scope is malformed or more than some link of the chain may do.
    case invalidScope = "invalid_scope"
    /// There is no such resource, or tokens for it are not given to this client.
    case invalidTarget = "invalid_target"
    /// `authorization_details` is malformed or of another type.
    case invalidAuthorizationDetails = "invalid_authorization_details"
    /// The proof beside the request is missing, wrong or was seen before.
    case invalidDPoPProof = "invalid_dpop_proof"
    /// The proof must hold the nonce that comes with this answer.
    case useDPoPNonce = "use_dpop_nonce"
    /// The token type cannot be revoked or issued here.
    case unsupportedTokenType = "unsupported_token_type"
    /// The client asks too often.
    case slowDown = "slow_down"
    /// The endpoint cannot answer now.
    case temporarilyUnavailable = "temporarily_unavailable"

    /// The status of the answer.
    public var status: Int {
        switch self {
        case .invalidClient: 401
        case .slowDown: 429
        case .temporarilyUnavailable: 503
        default: 400
        }
    }

    /// The body of the answer.
    public var json: JSONValue {
        var object = JSONObject()
        object["error"] = .string(rawValue)
        return .object(object)
    }
}
