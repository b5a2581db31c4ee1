// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// A provider's answer at its token endpoint (RFC 6749 section 5, OpenID Connect Core 1.0 section 3.1.3.3).
public struct TokenReply: Sendable {
    /// `id_token`.
    public let idToken: [UInt8]?
    /// `access_token`.
    public let accessToken: String
    /// `refresh_token`.
    public let refreshToken: String?

    private static let limits = JSONLimits(bytes: 64 * 1024, depth: 16, values: 1024, stringBytes: 32 * 1024)
    private static let longestToken = 16 * 1024

    /// Reads an answer.
    ///
    /// - Throws: ``ProviderError``.
    public init(status: Int, body: [UInt8]) throws(ProviderError) {
        let object = (try? JSONValue(parsing: body, limits: Self.limits))?.object
        guard status == 200 else {
            if status >= 500 || status == 429 { throw .unreachable("it answers with status \(status)") }
            guard let code = object?["error"]?.string else { throw .malformed("answer to a token request") }
            throw .refused(AuthorizationResponse.known(code))
        }
        guard let object, let type = object["token_type"]?.string, type.lowercased().isExactly("bearer"),
            let access = object["access_token"]?.string, Self.isToken(access)
        else { throw .malformed("answer to a token request") }
        accessToken = access
        refreshToken = try Self.optional("refresh_token", of: object)
        idToken = try Self.optional("id_token", of: object).map { Array($0.utf8) }
    }

    private static func optional(_ name: String, of object: JSONObject) throws(ProviderError) -> String? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let text = value.string, isToken(text) else { throw .malformed(name) }
        return text
    }

    private static func isToken(_ text: String) -> Bool {
        (1...longestToken).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }
}

extension TokenReply: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
