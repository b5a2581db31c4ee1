// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Protocols

extension GrantConfiguration {
    /// The grant in force, every default written out.
    public func effectiveText() -> String {
        var writer = YAMLWriter()
        write(&writer)
        return writer.text
    }

    /// Writes the grant with its defaults.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("name", grant.name)
        if let service {
            writer.entry("service", service)
        } else {
            writer.list("hosts", grant.hosts.map(\.written))
            if grant.ports == .all {
                writer.entry("ports", "any")
            } else {
                writer.list("ports", grant.ports.ranges.map { PortSet([$0]).description })
            }
        }
        if let schemes = grant.schemes { writer.list("schemes", schemes.map(\.rawValue).sorted()) }
        switch grant.methods {
        case .any: writer.entry("methods", "any")
        case .only(let names): writer.list("methods", names)
        }
        if let paths = grant.paths { writer.list("paths", paths.map(\.description)) }
        if let tools = grant.tools { write(tools, &writer) }
        if let resources = grant.resources { writer.list("resources", resources.map(\.description)) }
        if let prompts = grant.prompts { writer.list("prompts", prompts) }
        if let expires = grant.expires { writer.entry("expires", raw: Timestamp.text(expires)) }
        if let budget = grant.budget { write(budget, &writer) }
        if let window = grant.window { write(window, &writer) }
        writer.section("require") { writer in
            writer.entry("strength", raw: "\(grant.requirement.strength)")
            writer.entry("person", raw: "\(grant.requirement.person)")
            writer.entry("task", raw: "\(grant.requirement.task)")
        }
        if grant.needsApproval { writer.entry("approval", "required") }
        if let sandbox = grant.sandbox { writer.section("sandbox") { sandbox.writeGrant(&$0) } }
        if let leaks = grant.leaks { writer.section("leaks") { leaks.write(&$0) } }
        writer.entry("tls", grant.tls.rawValue)
        writer.entry("ech", grant.allowsEncryptedClientHello ? "allow" : "deny")
        guard let budget = grant.nameBudget else { return writer.entry("name_budget", "off") }
        guard budget != NameBudget() else { return writer.entry("name_budget", "on") }
        writer.section("name_budget") { writer in
            writer.entry("labels", raw: "\(budget.maximumLabels)")
            writer.entry("bytes", raw: "\(budget.maximumBytes)")
            writer.entry("bits", raw: "\(budget.maximumBits)")
        }
    }

    private func write(_ tools: [ToolGrant], _ writer: inout YAMLWriter) {
        writer.section("tools") { writer in
            for tool in tools {
                guard let arguments = tool.arguments else {
                    writer.entry(tool.name, raw: "{}")
                    continue
                }
                // JSON is YAML in flow style.
                writer.section(tool.name) { $0.entry("arguments", raw: arguments.source.flowText) }
            }
        }
    }

    private func write(_ budget: GrantBudget, _ writer: inout YAMLWriter) {
        writer.section("budget") { writer in
            if let calls = budget.calls { writer.entry("calls", raw: "\(calls)") }
            if let bytes = budget.bytes { writer.entry("bytes", raw: Quantity.size(bytes)) }
            if let tokens = budget.tokens { writer.entry("tokens", raw: "\(tokens)") }
            if let cost = budget.cost { writer.entry("cost", raw: "\(cost)") }
            writer.entry("per", budget.per.rawValue)
        }
    }

    private func write(_ window: TimeWindow, _ writer: inout YAMLWriter) {
        writer.section("window") { writer in
            writer.list("days", TimeWindow.Day.allCases.filter(window.days.contains).map(\.description))
            writer.entry("from", raw: YAMLScalar.quoted(TimeWindow.clock(window.from)))
            writer.entry("to", raw: YAMLScalar.quoted(TimeWindow.clock(window.to)))
            let sign = window.offsetMinutes < 0 ? "-" : "+"
            writer.entry("utc_offset", raw: YAMLScalar.quoted(sign + TimeWindow.clock(abs(window.offsetMinutes))))
        }
    }
}

extension JSONValue {
    /// The value in YAML's flow style, with the escapes that YAML knows.
    fileprivate var flowText: String {
        switch self {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .number(let number): return number.text
        case .string(let text): return YAMLScalar.quoted(text)
        case .array(let elements): return "[" + elements.map(\.flowText).joined(separator: ", ") + "]"
        case .object(let object):
            let members = object.members.map { YAMLScalar.quoted($0.name) + ": " + $0.value.flowText }
            return "{" + members.joined(separator: ", ") + "}"
        }
    }
}

extension EgressConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        if listeners.isEmpty {
            writer.entry("listeners", raw: "[]")
        } else {
            writer.section("listeners") { writer in
                for listener in listeners { writer.item { listener.write(&$0) } }
            }
        }
        writer.section("resolver") { resolver.write(&$0) }
        if exceptions.isEmpty {
            writer.entry("exceptions", raw: "[]")
        } else {
            writer.section("exceptions") { writer in
                for exception in exceptions.map(\.exception) {
                    writer.item { writer in
                        writer.entry("host", exception.hosts.written)
                        writer.entry("port", raw: "\(exception.port)")
                        writer.entry("cidr", exception.block.description)
                    }
                }
            }
        }
        writer.section("limits") { writeLimits(EgressLimits.fields, limits, &$0) }
    }
}

extension ListenerConfiguration {
    /// Writes one listener.
    ///
    /// - Parameter namesProtocols: Whether what clients may speak is a choice there.
    func write(_ writer: inout YAMLWriter, namesProtocols: Bool = true) {
        switch address {
        case .tcp: writer.entry("address", raw: YAMLScalar.quoted(address.description))
        case .unix(let path, let mode):
            writer.entry("unix", path)
            let digits = String(mode, radix: 8)
            writer.entry("mode", raw: YAMLScalar.quoted(String(repeating: "0", count: 4 - digits.utf8.count) + digits))
        }
        writer.list("identify", Identification.allCases.filter(identification.contains).map(\.rawValue))
        if namesProtocols {
            writer.list("protocols", ClientProtocol.allCases.filter(protocols.contains).map(\.rawValue))
        }
        switch tls {
        case nil: break
        case .svid: writer.entry("tls", "svid")
        case .files(let files):
            writer.section("tls") { writer in
                writer.entry("certificate", files.certificate.description)
                writer.entry("key", files.key.description)
                writer.entry("client_ca", files.clientAuthority.description)
            }
        }
    }
}

extension ResolverConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writer.list("servers", servers.map(\.description))
        writeLimits(Self.fields, self, &writer)
        guard !hosts.isEmpty else { return }
        writer.section("hosts") { writer in
            for (name, addresses) in hosts.sorted(by: { $0.key.description < $1.key.description }) {
                writer.list(name.description, addresses.map(\.description))
            }
        }
    }
}

extension AuditConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("directory", directory)
        writer.entry("durability", durability.rawValue)
        writer.entry("origin", origin)
        if let key { writer.entry("key", key.description) }
        writer.section("checkpoint") { writeLimits(Self.checkpointFields, self, &$0) }
        guard !witnesses.isEmpty else { return writer.entry("witnesses", raw: "[]") }
        writer.section("witnesses") { writer in
            for witness in witnesses {
                writer.item { writer in
                    writer.entry("url", witness.url)
                    writer.entry("key", witness.key)
                }
            }
        }
    }
}
