// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Protocols
internal import Synchronization

/// Where the endpoints stand below the issuer.
enum TokenPath {
    static let token = "/token"
    static let introspect = "/introspect"
    static let revoke = "/revoke"
    static let toolKeys = "/token/keys"
    static let identityKeys = "/keys"
    static let openID = "/.well-known/openid-configuration"
    static let authorizationServer = "/.well-known/oauth-authorization-server"
    static let protectedResource = "/.well-known/oauth-protected-resource"
}

extension TokenService {
    /// Answers a request.
    ///
    /// - Parameter client: Who asks, as the connection shows it; `nil` when nobody could be identified, who may read what
    ///   is public and nothing else.
    public func answer(_ request: TokenRequest, client: ExchangeClient?) async -> TokenAnswer {
        if request.method == "GET" { return publicDocument(request.path) ?? TokenAnswer(status: 404) }
        do throws(OAuthError) {
            switch request.path {
            case TokenPath.token:
                return try await exchange(request, client: try admit(request, client))
            case TokenPath.introspect: return try introspect(request, client: try admit(request, client))
            case TokenPath.revoke: return try revoke(request, client: try admit(request, client))
            default: return TokenAnswer(status: publicDocument(request.path) == nil ? 404 : 405)
            }
        } catch {
            return TokenAnswer(error)
        }
    }

    private func admit(_ request: TokenRequest, _ client: ExchangeClient?) throws(OAuthError) -> ExchangeClient {
        guard let client, !request.hasAuthorization else { throw .invalidClient }
        let time = authority.time()
        guard state.withLock({ $0.limits.admit(client.id, now: time) }) else { throw .slowDown }
        guard request.method == "POST", let type = request.contentType,
            FormText.isMediaType(type)
        else { throw .invalidRequest }
        return client
    }

    // MARK: Public documents

    private func publicDocument(_ path: String) -> TokenAnswer? {
        switch path {
        case TokenPath.toolKeys: return TokenAnswer(body: authority.keys.keySet.json, maximumAge: 60)
        case TokenPath.identityKeys: return TokenAnswer(body: authority.identityKeys().json, maximumAge: 60)
        case TokenPath.openID: return TokenAnswer(body: openID, maximumAge: 300)
        case TokenPath.authorizationServer: return TokenAnswer(body: authorizationServer, maximumAge: 300)
        default:
            if let document = documents.withLock({ $0[path] }) { return TokenAnswer(body: document, maximumAge: 300) }
            return protectedResource(path)
        }
    }

    /// What ordinary JWT libraries need to verify JWT-SVIDs.
    private var openID: JSONValue {
        [
            "issuer": .string(issuer), "jwks_uri": .string(issuer + TokenPath.identityKeys),
            "authorization_endpoint": "", "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
        ]
    }

    /// RFC 8414.
    private var authorizationServer: JSONValue {
        [
            "issuer": .string(issuer), "token_endpoint": .string(issuer + TokenPath.token),
            "introspection_endpoint": .string(issuer + TokenPath.introspect),
            "revocation_endpoint": .string(issuer + TokenPath.revoke),
            "jwks_uri": .string(issuer + TokenPath.toolKeys), "response_types_supported": [],
            "grant_types_supported": ["urn:ietf:params:oauth:grant-type:token-exchange"],
            "token_endpoint_auth_methods_supported": ["tls_client_auth"],
            "introspection_endpoint_auth_methods_supported": ["tls_client_auth"],
            "revocation_endpoint_auth_methods_supported": ["tls_client_auth"],
            "authorization_details_types_supported": ["mcp_tool_call"],
            "tls_client_certificate_bound_access_tokens": true,
            "dpop_signing_alg_values_supported": ["ES256", "ES384", "EdDSA"],
        ]
    }

    /// RFC 9728: `/.well-known/oauth-protected-resource` and the path of the resource.
    private func protectedResource(_ path: String) -> TokenAnswer? {
        guard path.utf8.starts(with: TokenPath.protectedResource.utf8) else { return nil }
        let wanted = issuer + path.dropFirst(TokenPath.protectedResource.count)
        guard let resource = authority.resources().first(where: { $0.identifier.isSpelled(wanted) })
        else {
            return nil
        }
        return TokenAnswer(
            body: [
                "resource": .string(resource.identifier), "authorization_servers": [.string(issuer)],
                "bearer_methods_supported": ["header"], "tls_client_certificate_bound_access_tokens": true,
                "dpop_signing_alg_values_supported": ["ES256", "ES384", "EdDSA"],
                "authorization_details_types_supported": ["mcp_tool_call"],
            ], maximumAge: 300)
    }
}
