// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Identity
internal import Protocols

extension GateConfiguration {
    /// The configuration in force as a file of its own, every default written out; reading it gives the same again.
    ///
    /// Secrets appear as the references that stand in the original.
    public func effectiveText() -> String {
        var writer = YAMLWriter()
        writer.entry("trust_domain", trustDomain.name)
        if !agents.isEmpty {
            writer.section("agents") { writer in
                for agent in agents { writer.section(agent.name) { write(agent, &$0) } }
            }
        }
        let others = services.filter { !$0.isBuiltIn }
        if !others.isEmpty {
            writer.section("services") { writer in
                for service in others { writer.section(service.name) { service.write(&$0) } }
            }
        }
        if let serviceProxy { writer.section("service_proxy") { serviceProxy.write(&$0) } }
        if let sandbox { writer.section("sandbox") { sandbox.write(&$0) } }
        writer.section("egress") { egress.write(&$0) }
        writer.section("policy") { policy.write(&$0) }
        if decisionLog.isOn { writer.section("decision_log") { decisionLog.write(&$0) } }
        writer.section("audit") { audit.write(&$0) }
        if identity.source != .none { writer.section("identity") { identity.write(&$0) } }
        if let people { writer.section("people") { people.write(&$0) } }
        if let signals { writer.section("signals") { signals.write(&$0) } }
        if let mesh { writer.section("mesh") { mesh.write(&$0) } }
        if let cluster { writer.section("cluster") { cluster.write(&$0) } }
        if let dashboard { writer.section("dashboard") { dashboard.write(&$0) } }
        if approvals != ApprovalConfiguration() { writer.section("approvals") { approvals.write(&$0) } }
        if let leaks { writer.section("leaks") { leaks.write(&$0) } }
        if watch != WatchConfiguration() {
            writer.section("watch") { $0.entry("mode", raw: watch.mode.rawValue) }
        }
        if let otlp = telemetry.otlp {
            writer.section("telemetry") { $0.section("otlp") { otlp.write(&$0) } }
        }
        writer.section("admin") { writer in
            writer.entry("socket", admin.socket)
            writer.list("uids", admin.uids.map(String.init))
        }
        writer.section("limits") { writeLimits(ProcessLimits.fields, limits, &$0) }
        return writer.text
    }

    private func write(_ agent: AgentConfiguration, _ writer: inout YAMLWriter) {
        if let role = agent.role { writer.entry("role", role) }
        if agent.attestations.isEmpty {
            writer.entry("attest", raw: "[]")
        } else {
            writer.section("attest") { writer in
                for attestation in agent.attestations { writer.item { write(attestation.kind, &$0) } }
            }
        }
        if !(agent.canaries + agent.canaryFiles).isEmpty {
            writer.section("canaries") { writer in
                writer.list("environment", agent.canaries)
                writer.list("files", agent.canaryFiles)
            }
        }
        guard !agent.grants.isEmpty else { return writer.entry("grants", raw: "[]") }
        writer.section("grants") { writer in
            for entry in agent.grants { writer.item { entry.write(&$0) } }
        }
    }

    private func write(_ kind: Attestation.Kind, _ writer: inout YAMLWriter) {
        switch kind {
        case .x509: writer.entry("x509", raw: "true")
        case .launch: writer.entry("launch", raw: "true")
        case .unix(let selector):
            writer.section("unix") { writer in
                if let uid = selector.uid { writer.entry("uid", raw: "\(uid)") }
                if let gid = selector.gid { writer.entry("gid", raw: "\(gid)") }
                if let user = selector.user { writer.entry("user", raw: YAMLScalar.quoted(user)) }
                if let path = selector.path { writer.entry("path", path) }
            }
        case .tokenDigest(let digest):
            let text = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            writer.section("token") { $0.entry("sha256", raw: YAMLScalar.quoted(text)) }
        case .token(let reference): writer.section("token") { $0.entry("value", reference.description) }
        case .jwt(let selector): writer.section("jwt") { selector.write(&$0) }
        case .source(let blocks): writer.list("source", blocks.map(\.description))
        }
    }
}

/// Writes where pages are served.
func writeListener(_ address: IPAddress, port: UInt16, url: String?, tls: PeopleTLS?, _ writer: inout YAMLWriter) {
    let listener = ListenerConfiguration.Address.tcp(address, port: port)
    writer.entry("address", raw: YAMLScalar.quoted("\(listener)"))
    if let url { writer.entry("url", raw: YAMLScalar.quoted(url)) }
    guard let tls else { return }
    writer.section("tls") { writer in
        writer.entry("certificate", tls.certificate.description)
        writer.entry("key", tls.key.description)
    }
}

/// Writes every limit of a table.
func writeLimits<Root>(_ fields: [LimitField<Root>], _ root: Root, _ writer: inout YAMLWriter) {
    for field in fields { writer.entry(field.name, raw: field.written(root)) }
}

extension Host {
    /// The host without brackets.
    var plainText: String {
        switch self {
        case .name(let name): name.description
        case .address(let address): address.description
        }
    }
}

extension HostPattern {
    /// The pattern as the configuration writes it.
    var written: String { kind == .any ? "any-public" : description }
}
