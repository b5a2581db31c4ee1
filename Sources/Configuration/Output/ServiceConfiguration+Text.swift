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
        if let url { writer.entry("url", raw: YAMLScalar.quoted(url.description)) }
        if !issuers.isEmpty {
            writer.section("issuers") { writer in
                for issuer in issuers { writer.item { issuer.write(&$0) } }
            }
        }
        writer.section("limits") { writeLimits(ServiceProxyLimits.fields, limits, &$0) }
    }
}

extension ServiceConfiguration {
    /// Writes one service.
    func write(_ writer: inout YAMLWriter) {
        if isDecoy {
            writer.entry("decoy", raw: "true")
        } else if let stdio {
            writer.entry("stdio", stdio)
        } else if !endpoints.isEmpty {
            writer.list("endpoints", endpoints.map(\.description))
        } else if !servers.isEmpty {
            writer.list("servers", servers)
        } else {
            writer.entry("host", host.plainText)
            writer.entry("port", raw: "\(port)")
        }
        if !isDecoy { writer.entry("protocol", protocolName.rawValue) }
        if let id = spiffeID { writer.entry("spiffe_id", raw: YAMLScalar.quoted(id.description)) }
        if !labels.isEmpty {
            writer.section("labels") { writer in
                for (name, text) in labels.sorted(by: { $0.key < $1.key }) {
                    writer.entry(name, raw: YAMLScalar.quoted(text))
                }
            }
        }
        guard protocolName.isHTTP, !isDecoy else { return }
        if stdio == nil, servers.isEmpty {
            writeUpstream(&writer)
        } else if !virtualHosts.isEmpty {
            writer.list("hosts", virtualHosts.map(\.description))
        }
        if let credential { writer.section("credential") { credential.write(&$0) } }
        guard servers.isEmpty else { return writer.list("origins", origins) }
        if stdio == nil { writer.entry("assertion", raw: assertion.rawValue) }
        if credential != nil || assertion != .off { writer.entry("scan_response", raw: "\(scansResponses)") }
        writer.entry("tasks", tasks.rawValue)
        if let resource { writer.section("resource") { resource.write(&$0) } }
        if let openAPI {
            writer.entry("openapi", openAPI)
            writer.entry("other_requests", allowsOtherRequests ? "allow" : "refuse")
        }
        if !decoys.isEmpty {
            writer.section("decoys") { writer in
                for decoy in decoys { writer.entry(decoy.name, raw: YAMLScalar.quoted(decoy.text)) }
            }
        }
        if protocolName == .llm {
            writer.entry("tool_calls", toolCalls.rawValue)
            if !prices.isEmpty { writer.section("prices") { writePrices(&$0) } }
        }
        if protocolName == .mcp || protocolName == .a2a { writeToolRules(&writer) }
        if !environment.isEmpty {
            writer.section("env") { writer in
                for (name, variable) in environment.sorted(by: { $0.key < $1.key }) {
                    switch variable {
                    case .url(let path): writer.entry(name, raw: YAMLScalar.quoted(path))
                    case .unused: writer.entry(name, "unused")
                    }
                }
            }
        }
    }

    private func writePrices(_ writer: inout YAMLWriter) {
        for (model, price) in prices.sorted(by: { $0.key < $1.key }) {
            writer.section(model) { writer in
                writer.entry("input", raw: "\(price.input)")
                writer.entry("cached", raw: "\(price.cached)")
                writer.entry("output", raw: "\(price.output)")
            }
        }
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
        writer.entry("http", raw: http.rawValue)
        writer.entry("path", path)
        if !virtualHosts.isEmpty { writer.list("hosts", virtualHosts.map(\.description)) }
        guard !endpoints.isEmpty else { return }
        writer.section("ejection") { writeLimits(EjectionConfiguration.fields, ejection, &$0) }
        guard let health else { return }
        writer.section("health") { writer in
            writer.entry("path", health.path)
            writeLimits(HealthConfiguration.fields, health, &writer)
        }
    }

