// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import YettConfiguration

/// Who may connect to whom: default deny for agents and gate, and the openings that are left.
struct NetworkPolicies {
    private let facts: ClusterFacts

    init(_ facts: ClusterFacts) { self.facts = facts }

    /// The policies of the agents' namespace.
    var ofAgents: [String] {
        let agents = facts.selector(facts.agentLabels)
        let denial = policy(
            "agents-default-deny", facts.options.agentsNamespace, agents, ingress: [], egress: [],
            """
            Agents reach nothing and are reached by nobody: no address, no name server, no metadata service, no API of the
            cluster. Network policies only add up, so another one that selects these pods would open a way.
            """)
        guard facts.options.mode != .sidecar else { return [denial, sidecarEgress(agents)] }
        guard !facts.agentListeners.isEmpty else { return [denial] }
        let gate: YAMLNode = [
            "namespaceSelector": facts.options.namespace.selector,
            "podSelector": facts.selector(facts.gateLabels),
        ]
        let opening = policy(
            "agents-to-gate", facts.options.agentsNamespace, agents, ingress: nil,
            egress: [["to": [gate], "ports": ports(facts.agentListeners)]],
            """
            The one way out: the gate's listeners for agents. It does not resolve names for them; agents name the gate by the
            address of its Service (its cluster address stays, an entry of hostAliases makes it a name).
            """)
        return [denial, opening]
    }

    /// The policies of the gate's namespace.
    var ofGate: [String] {
        let gate = facts.selector(facts.gateLabels)
        let denial = policy(
            "gate-default-deny", facts.options.namespace, gate, ingress: [], egress: [],
            "The gate, too, has only the ways that the next two policies open.")
        let incoming = policy(
            "gate-ingress", facts.options.namespace, gate, ingress: ingress, egress: nil,
            "Who reaches which listener of the gate. Who it is, is decided by the gate and not by an address.")
        return [denial, incoming, egressPolicy("gate-egress", facts.options.namespace, gate, Self.gateEgress)]
    }

    private static let gateEgress = """
        Where the gate itself may connect. A network policy knows addresses and no names: what grants name by address is
        open by address; what they name by name could be anywhere, so that all public addresses are open on these ports and
        private, link-local and metadata addresses are not. Which name is allowed, and that its address is public, is
        decided by the gate for each connection.
        """

    private func sidecarEgress(_ agents: YAMLNode) -> String {
        egressPolicy(
            "agents-through-sidecar", facts.options.agentsNamespace, agents,
            Self.gateEgress + "\n"
                + """
                A network policy holds for a pod and cannot tell the agent from the gate beside it: what is open here for the
                gate is open for the agent. Where that must not be, render with --mode deployment.
                """)
    }

    private var ingress: [YAMLNode] {
        let agents = facts.agentListeners
        let envoys = facts.reachable.filter { $0.audience == .envoys }
        let others = facts.reachable.filter { $0.audience == .others }
        var rules: [YAMLNode] = []
        if !agents.isEmpty {
            let pods: YAMLNode = [
                "namespaceSelector": facts.options.agentsNamespace.selector,
                "podSelector": facts.selector(facts.agentLabels),
            ]
            rules.append(.noted("Agents.", ["from": [pods], "ports": ports(agents)]))
        }
        if !envoys.isEmpty {
            let pods: YAMLNode = ["namespaceSelector": .nothing]
            rules.append(
                .noted(
                    "Envoys of the cluster, which prove who they are (mesh.envoys).",
                    ["from": [pods], "ports": ports(envoys)])
            )
        }
        if !others.isEmpty {
            let places = others.map(\.place).joined(separator: ", ")
            rules.append(.noted("People and foreign systems, from anywhere: \(places).", ["ports": ports(others)]))
        }
        return rules
    }

