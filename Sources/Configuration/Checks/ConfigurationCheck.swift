// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision

/// What can only be judged when the whole file is known.
struct ConfigurationCheck {
    let configuration: GateConfiguration
    let context: ReadContext
    let now: Int64?

    func run() {
        checkListeners()
        checkSources()
        checkTokens()
        checkProcesses()
        checkExceptions()
        checkServices()
        checkTokenIssuers()
        for agent in configuration.agents {
            checkAgent(agent)
            for entry in agent.grants { checkGrant(entry, of: agent) }
        }
    }

    // MARK: Listeners

    private func checkListeners() {
        var seen: [String: Place] = [:]
        let taken = takenAddresses()
        for listener in configuration.egress.listeners + (configuration.serviceProxy?.listeners ?? []) {
            let name = listener.address.description
            if case .tcp(_, port: 0) = listener.address { continue }
            if let first = seen[name] {
                context.error(listener.place, "\(name) is listened on already", hint: "see line \(first.line)")
            }
            seen[name] = listener.place
            if let owner = taken[name] { context.error(listener.place, "\(name) is \(owner)") }
            checkPlainToken(listener)
            if listener.tls == .svid, configuration.identity.source == .none {
                context.error(
                    listener.place, "tls: svid takes the gate's identity, and nothing issues one",
                    hint: "add 'identity: {source: embedded}', or name certificate, key and client_ca")
            }
        }
    }

    /// Where other sections listen, and who that is.
    private func takenAddresses() -> [String: String] {
        var taken = [configuration.admin.socket: "the operators' socket"]
        func take(_ address: IPAddress, _ port: UInt16, _ owner: String) {
            guard port != 0 else { return }
            taken[ListenerConfiguration.Address.tcp(address, port: port).description] = owner
        }
        let identity = configuration.identity
        if let socket = identity.socket { taken[socket] = "the workloads' socket" }
        if let endpoints = identity.endpoints { take(endpoints.address, endpoints.port, "that of identity.endpoints") }
        if let bundle = identity.bundleEndpoint {
            take(bundle.address, bundle.port, "that of identity.bundle_endpoint")
        }
        if let people = configuration.people { take(people.address, people.port, "where people sign in") }
        if let dashboard = configuration.dashboard { take(dashboard.address, dashboard.port, "that of the dashboard") }
        return taken
    }

    private func checkPlainToken(_ listener: ListenerConfiguration) {
        guard case .tcp(let address, _) = listener.address, !address.isLoopback, listener.tls == nil,
            listener.identification.contains(.token)
        else { return }
        context.warning(
            listener.place, "tokens cross the network in the clear here", hint: "add tls, or identify by source only")
    }

    // MARK: Evidence that two agents share

    private func checkSources() {
        var seen: [(block: AddressBlock, agent: String)] = []
        for (agent, attestation) in attestations() {
            guard case .source(let blocks) = attestation.kind else { continue }
            for block in blocks {
                if let other = seen.first(where: { $0.agent != agent.name && Self.overlap($0.block, block) }) {
                    context.error(
                        attestation.place,
                        "the network \(block) of agent '\(agent.name)' overlaps \(other.block) of agent '\(other.agent)'"
                    )
                }
                seen.append((block, agent.name))
            }
        }
    }

    private static func overlap(_ left: AddressBlock, _ right: AddressBlock) -> Bool {
        left.contains(right.first) || right.contains(left.first)
    }

    private func checkTokens() {
        var seen: [Attestation.Kind: String] = [:]
        for (agent, attestation) in attestations() {
            switch attestation.kind {
            case .token, .tokenDigest, .jwt: break
            default: continue
            }
            if let other = seen[attestation.kind] {
                let whose = other == agent.name ? "given twice" : "that of agent '\(other)' as well"
                context.error(attestation.place, "this token is \(whose)")
            }
            seen[attestation.kind] = agent.name
        }
    }

    private func checkProcesses() {
        var seen: [(selector: UnixSelector, agent: String)] = []
        for (agent, attestation) in attestations() {
            guard case .unix(let selector) = attestation.kind else { continue }
            if let other = seen.first(where: { $0.agent != agent.name && Self.canMatchOne($0.selector, selector) }) {
                context.error(
                    attestation.place, "one process can be both agent '\(agent.name)' and agent '\(other.agent)'",
                    hint: "tell them apart by uid, gid, user or path")
            }
            seen.append((selector, agent.name))
        }
    }

    private static func canMatchOne(_ left: UnixSelector, _ right: UnixSelector) -> Bool {
        func agree<T: Equatable>(_ left: T?, _ right: T?) -> Bool { left == nil || right == nil || left == right }
        // A user's name and a number cannot be compared here.
        if left.user != nil && right.uid != nil || left.uid != nil && right.user != nil { return false }
        return agree(left.uid, right.uid) && agree(left.gid, right.gid) && agree(left.user, right.user)
            && agree(left.path, right.path)
    }

    func attestations() -> [(AgentConfiguration, Attestation)] {
        configuration.agents.flatMap { agent in agent.attestations.map { (agent, $0) } }
    }

    // MARK: Exceptions

    private func checkExceptions() {
        var seen: Set<AddressException> = []
        for entry in configuration.egress.exceptions {
            if !seen.insert(entry.exception).inserted {
                context.warning(entry.place, "this exception occurs twice")
            }
            let isUsed = configuration.agents.contains { agent in
                agent.grants.contains { Self.covers($0.grant, entry.exception) }
            }
            if !isUsed {
                context.warning(entry.place, "no grant covers the host and port of this exception")
            }
        }
    }

    private static func covers(_ grant: Grant, _ exception: AddressException) -> Bool {
        grant.ports.contains(exception.port) && grant.hosts.contains { overlap($0, exception.hosts) }
    }

    private static func overlap(_ left: HostPattern, _ right: HostPattern) -> Bool {
        switch (left.kind, right.kind) {
        case (.any, _), (_, .any): return true
        case (.exact(let name), _): return right.matches(.name(name))
        case (_, .exact(let name)): return left.matches(.name(name))
        case (.subdomains(let left), .subdomains(let right)):
            return left == right || left.isSubdomain(of: right) || right.isSubdomain(of: left)
        case (.address(let address), _): return right.matches(.address(address))
        case (_, .address(let address)): return left.matches(.address(address))
        case (.block(let left), .block(let right)): return overlap(left, right)
        default: return false
        }
    }
}
