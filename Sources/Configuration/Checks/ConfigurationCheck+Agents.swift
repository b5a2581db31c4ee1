// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision

extension ConfigurationCheck {
    /// What makes an agent useless.
    func checkAgent(_ agent: AgentConfiguration) {
        // A local server may well have no business anywhere.
        let isServer = configuration.services.contains { $0.stdio?.utf8.elementsEqual(agent.name.utf8) == true }
        if agent.grants.isEmpty, !isServer {
            context.warning(agent.place, "agent '\(agent.name)' has no grants and may reach nothing")
        }
        if agent.attestations.isEmpty {
            context.warning(agent.place, "agent '\(agent.name)' has no attest and is never recognised")
        }
        checkReach(agent)
        if configuration.leaks == nil {
            if !(agent.canaries + agent.canaryFiles).isEmpty {
                context.error(
                    agent.place, "agent '\(agent.name)' has canaries, and nothing is looked for",
                    hint: "add the section 'leaks: {}'")
            }
            for entry in agent.grants where entry.grant.leaks != nil {
                context.warning(
                    entry.place, "the grant '\(entry.grant.name)' has 'leaks', and nothing is looked for",
                    hint: "add the section 'leaks: {}'")
            }
        }
        var seen: [String: Place] = [:]
        for entry in agent.grants {
            if let first = seen[entry.grant.name] {
                context.error(
                    entry.place, "agent '\(agent.name)' has a grant '\(entry.grant.name)' already",
                    hint: "see line \(first.line)")
            }
            seen[entry.grant.name] = entry.place
        }
    }

    /// Evidence that no listener asks for.
    private func checkReach(_ agent: AgentConfiguration) {
        let listeners = configuration.egress.listeners + (configuration.serviceProxy?.listeners ?? [])
        let asked = listeners.reduce(into: Set<ListenerConfiguration.Identification>()) {
            $0.formUnion($1.identification)
        }
        for attestation in agent.attestations {
            guard let kind = Self.identification(of: attestation.kind), !asked.contains(kind) else { continue }
            context.warning(
                attestation.place, "no listener identifies by \(kind.rawValue)",
                hint: "add \(kind.rawValue) to 'identify' of a listener")
        }
    }

    private static func identification(of kind: Attestation.Kind) -> ListenerConfiguration.Identification? {
        switch kind {
        case .x509: .x509
        case .launch: nil
        case .unix: .unix
        case .token, .tokenDigest, .jwt: .token
        case .source: .source
        }
    }

    private static func strength(of kind: Attestation.Kind) -> Int {
        switch kind {
        case .x509: 4
        case .launch: 3
        case .unix: 2
        case .token, .tokenDigest, .jwt: 1
        case .source: 0
        }
    }

    /// What keeps a grant from ever covering anything.
    func checkGrant(_ entry: GrantConfiguration, of agent: AgentConfiguration) {
        let grant = entry.grant
        func warn(_ message: String, hint: String? = nil) {
            context.warning(entry.place, "grant '\(grant.name)' \(message)", hint: hint)
        }
        if let now, let expires = grant.expires, expires <= now { warn("has expired") }
        let strongest = agent.attestations.map { Self.strength(of: $0.kind) }.max() ?? -1
        if !agent.attestations.isEmpty, strongest < grant.requirement.strength {
            warn(
                "can never apply: it requires strength \(grant.requirement.strength), and the agent reaches \(strongest)"
            )
        }
        if entry.service == nil { checkOperations(grant, warn) }
        if entry.service == nil, grant.needsApproval {
            warn(
                "refuses what it names at the forward proxy, which does not wait for a person",
                hint: "name a service instead of hosts")
        }
        if case .only(["CONNECT"]) = grant.methods, grant.paths != nil || grant.listsCalls {
            warn("can never apply: a tunnel hides its paths and tools")
        }
        let tunnels = grant.methods.contains("CONNECT") && grant.paths == nil && !grant.listsCalls
        if tunnels, grant.tls == .matchingServerName, grant.hosts.contains(where: \.isAddress) {
            warn("lets no tunnel to an address pass: TLS has no server name there", hint: "add 'tls: any'")
        }
        if grant.tls == .any, grant.allowsEncryptedClientHello {
            warn("has 'ech: allow', which says nothing with 'tls: any'")
        }
    }

    private func checkOperations(_ grant: Grant, _ warn: (String, String?) -> Void) {
        if grant.listsCalls {
            warn("covers nothing at the forward proxy, which does not see tools", "name a service instead of hosts")
        } else if grant.ports == .https, !(grant.methods.contains("CONNECT") && grant.paths == nil) {
            warn(
                "limits methods or paths on port 443, where the forward proxy sees only tunnels",
                "add CONNECT to the methods and leave out the paths, or name a service")
        }
    }
}

extension HostPattern {
    fileprivate var isAddress: Bool {
        switch kind {
        case .address, .block: true
        default: false
        }
    }
}
