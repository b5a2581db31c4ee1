// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import IdentityPlane
internal import Protocols
internal import ServicePlane
internal import YettConfiguration

extension ProtectedResource {
    /// A service as an OAuth resource.
    ///
    /// - Parameter issuer: Whose tokens the gate itself issues; `nil` without token endpoints.
    /// - Returns: `nil` where no signed token counts.
    init?(_ service: ServiceConfiguration, of proxy: ServiceProxyConfiguration, issuer: String?) {
        guard issuer != nil || !proxy.issuers.isEmpty else { return nil }
        self.init()
        ownIdentifier = issuer.map { TokenTarget.resource(of: service, issuer: $0).identifier }
        scopes = service.resource?.scopes ?? []
        toolScopes = service.resource?.toolScopes ?? [:]
        guard let url = proxy.url else { return }
        let identifier = TokenTarget.publicIdentifier(of: service, at: url)
        self.identifier = identifier
        origin = url.origin
        guard service.protocolName == .mcp || service.resource != nil else { return }
        challenges = true
        metadataURL = "\(url.origin)/.well-known/oauth-protected-resource/s/\(service.name)"
        var document = JSONObject()
        document["resource"] = .string(identifier)
        // Clients take the first: one that every client can ask.
        document["authorization_servers"] = .array(
            (proxy.issuers.map { $0.issuer.issuer.description } + [issuer].compactMap { $0 }).map { .string($0) })
        document["bearer_methods_supported"] = ["header"]
        let all = service.resource?.allScopes ?? []
        if !all.isEmpty { document["scopes_supported"] = .array(all.map { .string($0) }) }
        document["resource_name"] = .string(service.name)
        if issuer != nil {
            document["tls_client_certificate_bound_access_tokens"] = true
            document["authorization_details_types_supported"] = ["mcp_tool_call"]
        }
        document["dpop_signing_alg_values_supported"] = ["ES256", "ES384", "EdDSA"]
        metadata = JSONValue.object(document).bytes
    }
}
