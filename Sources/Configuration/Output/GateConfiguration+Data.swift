// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
public import Protocols

extension GateConfiguration {
    /// What policies read as `data.yett`: the grants of each agent and the services, with the keys of the configuration.
    public func policyData() -> JSONValue {
        var grants = JSONObject()
        for agent in agents { grants[agent.name] = .array(agent.grants.map(\.data)) }
        var services = JSONObject()
        for service in self.services { services[service.name] = service.data }
        var data = JSONObject()
        data["grants"] = .object(grants)
        data["services"] = .object(services)
        return .object(data)
    }
}

extension ServiceConfiguration {
    fileprivate var data: JSONValue {
        var labels = JSONObject()
        for (name, text) in self.labels.sorted(by: { $0.key < $1.key }) { labels[name] = .string(text) }
        var data = JSONObject()
        data["host"] = .string(host.plainText)
        data["port"] = .integer(port)
        if !endpoints.isEmpty { data["endpoints"] = .array(endpoints.map { .string($0.description) }) }
        data["protocol"] = .string(protocolName.rawValue)
        data["labels"] = .object(labels)
        return .object(data)
    }
}

extension GrantConfiguration {
    fileprivate var data: JSONValue {
        var data = JSONObject()
        func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        data["name"] = .string(grant.name)
        if let service { data["service"] = .string(service) }
        data["hosts"] = texts(grant.hosts.map(\.written))
        if !grant.endpoints.isEmpty { data["endpoints"] = texts(grant.endpoints.map(\.description)) }
        data["ports"] =
            grant.ports == .all ? "any" : texts(grant.ports.ranges.map { PortSet([$0]).description })
        if let schemes = grant.schemes { data["schemes"] = texts(schemes.map(\.rawValue).sorted()) }
        switch grant.methods {
        case .any: data["methods"] = "any"
        case .only(let names): data["methods"] = texts(names)
        }
        if let paths = grant.paths { data["paths"] = texts(paths.map(\.description)) }
        if let tools = grant.tools { data["tools"] = .object(Self.data(of: tools)) }
        if let resources = grant.resources { data["resources"] = texts(resources.map(\.description)) }
        if let prompts = grant.prompts { data["prompts"] = texts(prompts) }
        if let expires = grant.expires { data["expires"] = .string(Timestamp.text(expires)) }
        if let budget = grant.budget {
            var object = JSONObject()
            if let calls = budget.calls { object["calls"] = .integer(calls) }
            if let bytes = budget.bytes { object["bytes"] = .integer(bytes) }
            if let tokens = budget.tokens { object["tokens"] = .integer(tokens) }
            if let cost = budget.cost { object["cost"] = .string(cost.description) }
            object["per"] = .string(budget.per.rawValue)
            data["budget"] = .object(object)
        }
        data["require"] = [
            "strength": .integer(grant.requirement.strength), "person": .bool(grant.requirement.person),
            "task": .bool(grant.requirement.task),
        ]
        if let sandbox = grant.sandbox { data["sandbox"] = sandbox.data }
        if let leaks = grant.leaks { data["leaks"] = leaks.data }
        data["tls"] = .string(grant.tls.rawValue)
        data["ech"] = .string(grant.allowsEncryptedClientHello ? "allow" : "deny")
        return .object(data)
    }

    private static func data(of tools: [ToolGrant]) -> JSONObject {
        var object = JSONObject()
        for tool in tools {
            var entry = JSONObject()
            if let arguments = tool.arguments { entry["arguments"] = arguments.source }
            object[tool.name] = .object(entry)
        }
        return object
    }
}
