// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// A token as an authorization server gave it.
public struct OAuthToken: Sendable, Hashable, Confidential {
    /// The access token, as it stands behind `Bearer`.
    public let accessToken: String
    /// Seconds for which it is good, from the moment at which it was asked for.
    public let lifetime: Int64
    /// What it is good for.
    public let scopes: [String]
    /// A refresh token, which replaces the one that was shown.
    public let refreshToken: String?

    /// A token that was checked.
    init(accessToken: String, lifetime: Int64, scopes: [String], refreshToken: String?) {
        self.accessToken = accessToken
        self.lifetime = lifetime
        self.scopes = scopes
        self.refreshToken = refreshToken
    }
}

extension OAuthToken: CacheableToken {
    /// The token without what renews it.
    public var cached: OAuthToken {
        OAuthToken(accessToken: accessToken, lifetime: lifetime, scopes: scopes, refreshToken: nil)
    }

    /// Whether the access token is the same.
    public func isSame(as other: OAuthToken) -> Bool { accessToken.utf8.elementsEqual(other.accessToken.utf8) }
}

/// How answers of a token endpoint are read.
public struct OAuthAnswer: Sendable {
    /// Bytes of the body.
    public let bodyBytes: Int
    /// Bytes of a token.
    public let tokenBytes: Int
    /// Seconds for which a token without `expires_in` is taken to be good.
    public let defaultLifetime: Int64
    /// Seconds for which a token is used at most, whatever the server says.
    public let maximumLifetime: Int64
    /// Whether scopes count that were not asked for.
    public let allowsWiderScope: Bool

    /// A reader with the given limits.
    public init(
        bodyBytes: Int = 65_536, tokenBytes: Int = 16_384, defaultLifetime: Int64 = 300,
        maximumLifetime: Int64 = 86_400, allowsWiderScope: Bool = false
    ) {
        self.bodyBytes = max(bodyBytes, 64)
        self.tokenBytes = max(tokenBytes, 16)
        self.maximumLifetime = max(maximumLifetime, 1)
        self.defaultLifetime = min(max(defaultLifetime, 1), self.maximumLifetime)
        self.allowsWiderScope = allowsWiderScope
    }

    /// Reads the answer to a request (RFC 6749 sections 5.1 and 5.2, RFC 8693 section 2.2).
    public func read(
        status: Int, contentType: String?, body: [UInt8], to request: OAuthRequest
    ) throws(OAuthRefusal) -> OAuthToken {
        guard body.count <= bodyBytes else { throw OAuthRefusal(.tooLarge) }
        switch status {
        case 200: break
        case 400, 401, 403: throw serverError(contentType, body)
        case 429, 500...599: throw OAuthRefusal(.unavailable)
        default: throw OAuthRefusal(.status)
        }
        guard Self.isJSON(contentType) else { throw OAuthRefusal(.contentType) }
        guard let object = object(body) else { throw OAuthRefusal(.notJSON) }
        // Some servers report an error with status 200.
        if object["error"] != nil { throw serverError(contentType, body) }
        guard let token = object["access_token"]?.string, token.utf8.count <= tokenBytes,
            OAuthText.isBearer(token.utf8)
        else { throw OAuthRefusal(.accessToken) }
        guard let type = object["token_type"]?.string, Self.equalsIgnoringCase(type, "bearer") else {
            throw OAuthRefusal(.tokenType)
        }
        if request.isExchange { try checkIssuedType(object["issued_token_type"], request.requestedType) }
        return OAuthToken(
            accessToken: token, lifetime: try lifetime(object["expires_in"]),
            scopes: try scopes(object["scope"], asked: request.scopes),
            refreshToken: try refreshToken(object["refresh_token"]))
    }

    private func object(_ body: [UInt8]) -> JSONObject? {
        let limits = JSONLimits(bytes: bodyBytes, depth: 8, values: 512, stringBytes: bodyBytes)
        return try? JSONValue(parsing: body, limits: limits).object
    }

    private func serverError(_ contentType: String?, _ body: [UInt8]) -> OAuthRefusal {
        guard Self.isJSON(contentType), let object = object(body), let error = object["error"]?.string,
            !error.isEmpty, error.utf8.count <= 64, error.utf8.allSatisfy({ OAuthText.isScopeByte($0) })
        else { return OAuthRefusal(.refused) }
        let isTemporary = ["temporarily_unavailable", "server_error", "slow_down"].contains {
            error.utf8.elementsEqual($0.utf8)
        }
        return OAuthRefusal(
            isTemporary ? .unavailable : .refused, error: OAuthText.safe(error),
            detail: object["error_description"]?.string.map { OAuthText.safe($0) }.flatMap { $0.isEmpty ? nil : $0 })
    }

    private func lifetime(_ value: JSONValue?) throws(OAuthRefusal) -> Int64 {
        guard let value else { return defaultLifetime }
        guard let seconds = value.integer, seconds > 0 else { throw OAuthRefusal(.lifetime) }
        return min(seconds, maximumLifetime)
    }

    private func scopes(_ value: JSONValue?, asked: [String]) throws(OAuthRefusal) -> [String] {
        guard let value else { return asked }
        guard let text = value.string else { throw OAuthRefusal(.scope) }
        if text.isEmpty { return [] }
        let words = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count <= OAuthRequest.maximumNames, words.allSatisfy({ OAuthText.isScope($0) }) else {
            throw OAuthRefusal(.scope)
        }
        let known = Set(asked.map { Array($0.utf8) })
        guard allowsWiderScope || asked.isEmpty || words.allSatisfy({ known.contains(Array($0)) }) else {
            throw OAuthRefusal(.widerScope)
        }
        return words.map { String(decoding: $0, as: UTF8.self) }
    }

    private func checkIssuedType(_ value: JSONValue?, _ asked: OAuthTokenType?) throws(OAuthRefusal) {
        guard let text = value?.string else { throw OAuthRefusal(.issuedType) }
        let fits = OAuthTokenType.allCases.contains { type in
            text.utf8.elementsEqual(type.rawValue.utf8)
                && (asked == nil || asked == type || (asked, type) == (.accessToken, .jwt))
                && type != .refreshToken && type != .idToken
        }
        guard fits else { throw OAuthRefusal(.issuedType) }
    }

    private func refreshToken(_ value: JSONValue?) throws(OAuthRefusal) -> String? {
        guard let value else { return nil }
        guard let token = value.string, !token.isEmpty, token.utf8.count <= tokenBytes,
            token.utf8.allSatisfy(OAuthText.isVisible)
        else { throw OAuthRefusal(.refreshToken) }
        return token
    }

    private static func isJSON(_ contentType: String?) -> Bool {
        guard let essence = contentType?.utf8.split(separator: 0x3b, omittingEmptySubsequences: false).first else {
            return false
        }
        return equalsIgnoringCase(String(decoding: essence.filter { $0 != 0x20 }, as: UTF8.self), "application/json")
    }

    private static func equalsIgnoringCase(_ text: String, _ literal: String) -> Bool {
        text.utf8.lazy.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }.elementsEqual(literal.utf8)
    }
}
