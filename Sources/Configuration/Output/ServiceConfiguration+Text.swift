// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Identity
internal import Protocols

extension ServiceProxyConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        if listeners.isEmpty {
            writer.entry("listeners", raw: "[]")
        } else {
            writer.section("listeners") { writer in
                for listener in listeners { writer.item { listener.write(&$0, namesProtocols: false) } }
            }
        }
        writer.section("limits") { writeLimits(ServiceProxyLimits.fields, limits, &$0) }
    }
}

extension ServiceConfiguration {
    /// Writes one service.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("host", host.plainText)
        writer.entry("port", raw: "\(port)")
        writer.entry("protocol", protocolName.rawValue)
        if let id = spiffeID { writer.entry("spiffe_id", raw: YAMLScalar.quoted(id.description)) }
        if !labels.isEmpty {
            writer.section("labels") { writer in
                for (name, text) in labels.sorted(by: { $0.key < $1.key }) {
                    writer.entry(name, raw: YAMLScalar.quoted(text))
                }
            }
        }
        guard protocolName.isHTTP else { return }
        writeUpstream(&writer)
        if let credential { writer.section("credential") { credential.write(&$0) } }
        writer.entry("assertion", raw: "\(sendsAssertion)")
        if credential != nil { writer.entry("scan_response", raw: "\(scansResponses)") }
        if !environment.isEmpty {
            writer.section("env") { writer in
                for variable in environment {
                    writer.entry(variable.name, raw: YAMLScalar.quoted(variable.template))
                }
            }
        }
        writer.entry("tasks", tasks.rawValue)
        if protocolName == .mcp { writeToolRules(&writer) }
    }

    private func writeUpstream(_ writer: inout YAMLWriter) {
        switch tls {
        case .off: writer.entry("tls", "off")
        case .svid: writer.entry("tls", "svid")
        case .web(let authority):
            writer.entry("tls", "web")
            if let authority { writer.entry("ca", authority) }
        }
        if let serverName { writer.entry("server_name", serverName.description) }
        writer.entry("path", path)
        if !virtualHosts.isEmpty { writer.list("hosts", virtualHosts.map(\.description)) }
        guard !endpoints.isEmpty else { return }
        writer.section("endpoints") { writer in
            for endpoint in endpoints {
                writer.item { writer in
                    writer.entry("host", endpoint.host.plainText)
                    writer.entry("port", raw: "\(endpoint.port)")
                }
            }
        }
    }

    private func writeToolRules(_ writer: inout YAMLWriter) {
        if !tools.isEmpty {
            writer.section("tools") { writer in
                for tool in tools { writer.section(tool.name) { tool.annotations.write(&$0) } }
            }
        }
        writer.entry("pin_tools", pinning.rawValue)
        writer.section("provenance") { writer in
            writer.entry("ungranted_calls", raw: "\(provenance.ungrantedCalls)")
            writer.entry("verbatim_reads", raw: "\(provenance.allowsVerbatimReads)")
        }
        writer.list("origins", origins)
    }
}

extension ToolAnnotations {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("effect", effect.rawValue)
        if !roles.isEmpty {
            writer.section("arguments") { writer in
                for (name, role) in roles.sorted(by: { $0.key < $1.key }) { writer.entry(name, role.rawValue) }
            }
        }
        if !freeTextFields.isEmpty { writer.list("free_text", freeTextFields.sorted()) }
        if !structuredFields.isEmpty { writer.list("structured", structuredFields.sorted()) }
        writer.entry("private", raw: "\(readsPrivateData)")
        writer.entry("untrusted", raw: "\(readsUntrustedContent)")
    }
}

extension ServiceCredential {
    fileprivate func write(_ writer: inout YAMLWriter) {
        switch self {
        case .fixed(let fixed):
            writer.entry("secret", fixed.secret.description)
            writer.entry("header", raw: YAMLScalar.quoted(fixed.header))
            writer.entry("prefix", raw: YAMLScalar.quoted(fixed.prefix))
        case .oauth(let oauth): writer.section("oauth") { oauth.write(&$0) }
        case .aws(let aws): writer.section("aws") { aws.write(&$0) }
        case .exchange(let exchange): writer.section("exchange") { exchange.write(&$0) }
        case .toolToken: writer.entry("tool_token", raw: "true")
        }
    }
}

extension ServiceCredential.OAuth {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("token_url", raw: YAMLScalar.quoted(tokenURL.description))
        writer.entry("client_id", raw: YAMLScalar.quoted(clientID))
        if let clientSecret { writer.entry("client_secret", clientSecret.description) }
        if let scope { writer.entry("scope", raw: YAMLScalar.quoted(scope)) }
        if let audience { writer.entry("audience", raw: YAMLScalar.quoted(audience)) }
        if let refreshToken { writer.entry("refresh_token", refreshToken.description) }
    }
}

extension ServiceCredential.AWS {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("access_key_id", raw: YAMLScalar.quoted(accessKeyID))
        writer.entry("secret_access_key", secretAccessKey.description)
        if let sessionToken { writer.entry("session_token", sessionToken.description) }
        writer.entry("region", raw: YAMLScalar.quoted(region))
        writer.entry("service", raw: YAMLScalar.quoted(service))
    }
}

extension ServiceCredential.Exchange {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("token_url", raw: YAMLScalar.quoted(tokenURL.description))
        if let clientID { writer.entry("client_id", raw: YAMLScalar.quoted(clientID)) }
        if let clientSecret { writer.entry("client_secret", clientSecret.description) }
        if let audience { writer.entry("audience", raw: YAMLScalar.quoted(audience)) }
        if let scope { writer.entry("scope", raw: YAMLScalar.quoted(scope)) }
    }
}