    private func egressPolicy(_ name: String, _ namespace: ClusterName, _ pods: YAMLNode, _ comment: String) -> String {
        let ranges = AddressRanges(facts.configuration)
        var rules: [YAMLNode] = nameServers(needed: ranges.publicPorts != nil || !ranges.namespaces.isEmpty)
        for (namespace, reasons) in ranges.namespaces {
            rules.append(
                .noted(
                    """
                    \(reasons.joined(separator: ", ")). A policy sees the port of the pod and not that of its Service, which is
                    why every port of the namespace is open.
                    """,
                    ["to": [["namespaceSelector": namespace.selector]]]))
        }
        for opening in ranges.openings {
            let reasons = opening.reasons.joined(separator: ", ")
            rules.append(
                .noted(
                    "\(reasons).",
                    [
                        "to": [["ipBlock": ["cidr": .string("\(opening.block)")]]],
                        "ports": ports(opening.ports ?? .all),
                    ]))
        }
        if let publicPorts = ranges.publicPorts {
            let whole: YAMLNode = [
                "ipBlock": ["cidr": "0.0.0.0/0", "except": .strings(AddressRanges.notPublicIPv4.map(\.description))]
            ]
            let sixth: YAMLNode = [
                "ipBlock": ["cidr": "2000::/3", "except": .strings(AddressRanges.notPublicIPv6.map(\.description))]
            ]
            let reasons = ranges.publicReasons.joined(separator: ", ")
            rules.append(.noted("Names, of: \(reasons).", ["to": [whole, sixth], "ports": ports(publicPorts)]))
        }
        return policy(name, namespace, pods, ingress: nil, egress: rules, comment)
    }

    /// Where the gate resolves names: the configured servers, or the cluster's.
    private func nameServers(needed: Bool) -> [YAMLNode] {
        let servers = facts.configuration.egress.resolver.servers.filter { !$0.address.isLoopback }
        guard servers.isEmpty else {
            return servers.map { server in
                .noted(
                    "A name server, for the gate alone.",
                    [
                        "to": [["ipBlock": ["cidr": .string("\(AddressBlock(only: server.address))")]]],
                        "ports": [port(server.port, "UDP"), port(server.port, "TCP")],
                    ])
            }
        }
        guard needed else { return [] }
        let cluster: YAMLNode = [
            "namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "kube-system"]],
            "podSelector": ["matchLabels": ["k8s-app": "kube-dns"]],
        ]
        return [
            .noted(
                "The cluster's name server, for the gate alone.",
                ["to": [cluster], "ports": [port(53, "UDP"), port(53, "TCP")]])
        ]
    }

    private func policy(
        _ name: String, _ namespace: ClusterName, _ pods: YAMLNode, ingress: [YAMLNode]?, egress: [YAMLNode]?,
        _ comment: String
    ) -> String {
        var specification: [YAMLNode.Entry] = [YAMLNode.Entry("podSelector", pods)]
        var types: [String] = []
        if ingress != nil { types.append("Ingress") }
        if egress != nil { types.append("Egress") }
        specification.append(YAMLNode.Entry("policyTypes", .strings(types)))
        if let ingress, !ingress.isEmpty { specification.append(YAMLNode.Entry("ingress", .list(ingress))) }
        if let egress, !egress.isEmpty { specification.append(YAMLNode.Entry("egress", .list(egress))) }
        return YAMLEmitter.document(
            comment,
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                "metadata": facts.metadata(name, in: namespace), "spec": .map(specification),
            ])
    }

    private func ports(_ listeners: [GateListener]) -> YAMLNode {
        var seen: Set<UInt16> = []
        return .list(listeners.map(\.port).filter { seen.insert($0).inserted }.map { port($0, "TCP") })
    }

    private func ports(_ set: PortSet) -> YAMLNode {
        .list(
            set.ranges.map { range in
                guard range.count > 1 else { return port(range.lowerBound, "TCP") }
                return [
                    "protocol": "TCP", "port": .integer(Int(range.lowerBound)),
                    "endPort": .integer(Int(range.upperBound)),
                ]
            })
    }

    private func port(_ number: UInt16, _ name: String) -> YAMLNode {
        ["protocol": .string(name), "port": .integer(Int(number))]
    }
}