    private func writeToolRules(_ writer: inout YAMLWriter) {
        if !tools.isEmpty || !approvedTools.isEmpty { writer.section("tools") { writeTools(&$0) } }
        if protocolName == .mcp { writeRulesForAllTools(&writer) }
        writer.section("provenance") { writer in
            writer.entry("ungranted_calls", raw: "\(provenance.ungrantedCalls)")
            writer.entry("verbatim_reads", raw: "\(provenance.allowsVerbatimReads)")
            if protocolName == .mcp { writer.entry("outside_tasks", raw: "\(judgesOutsideTasks)") }
        }
        if protocolName == .mcp { writer.list("origins", origins) }
    }

    private func writeRulesForAllTools(_ writer: inout YAMLWriter) {
        writer.entry("pin_tools", pinning.rawValue)
        if let otherTools { writer.section("other_tools") { otherTools.write(&$0) } }
        writer.entry("server_annotations", raw: "\(heedsServerAnnotations)")
        writer.entry("same_names", sameNames.rawValue)
        writer.entry("mentions", mentions.rawValue)
        if let serverRequests { writer.list("server_requests", serverRequests.map(\.rawValue)) }
    }
}

extension AnnotatedTool {
    /// The lines that say of a service's tools what is proposed, each with notes above it.
    public static func proposal(_ tools: [(tool: AnnotatedTool, notes: [String])], of service: String) -> String {
        var writer = YAMLWriter()
        writer.section("services") { writer in
            writer.section(service) { writer in
                writer.section("tools") { writer in
                    for (tool, notes) in tools {
                        for note in notes { writer.comment(note) }
                        writer.section(tool.name) { tool.annotations.write(&$0) }
                    }
                }
            }
        }
        return writer.text
    }
}

extension ServiceConfiguration {
    private func writeTools(_ writer: inout YAMLWriter) {
        let approved = Set(approvedTools)
        for tool in tools {
            writer.section(tool.name) { writer in
                tool.annotations.write(&writer)
                if approved.contains(tool.name) { writer.entry("approval", "required") }
            }
        }
        let annotated = Set(tools.map(\.name))
        for name in approvedTools where !annotated.contains(name) {
            writer.section(name) { $0.entry("approval", "required") }
        }
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

extension ServiceAccess {
    fileprivate func write(_ writer: inout YAMLWriter) {
        switch self {
        case .fixed(let fixed): fixed.write(&writer)
        case .oauth(let registration, let refreshToken):
            writer.section("oauth") { writer in
                registration.write(&writer)
                if let refreshToken { writer.entry("refresh_token", refreshToken.description) }
            }
        case .aws(let keys): writer.section("aws") { keys.write(&$0) }
        case .exchange(let registration): writer.section("exchange") { registration.write(&$0) }
        case .toolToken: writer.entry("tool_token", raw: "true")
        }
    }
}

extension AWSKeys {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("access_key_id", raw: YAMLScalar.quoted(accessKeyID))
        writer.entry("secret_access_key", secretAccessKey.description)
        if let sessionToken { writer.entry("session_token", sessionToken.description) }
        writer.entry("region", raw: YAMLScalar.quoted(region))
        writer.entry("service", raw: YAMLScalar.quoted(service))
        writer.entry("payload", payload.rawValue)
    }
}

extension TokenRegistration {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("token_url", raw: YAMLScalar.quoted(tokenURL.description))
        writer.entry("client_id", raw: YAMLScalar.quoted(clientID))
        if let clientSecret {
            writer.entry("client_secret", clientSecret.description)
            writer.entry("client_auth", authentication.rawValue)
        }
        if !scopes.isEmpty { writer.entry("scope", raw: YAMLScalar.quoted(scopes.joined(separator: " "))) }
        if let audience { writer.entry("audience", raw: YAMLScalar.quoted(audience)) }
        if let authority { writer.entry("ca", authority) }
        writer.entry("allow_private", raw: "\(isPrivateAllowed)")
    }
}

extension ServiceSecret {
    fileprivate func write(_ writer: inout YAMLWriter) {
        writer.entry("secret", secret.description)
        writer.entry("header", raw: YAMLScalar.quoted(header))
        writer.entry("prefix", raw: YAMLScalar.quoted(prefix))
    }
}
