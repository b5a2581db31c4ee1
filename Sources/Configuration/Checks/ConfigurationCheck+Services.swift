// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Identity

extension ConfigurationCheck {
    /// What the services need from other sections.
    func checkServices() {
        for service in configuration.services where !service.isBuiltIn {
            checkIdentity(of: service)
            checkTransport(of: service)
            checkPayload(of: service)
            checkStdio(of: service)
            checkServers(of: service)
            if configuration.serviceProxy == nil, service.isForProxy {
                context.warning(
                    service.place, "service '\(service.name)' has keys of the service proxy, and there is none",
                    hint: "add 'service_proxy' with a listener")
            }
        }
        for agent in configuration.agents { checkVariables(of: agent) }
        if let proxy = configuration.serviceProxy, !configuration.services.contains(where: \.protocolName.isHTTP) {
            context.warning(proxy.place, "there is no service over HTTP behind the service proxy")
        }
    }

    /// One variable leads to one place.
    private func checkVariables(of agent: AgentConfiguration) {
        var known: [String: String] = [:]
        for service in configuration.services(of: agent) {
            for name in service.environment.keys.sorted() {
                if let other = known.updateValue(service.name, forKey: name) {
                    context.error(
                        agent.place,
                        "agent '\(agent.name)' may use services '\(other)' and '\(service.name)', and both set \(name)",
                        hint: "give one of them another variable in 'env'")
                }
            }
        }
    }

    private func checkIdentity(of service: ServiceConfiguration) {
        let identity = configuration.identity
        if service.tls == .svid, identity.source == .none {
            context.error(
                service.place,
                "service '\(service.name)' has tls: svid, which takes the gate's identity, and nothing issues one",
                hint: "add 'identity: {source: embedded}', or write tls: web")
        }
        if service.tls == .svid, identity.source == .embedded, let domain = service.spiffeID?.trustDomain,
            domain != configuration.trustDomain, !identity.federation.contains(where: { $0.trustDomain == domain })
        {
            context.error(
                service.place,
                "service '\(service.name)' must prove an identity of \(domain), whose bundle is not known here",
                hint: "add the trust domain to 'identity.federation'")
        }
        let needs: String? =
            switch service.credential {
            case .toolToken: "credential: tool_token"
            case .exchange: "credential: exchange"
            default: service.assertion != .off ? "assertion" : nil
            }
        if let needs, identity.endpoints == nil {
            context.error(
                service.place,
                "service '\(service.name)' has \(needs), and the gate has no keys for tokens of its own",
                hint: "add 'identity.endpoints', where services find the keys to verify them")
        }
    }

    /// A body that is neither signed nor encrypted could be replaced on the way.
    private func checkPayload(of service: ServiceConfiguration) {
        guard case .aws(let keys)? = service.credential, keys.payload == .unsigned, service.tls == .off else { return }
        context.error(
            service.place, "service '\(service.name)' has payload: unsigned, and no tls that would protect bodies",
            hint: "add 'tls: web', or write payload: hashed")
    }

    /// Members are servers of their own.
    private func checkServers(of service: ServiceConfiguration) {
        for name in service.servers {
            let member = configuration.services.first { $0.name.utf8.elementsEqual(name.utf8) }
            if let member, member.protocolName == .mcp, member.servers.isEmpty { continue }
            context.error(
                service.place,
                "service '\(service.name)' joins '\(name)', which is no single server with protocol: mcp",
                hint: "name services with 'protocol: mcp' and host and port, or stdio")
        }
        guard !service.servers.isEmpty else { return }
        for agent in configuration.agents {
            for entry in agent.grants where entry.service?.utf8.elementsEqual(service.name.utf8) == true {
                context.warning(
                    entry.place, "grant '\(entry.grant.name)' names an endpoint of several servers and covers nothing",
                    hint: "name one of them: \(service.servers.joined(separator: ", "))")
            }
        }
    }

    /// A local server runs as an agent of its own, in the jail of launched ones.
    private func checkStdio(of service: ServiceConfiguration) {
        guard let name = service.stdio else { return }
        let agent = configuration.agents.first { $0.name.utf8.elementsEqual(name.utf8) }
        guard agent?.attestations.contains(where: { $0.kind == .launch }) != true else { return }
        context.error(
            service.place, "service '\(service.name)' is started as agent '\(name)', which may not be launched",
            hint: "add under agents: '\(name): {attest: [{launch: true}]}', with grants for what the server may reach")
    }

    /// Secrets that others on the way could read.
    private func checkTransport(of service: ServiceConfiguration) {
        guard service.credential != nil || service.assertion != .off, service.tls == .off,
            service.places.contains(where: { !$0.host.isThisMachine })
        else { return }
        context.warning(
            service.place, "the credential of service '\(service.name)' crosses the network in the clear",
            hint: "add 'tls: web' or 'tls: svid'")
    }
}

extension ServiceConfiguration {
    /// Whether the file says anything that only the service proxy heeds.
    fileprivate var isForProxy: Bool {
        var plain = ServiceConfiguration(name: name, host: host, port: port)
        plain.protocolName = protocolName
        plain.labels = labels
        plain.spiffeID = spiffeID
        plain.tls = Self.standardTLS(protocolName, port: port)
        plain.place = place
        return self != plain
    }
}

extension Host {
    fileprivate var isThisMachine: Bool {
        switch self {
        case .address(let address): address.isLoopback
        case .name(let name): name.description.utf8.elementsEqual("localhost".utf8)
        }
    }
}
