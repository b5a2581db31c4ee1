// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// The gate in a Kubernetes cluster, and agents that reach nothing else.
struct KubernetesManifests {
    private let facts: ClusterFacts

    init(_ configuration: GateConfiguration, _ options: RenderOptions) throws(ManifestError) {
        facts = try ClusterFacts(configuration, options)
    }

    /// The documents, in the order in which they are applied: isolation first, the gate after it.
    func render() throws(ManifestError) -> Rendering {
        let policies = NetworkPolicies(facts)
        let gate = GateWorkload(facts)
        var rendering = Rendering()
        add(&rendering, "namespaces", namespaces)
        add(&rendering, "service-accounts", accounts)
        add(&rendering, "network-policies-agents", policies.ofAgents)
        switch facts.options.mode {
        case .deployment, .daemonset:
            guard !facts.agentListeners.isEmpty || !facts.reachable.isEmpty else {
                throw ManifestError(
                    "no pod could reach the gate: every listener is on a loopback address, a Unix socket, or a port that "
                        + "the system chooses",
                    remedy: "listen on \"0.0.0.0:3128\", or render the gate into the agents' pods: --mode sidecar")
            }
            add(&rendering, "network-policies-gate", policies.ofGate)
            add(&rendering, "configuration", [configurationMap(in: facts.options.namespace)])
            if facts.options.mode == .deployment { add(&rendering, "volume", [gate.claim]) }
            add(&rendering, "gate", facts.options.mode == .deployment ? [gate.deployment] : [gate.daemonSet])
            add(&rendering, "service", [gate.service])
            if facts.options.mode == .deployment { add(&rendering, "disruption-budget", [gate.disruptionBudget]) }
        case .sidecar:
            add(&rendering, "configuration", [configurationMap(in: facts.options.agentsNamespace)])
            add(&rendering, "agents", try SidecarWorkloads(facts, gate).deployments)
        }
        rendering.notes = KubernetesNotes(facts).all
        return rendering
    }

    private func add(_ rendering: inout Rendering, _ name: String, _ documents: [String]) {
        let number = rendering.documents.count
        rendering.documents.append(
            Manifest(name: "0\(number)-\(name).yaml", text: documents.joined(separator: "---\n")))
    }

    private var namespaces: [String] {
        let options = facts.options
        var all: [String] = []
        if options.mode != .sidecar {
            all.append(
                namespace(
                    options.namespace, "Where the gate runs. Nobody but operators of the gate has rights in it.",
                    // A directory of the node is more than any other level allows.
                    level: options.mode == .daemonset ? "privileged" : "restricted"))
        }
        all.append(
            namespace(
                options.agentsNamespace,
                "Where agents run. Who may create pods or change network policies here decides what agents can reach."))
        return all
    }

    private func namespace(_ name: ClusterName, _ comment: String, level: String = "restricted") -> String {
        YAMLEmitter.document(
            comment,
            [
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": [
                    "name": .string("\(name)"),
                    "labels": [
                        "app.kubernetes.io/part-of": "yett",
                        "pod-security.kubernetes.io/enforce": .string(level),
                    ],
                ],
            ])
    }

    private var accounts: [String] {
        var all: [String] = []
        if facts.options.mode != .sidecar {
            all.append(
                account(
                    ClusterFacts.gate, facts.options.namespace, "gate", "The gate. It never asks the cluster's API."))
        }
        return all
            + facts.agents.map { agent in
                account(
                    agent.account, facts.options.agentsNamespace, "agent",
                    "The agent \(agent.name). Without a token: the cluster's API is another way out.")
            }
    }

    private func account(_ name: String, _ namespace: ClusterName, _ component: String, _ comment: String) -> String {
        YAMLEmitter.document(
            comment,
            [
                "apiVersion": "v1", "kind": "ServiceAccount",
                "metadata": [
                    "name": .string(name), "namespace": .string("\(namespace)"),
                    "labels": [
                        "app.kubernetes.io/part-of": "yett", "app.kubernetes.io/component": .string(component),
                    ],
                ],
                "automountServiceAccountToken": false,
            ])
    }

    private func configurationMap(in namespace: ClusterName) -> String {
        YAMLEmitter.document(
            "The gate's configuration with every default written out. It refers to secrets and holds none.",
            [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": facts.metadata("yett-configuration", in: namespace),
                "data": ["yett.yaml": .string(facts.configuration.effectiveText())],
            ])
    }
}
