// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// Agents with a gate in each of their pods.
struct SidecarWorkloads {
    private let facts: ClusterFacts
    private let gate: GateWorkload

    init(_ facts: ClusterFacts, _ gate: GateWorkload) {
        self.facts = facts
        self.gate = gate
    }

    /// A deployment for each agent.
    ///
    /// - Throws: ``ManifestError`` when nobody said which image the agents have.
    var deployments: [String] {
        get throws(ManifestError) {
            guard let image = facts.options.agentImage else {
                throw ManifestError(
                    "a sidecar stands in the pod of an agent, and nobody said which image the agents have",
                    remedy: "name it: --agent-image NAME")
            }
            guard !facts.agents.isEmpty else {
                throw ManifestError(
                    "the configuration has no agent beside which the gate could run", remedy: "add one below agents")
            }
            return facts.agents.map { deployment(of: $0.name, account: $0.account, image: image) }
        }
    }

    private func deployment(of agent: String, account: String, image: String) -> String {
        let labels = YAMLNode.map([
            YAMLNode.Entry("app.kubernetes.io/name", .string(account)),
            YAMLNode.Entry("app.kubernetes.io/component", "agent"),
        ]).adding(facts.agentLabels.entries.filter { !$0.key.hasPrefix("app.kubernetes.io/") })
        let selector: YAMLNode = ["matchLabels": ["app.kubernetes.io/name": .string(account)]]
        return YAMLEmitter.document(
            """
            The agent \(agent) with a gate of its own. Both share a network and nothing else: neither processes nor files.
            The gate's state ends with the pod: name witnesses (audit.witnesses) that remember what it signed.
            """,
            [
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": [
                    "name": .string(account), "namespace": .string("\(facts.options.agentsNamespace)"),
                    "labels": labels,
                ],
                "spec": [
                    "replicas": 1, "selector": selector,
                    "template": [
                        "metadata": ["labels": labels],
                        "spec": [
                            "serviceAccountName": .string(account), "automountServiceAccountToken": false,
                            "enableServiceLinks": false, "shareProcessNamespace": false,
                            "terminationGracePeriodSeconds": .integer(gate.pod.terminationSeconds),
                            "securityContext": gate.pod.securityContext,
                            "initContainers": [gate.pod.container(isSidecar: true)],
                            "containers": [container(image)],
                            "volumes": .list(gate.pod.volumes(state: ["emptyDir": ["sizeLimit": "1Gi"]])),
                        ],
                    ],
                ],
            ])
    }

    private func container(_ image: String) -> YAMLNode {
        var environment: [YAMLNode] = []
        if let proxy = facts.listeners.first(where: { $0.name.hasPrefix("egress-") && $0.audience == .agents }) {
            let url = "http://\(proxy.written)"
            for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
                environment.append(["name": .string(name), "value": .string(url)])
            }
        }
        var entries: [YAMLNode.Entry] = [
            YAMLNode.Entry("name", "agent"), YAMLNode.Entry("image", .string(image)),
        ]
        if !environment.isEmpty { entries.append(YAMLNode.Entry("env", .list(environment))) }
        entries.append(
            YAMLNode.Entry(
                "securityContext",
                [
                    "allowPrivilegeEscalation": false,
                    "runAsUser": .noted("Another user than the gate's, whose files it must not read.", 65533),
                    "runAsGroup": 65533, "capabilities": ["drop": ["ALL"]],
                ]))
        return .map(entries)
    }
}
