// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why the answer of a token endpoint is no token. One case, one stable reason code.
public enum OAuthAnswerReason: String, Sendable, Hashable, CaseIterable {
    /// The server says no.
    case refused = "oauth_refused"
    /// The server is out of order or asks for patience.
    case unavailable = "oauth_unavailable"
    /// The status is neither success nor one of an error's.
    case status = "oauth_status"
    /// The body is not JSON by its type.
    case contentType = "oauth_content_type"
    /// The body is longer than the limit.
    case tooLarge = "oauth_too_large"
    /// The body is not strict JSON, or no object.
    case notJSON = "oauth_not_json"
    /// There is no access token, or one that cannot stand in a header field.
    case accessToken = "oauth_access_token"
    /// The token is of another type than Bearer.
    case tokenType = "oauth_token_type"
    /// The lifetime is no number of seconds above zero.
    case lifetime = "oauth_lifetime"
    /// The scope is malformed.
    case scope = "oauth_scope"
    /// The token is good for more than was asked for.
    case widerScope = "oauth_wider_scope"
    /// An exchange gave another kind of token than was asked for.
    case issuedType = "oauth_issued_type"
    /// The new refresh token is empty, too long or no visible ASCII.
    case refreshToken = "oauth_refresh_token"

    /// What happened and what to do.
    public var sentence: String {
        switch self {
        case .refused: "The authorization server refuses the token; see its error, and check the client's registration."
        case .unavailable: "The authorization server is out of order or asks for patience; it is asked again later."
        case .status:
            "The authorization server answers with a status that token endpoints do not use; check its address."
        case .contentType: "The authorization server's answer is not application/json; check its address."
        case .tooLarge: "The authorization server's answer is longer than the limit."
        case .notJSON: "The authorization server's answer is not a strict JSON object."
        case .accessToken: "The authorization server's answer has no access token that a header field can carry."
        case .tokenType: "The authorization server gives a token of another type than Bearer, which cannot be used."
        case .lifetime: "The authorization server's expires_in is not a number of seconds above zero."
        case .scope: "The authorization server's scope is malformed."
        case .widerScope:
            "The authorization server gives more scope than was asked for; ask for it, or correct the server."
        case .issuedType:
            "The authorization server gives another kind of token than was asked for, or does not name it."
        case .refreshToken: "The authorization server's new refresh token is empty, too long or not visible ASCII."
        }
    }
}

/// An answer that is no token: why, and the server's own words as far as a log bears them.
public struct OAuthRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why.
    public let reason: OAuthAnswerReason
    /// The server's `error`, such as `invalid_grant`.
    public let error: String?
    /// The server's `error_description`, bounded and without what looks like a token.
    public let detail: String?

    init(_ reason: OAuthAnswerReason, error: String? = nil, detail: String? = nil) {
        self.reason = reason
        self.error = error
        self.detail = detail
    }

    /// Whether asking again later may help.
    public var isTemporary: Bool { reason == .unavailable }

    /// Whether the grant itself is spent or revoked: a refresh token that gives this is to be forgotten.
    public var isGrantSpent: Bool {
        reason == .refused && error.map { $0.utf8.elementsEqual("invalid_grant".utf8) } ?? false
    }

    /// What happened, with the server's words.
    public var description: String {
        var text = reason.sentence
        if let error { text += " Its error is \(error)." }
        if let detail { text += " It says: \(detail)" }
        return text
    }
}
