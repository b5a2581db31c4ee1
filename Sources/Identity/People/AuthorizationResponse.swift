// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What comes back through the person's browser, held against what was asked. Everything in it may be an attacker's.
public enum AuthorizationResponse {
    private static let longestCode = 4096

    /// Reads the query of the redirect.
    ///
    /// - Parameter namesIssuer: Whether the provider always names itself (RFC 9207).
    /// - Returns: The code.
    /// - Throws: ``AuthorizationError``.
    public static func code(
        in query: [UInt8], for request: AuthorizationRequest, namesIssuer: Bool
    ) throws(AuthorizationError) -> String {
        // A parameter that stands there twice is refused as a whole: who reads the first is not who reads the last.
        guard let fields = try? FormFields(parsing: query) else { throw .malformed }
        guard let state = fields["state"], SecretComparison.isSame(state.utf8, request.state.utf8) else {
            throw .state
        }
        if let issuer = fields["iss"] {
            guard issuer.isExactly(request.provider.issuer.description) else { throw .issuer }
        } else if namesIssuer {
            throw .issuer
        }
        if let error = fields["error"] { throw .refused(known(error)) }
        guard let code = fields["code"], code.utf8.count <= longestCode else { throw .malformed }
        return code
    }

    /// A registered error code as it is; of any other the text is not repeated.
    static func known(_ code: String) -> String { codes.first { $0.isExactly(code) } ?? "another reason" }

    /// RFC 6749 sections 4.1.2.1 and 5.2, OpenID Connect Core 1.0 section 3.1.2.6, RFC 6750 section 3.1.
    private static let codes = [
        "invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type", "invalid_scope",
        "server_error", "temporarily_unavailable", "interaction_required", "login_required",
        "account_selection_required", "consent_required", "invalid_client", "invalid_grant", "unsupported_grant_type",
        "invalid_token", "insufficient_scope",
    ]
}

/// Why what came back from a provider is not followed.
public enum AuthorizationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no answer to an authorization request.
    case malformed
    /// It answers another request than this browser's.
    case state
    /// It is of another issuer than the one that was asked, or does not say of which.
    case issuer
    /// The provider refused; the text is a registered error code.
    case refused(String)

    /// What is wrong.
    public var description: String {
        switch self {
        case .malformed: "the provider's answer is malformed"
        case .state: "the answer does not belong to a sign-in of this browser"
        case .issuer: "the answer is of another provider than the one that was asked"
        case .refused(let code): "the provider refused: \(code)"
        }
    }
}
