// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a token is asked for with.
public enum OAuthGrant: Sendable, Confidential {
    /// The client itself (RFC 6749 section 4.4).
    case clientCredentials
    /// A refresh token (RFC 6749 section 6).
    case refreshToken(String)
    /// Another party's token (RFC 8693).
    case tokenExchange(OAuthSubject)
}

/// The kind of a token (RFC 8693 section 3).
public enum OAuthTokenType: String, Sendable, Hashable, CaseIterable {
    /// An access token of any form.
    case accessToken = "urn:ietf:params:oauth:token-type:access_token"
    /// A refresh token.
    case refreshToken = "urn:ietf:params:oauth:token-type:refresh_token"
    /// An ID token.
    case idToken = "urn:ietf:params:oauth:token-type:id_token"
    /// A JSON web token of any meaning.
    case jwt = "urn:ietf:params:oauth:token-type:jwt"
}

/// On whose behalf a token is exchanged.
public struct OAuthSubject: Sendable, Confidential {
    /// `subject_token`.
    public let token: String
    /// `subject_token_type`.
    public let type: OAuthTokenType
    /// `actor_token`: who acts for the subject.
    public let actorToken: String?
    /// `actor_token_type`.
    public let actorType: OAuthTokenType
    /// `requested_token_type`.
    public let requestedType: OAuthTokenType?

    /// A subject, and who acts for it.
    public init(
        token: String, type: OAuthTokenType, actorToken: String? = nil, actorType: OAuthTokenType = .jwt,
        requestedType: OAuthTokenType? = .accessToken
    ) {
        self.token = token
        self.type = type
        self.actorToken = actorToken
        self.actorType = actorType
        self.requestedType = requestedType
    }
}
