// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Credentials
import Decision

/// A service as it is served: its description with what is worked out once, and what exchanges leave behind.
final class GateService: Sendable {
    let description: ServiceDescription
    let scheme: Destination.Scheme
    /// The value of `Host` upstream.
    let authority: [UInt8]
    /// `description.path` without a slash at its end.
    let base: [UInt8]
    /// Names of fields that are the gate's alone, in lower case with `-`; what an agent sends there does not pass.
    let ownFields: [[UInt8]]
    /// Whether something is obtained or made for each request.
    let obtains: Bool
    /// Whether answers are looked through.
    let isSearched: Bool
    /// Where requests go, when there are several places; else the description's host and port.
    let endpoints: ServiceEndpoints?
    /// What is known of an MCP server's tools.
    let tools: MCPServiceState?
    /// Whose the tasks of an agent are.
    let agent: A2AServiceState?

    init(
        _ description: ServiceDescription, endpoints: ServiceEndpoints? = nil, tools: MCPServiceState? = nil,
        agent: A2AServiceState? = nil
    ) {
        self.description = description
        scheme = description.security.isOn ? .https : .http
        let isDefault = description.port == (description.security.isOn ? 443 : 80)
        authority = Array((isDefault ? "\(description.host)" : "\(description.host):\(description.port)").utf8)
        base = description.path.utf8.elementsEqual("/".utf8) ? [] : Array(description.path.utf8)
        // The agent has no key that a service knows.
        ownFields = (["authorization", "dpop"] + (description.credential?.fields ?? [])).reduce(into: []) {
            fields, name in
            let field = Self.spelling(of: name)
            if !fields.contains(field) { fields.append(field) }
        }
        obtains =
            switch description.credential {
            case .token?, .signed?: true
            case .fixed?, nil: description.assertion != nil
            }
        isSearched = description.secrets != nil || description.searchesObtained
        self.endpoints = endpoints
        self.tools = tools
        self.agent = agent
    }

    /// The name of a field as it is compared: in lower case, `_` as `-`, because some servers take the one for the other.
    static func spelling(of name: String) -> [UInt8] {
        name.utf8.map { $0 == 0x5F ? 0x2D : $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    }

    /// Whether a field is the gate's alone.
    func isOwn(_ name: String) -> Bool { ownFields.contains(Self.spelling(of: name)) }

    var name: String { description.name }

    /// Whether requests are read as a whole before they are decided on.
    var isMediated: Bool {
        if case .http = description.language { false } else { true }
    }

    /// What reads one exchange; `nil` where requests pass piece by piece.
    func mediation(context: any MediationContext, core: ServiceCore) -> (any Mediation)? {
        switch description.language {
        // Members are asked in exchanges of their own.
        case .http, .joined: nil
        case .mcp:
            tools.map { tools in
                let mediation = MCPMediation(
                    service: tools, sessions: core.sessions, book: core.book, context: context)
                guard let server = description.builtIn else { return mediation }
                return BuiltInMediation(mediation, server: server, context: context)
            }
        case .model(let server):
            ModelMediation(server: server, context: context)
        case .documented(let service):
            OpenAPIMediation(service: service, description: description, context: context)
        case .agent:
            agent.map {
                A2AMediation(
                    service: $0, description: description, sessions: core.sessions, book: core.book, context: context,
                    signer: core.signer)
            }
        }
    }
}

/// The services of one configuration.
final class ServiceTable: Sendable {
    private let byName: [[UInt8]: GateService]
    private let byHost: [[UInt8]: GateService]
    private let byPath: [[UInt8]: GateService]

    init(_ services: [GateService]) {
        byName = Dictionary(services.map { (Array($0.name.utf8), $0) }) { first, _ in first }
        byHost = Dictionary(
            services.flatMap { service in service.description.virtualHosts.map { (Array($0.utf8), service) } }
        ) { first, _ in first }
        byPath = Dictionary(
            services.compactMap { service in
                service.description.builtIn.map { (Array($0.information.plainPath.utf8), service) }
            }
        ) { first, _ in first }
    }

    /// The service of the gate's own whose tool is called at a path.
    func service(at path: [UInt8]) -> GateService? { byPath.isEmpty ? nil : byPath[path] }

    /// All of them, in no order.
    var all: [GateService] { Array(byName.values) }

    func service(named name: [UInt8]) -> GateService? { byName[name] }

    /// The service of a virtual host, given in lower case and without a port.
    func service(of host: [UInt8]) -> GateService? { byHost.isEmpty ? nil : byHost[host] }
}
