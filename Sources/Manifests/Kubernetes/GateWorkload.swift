// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// The gate as a workload of a cluster: its pod, what keeps it running, and the address under which it is found.
struct GateWorkload {
    private let facts: ClusterFacts
    let pod: GatePod

    init(_ facts: ClusterFacts) {
        self.facts = facts
        pod = GatePod(facts)
    }

    /// Where the record of every decision and the gate's state are kept.
    var claim: String {
        YAMLEmitter.document(
            "The record of every decision, and the gate's keys, tasks and revocations. One gate writes it.",
            [
                "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": facts.metadata("yett-state"),
                "spec": ["accessModes": ["ReadWriteOncePod"], "resources": ["requests": ["storage": "10Gi"]]],
            ])
    }

    /// One gate for the cluster.
    var deployment: String {
        YAMLEmitter.document(
            """
            One gate. Its record has one writer, so that the old pod ends before the new one begins; agents wait or are refused
            meanwhile, and never get past it.
            """,
            [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": facts.metadata(ClusterFacts.gate),
                "spec": [
                    "replicas": 1, "strategy": ["type": "Recreate"], "selector": facts.selector(facts.gateLabels),
                    "template": template(state: ["persistentVolumeClaim": ["claimName": "yett-state"]]),
                ],
            ])
    }

    /// A gate on each node.
    var daemonSet: String {
        YAMLEmitter.document(
            """
            A gate on each node, with a record of its own there. Make its directory on each node first:
            install -d -o \(ClusterFacts.user) -g \(ClusterFacts.user) -m 0700 /var/lib/yett-gate
            """,
            [
                "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": facts.metadata(ClusterFacts.gate),
                "spec": [
                    "updateStrategy": ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 1]],
                    "selector": facts.selector(facts.gateLabels),
                    "template": template(state: ["hostPath": ["path": "/var/lib/yett-gate", "type": "Directory"]]),
                ],
            ])
    }

    /// The address of the gate in the cluster.
    var service: String {
        var specification: [YAMLNode.Entry] = [
            YAMLNode.Entry("type", "ClusterIP"), YAMLNode.Entry("selector", facts.gateLabels),
        ]
        if facts.options.mode == .daemonset {
            let note = "An agent reaches the gate of its own node, which sees its address as it is."
            specification.append(YAMLNode.Entry("internalTrafficPolicy", .noted(note, "Local")))
        }
        specification.append(
            YAMLNode.Entry(
                "ports",
                .list(
                    facts.reachable.map { listener in
                        [
                            "name": .string(listener.name), "protocol": "TCP", "port": .integer(Int(listener.port)),
                            "targetPort": .integer(Int(listener.port)),
                        ]
                    })))
        return YAMLEmitter.document(
            "The address that stays while pods come and go.",
            [
                "apiVersion": "v1", "kind": "Service", "metadata": facts.metadata(ClusterFacts.gate),
                "spec": .map(specification),
            ])
    }

    /// What keeps a drain of its node from ending the gate unasked.
    var disruptionBudget: String {
        YAMLEmitter.document(
            """
            While the gate moves, no agent reaches anything. So a drain of its node waits until somebody deletes the pod, at a
            time that suits.
            """,
            [
                "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": facts.metadata(ClusterFacts.gate),
                "spec": ["minAvailable": 1, "selector": facts.selector(facts.gateLabels)],
            ])
    }

    private func template(state: YAMLNode) -> YAMLNode {
        [
            "metadata": [
                "labels": facts.gateLabels.adding([
                    YAMLNode.Entry(
                        "sidecar.istio.io/inject",
                        .noted("The gate ends TLS itself, to know who asks.", "false"))
                ])
            ],
            "spec": [
                "serviceAccountName": .string(ClusterFacts.gate), "automountServiceAccountToken": false,
                "enableServiceLinks": false,
                "terminationGracePeriodSeconds": .noted(
                    "What limits.shutdown_grace leaves open connections, and 15 s to sign and close the record.",
                    .integer(pod.terminationSeconds)),
                "securityContext": pod.securityContext,
                "containers": [pod.container(isSidecar: false)],
                "volumes": .list(pod.volumes(state: state)),
            ],
        ]
    }
}
