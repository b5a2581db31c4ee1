// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import YettConfiguration

/// A Squid that agents are used to, all of whose traffic goes to the gate.
struct SquidManifests {
    private let configuration: GateConfiguration
    private let options: RenderOptions
    private let gate: Endpoint

    init(_ configuration: GateConfiguration, _ options: RenderOptions) throws(ManifestError) {
        self.configuration = configuration
        self.options = options
        gate = try Self.gate(configuration, options)
    }

    /// Where Squid reaches the gate.
    private static func gate(
        _ configuration: GateConfiguration, _ options: RenderOptions
    ) throws(ManifestError) -> Endpoint {
        for listener in configuration.egress.listeners where listener.tls == nil && listener.protocols.contains(.http) {
            guard case .tcp(let address, let port) = listener.address, port > 0 else { continue }
            var host = Host.address(address)
            if address.isUnspecified {
                switch address {
                case .v4: host = .address(.v4(IPv4Address(rawValue: 0x7F00_0001)))
                case .v6: host = .address(.v6(IPv6Address(high: 0, low: 1)))
                }
            }
            if let text = options.gateAddress {
                guard let named = try? Host(parsing: text) else {
                    throw ManifestError(
                        "the gate's address is neither a name nor an address",
                        remedy: "name one: --gate gate.example.org")
                }
                host = named
            }
            if let endpoint = Endpoint(host: host, port: port) { return endpoint }
        }
        throw ManifestError(
            "Squid has no certificate of an agent and no Unix socket to show, so that it needs a listener of the forward proxy "
                + "on TCP without tls",
            remedy: "add one below egress.listeners, such as {address: \"127.0.0.1:3128\", identify: [token, source]}")
    }

    func render() -> Rendering {
        var lines = [
            "# Squid in front of the gate, for agents that are set up for it. Written by `yett render squid`.",
            "# Squid decides nothing: what it lets through, the gate judges; what it refuses could not be allowed there.",
            "",
            "http_port \(port)",
            "",
            "# The gate is the only way on. Without it requests fail; they are never sent anywhere else.",
            "cache_peer \(Self.host(gate.host)) parent \(gate.port) 0 no-query no-digest no-netdb-exchange default "
                + "login=PASSTHRU name=yett",
            "never_direct allow all",
            "prefer_direct off",
            "nonhierarchical_direct off",
            "",
            "# Who may ask.",
        ]
        let networks = networks
        lines += networks.map { "acl agents src \($0)" }
        lines += ["", "# What some grant names. No name is looked up for it: -n."]
        let rules = access
        lines += rules.lists
        lines += [
            "",
            "http_access deny manager",
            "http_access deny !agents",
        ]
        lines += rules.permissions
        lines += [
            "http_access deny all",
            "",
            "# Nothing is kept, and nothing is said about an agent that its requests do not say themselves.",
            "cache deny all",
            "forwarded_for delete",
            "request_header_access X-Forwarded-For deny all",
            "icp_port 0",
            "htcp_port 0",
            "snmp_port 0",
            "pinger_enable off",
            "",
            "# A request that two readers could read differently does not pass.",
            "relaxed_header_parser off",
            "uri_whitespace deny",
        ]
        var rendering = Rendering(documents: [Manifest(name: "squid.conf", text: lines.joined(separator: "\n") + "\n")])
        rendering.notes = [
            "the gate sees Squid's address and not the agents': let them show tokens (attest: token), which pass through, or "
                + "know all that come through Squid as one agent"
        ]
        if sources.isEmpty {
            rendering.notes.append(
                "no agent is known by its network (attest: source): only this machine may ask; add networks to `acl agents`"
            )
        }
        return rendering
    }

    private var sources: [AddressBlock] {
        var seen: Set<AddressBlock> = []
        let blocks = configuration.agents.flatMap(\.attestations).flatMap { attestation -> [AddressBlock] in
            if case .source(let blocks) = attestation.kind { blocks } else { [] }
        }
        return blocks.filter { seen.insert($0).inserted }
    }

    /// A port that no listener of the gate has.
    private var port: UInt16 {
        let taken = Set(configuration.tcpListeners.map(\.port))
        return (3128...UInt16.max).first { !taken.contains($0) } ?? 3128
    }

    private var networks: [String] {
        sources.isEmpty ? ["127.0.0.1/32", "::1/128"] : sources.map(\.description)
    }

    /// Lists of hosts and ports, one pair for each set of ports that grants name together, and the rules over them.
    private var access: (lists: [String], permissions: [String]) {
        var order: [PortSet] = []
        var hosts: [PortSet: [HostPattern]] = [:]
        for destination in configuration.grantedDestinations {
            if hosts[destination.ports] == nil { order.append(destination.ports) }
            if hosts[destination.ports]?.contains(destination.host) != true {
                hosts[destination.ports, default: []].append(destination.host)
            }
        }
        var lists: [String] = []
        var permissions: [String] = []
        for (index, ports) in order.enumerated() {
            let number = index + 1
            for range in ports.ranges {
                let text = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
                lists.append("acl ports\(number) port \(text)")
            }
            for name in names(hosts[ports] ?? []) { lists.append("acl names\(number) dstdomain -n \(name)") }
            for block in blocks(hosts[ports] ?? []) { lists.append("acl addresses\(number) dst -n \(block)") }
            if !names(hosts[ports] ?? []).isEmpty {
                permissions.append("http_access allow ports\(number) names\(number)")
            }
            if !blocks(hosts[ports] ?? []).isEmpty {
                permissions.append("http_access allow ports\(number) addresses\(number)")
            }
            if (hosts[ports] ?? []).contains(where: { $0.kind == .any }) {
                permissions.append("http_access allow ports\(number)")
            }
        }
        return (lists, permissions)
    }

    /// Names as `dstdomain` writes them, none below another: Squid refuses to read such a list.
    private func names(_ patterns: [HostPattern]) -> [String] {
        let suffixes = patterns.compactMap { pattern -> HostName? in
            if case .subdomains(let name) = pattern.kind { name } else { nil }
        }
        let wide = suffixes.filter { name in !suffixes.contains { name.isSubdomain(of: $0) } }
        let exact = patterns.compactMap { pattern -> HostName? in
            if case .exact(let name) = pattern.kind { name } else { nil }
        }.filter { name in !wide.contains { $0 == name || name.isSubdomain(of: $0) } }
        return exact.map(\.description) + wide.map { ".\($0)" }
    }

    private func blocks(_ patterns: [HostPattern]) -> [String] {
        patterns.compactMap { pattern in
            switch pattern.kind {
            case .address(let address): "\(AddressBlock(only: address))"
            case .block(let block): "\(block)"
            case .exact, .subdomains, .any: nil
            }
        }
    }

    private static func host(_ host: Host) -> String {
        switch host {
        case .name(let name): name.description
        case .address(let address): address.description
        }
    }
}
