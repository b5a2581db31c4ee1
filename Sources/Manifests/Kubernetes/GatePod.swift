// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// The gate within a pod: its container, what it may, and what is mounted into it.
struct GatePod {
    private let facts: ClusterFacts

    init(_ facts: ClusterFacts) { self.facts = facts }

    /// The seconds from the request to end until the end.
    var terminationSeconds: Int { facts.configuration.shutdownSeconds + 15 }

    /// What holds for every container of the pod.
    var securityContext: YAMLNode {
        var entries: [YAMLNode.Entry] = [
            YAMLNode.Entry("runAsNonRoot", true), YAMLNode.Entry("runAsUser", .integer(ClusterFacts.user)),
            YAMLNode.Entry("runAsGroup", .integer(ClusterFacts.user)),
            YAMLNode.Entry("fsGroup", .integer(ClusterFacts.user)),
            YAMLNode.Entry("fsGroupChangePolicy", "OnRootMismatch"),
            YAMLNode.Entry("seccompProfile", ["type": "RuntimeDefault"]),
        ]
        if facts.listeners.contains(where: { $0.port < 1024 }) {
            let note = "Ports below 1024, without a capability for them."
            entries.append(
                YAMLNode.Entry(
                    "sysctls", .noted(note, [["name": "net.ipv4.ip_unprivileged_port_start", "value": "0"]])))
        }
        return .map(entries)
    }

    /// The gate's container.
    ///
    /// - Parameter isSidecar: Whether it starts before the agent of its pod and ends after it.
    func container(isSidecar: Bool) -> YAMLNode {
        var entries: [YAMLNode.Entry] = [
            YAMLNode.Entry("name", "gate"), YAMLNode.Entry("image", .string(facts.options.image)),
            YAMLNode.Entry("imagePullPolicy", "IfNotPresent"),
        ]
        if isSidecar {
            let note = "A sidecar: it serves before the agent starts, and until the agent has ended."
            entries.append(YAMLNode.Entry("restartPolicy", .noted(note, "Always")))
        }
        entries.append(YAMLNode.Entry("args", ["run", "--config", "/etc/yett/yett.yaml"]))
        if !environment.isEmpty { entries.append(YAMLNode.Entry("env", .list(environment))) }
        let ports = isSidecar ? [] : facts.reachable
        if !ports.isEmpty {
            entries.append(
                YAMLNode.Entry(
                    "ports",
                    .list(
                        ports.map { listener in
                            [
                                "name": .string(listener.name), "protocol": "TCP",
                                "containerPort": .integer(Int(listener.port)),
                            ]
                        })))
        }
        entries += [
            YAMLNode.Entry(
                "startupProbe", .noted("Whether the gate answers its operators; the exit code says it.", probe(2, 30))),
            YAMLNode.Entry("readinessProbe", probe(5, 2, "--ready")),
            YAMLNode.Entry("livenessProbe", probe(10, 6)),
            YAMLNode.Entry(
                "resources",
                ["requests": ["cpu": "250m", "memory": "256Mi"], "limits": ["memory": "1Gi"]]),
            YAMLNode.Entry(
                "securityContext",
                [
                    "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                    "capabilities": ["drop": ["ALL"]],
                ]),
            YAMLNode.Entry("volumeMounts", .list(mounts)),
        ]
        return .map(entries)
    }

    private func probe(_ period: Int, _ failures: Int, _ more: String...) -> YAMLNode {
        let words = ["yett", "status", "--json", "--socket", facts.configuration.admin.socket] + more
        return [
            "exec": ["command": .list(words.map { .string($0) })],
            "periodSeconds": .integer(period), "timeoutSeconds": 5, "failureThreshold": .integer(failures),
        ]
    }

    private var environment: [YAMLNode] {
        var all: [YAMLNode] = facts.variables.map { name in
            [
                "name": .string(name),
                "valueFrom": [
                    "secretKeyRef": ["name": .string(ClusterFacts.environmentSecret), "key": .string(name)]
                ],
            ]
        }
        if !facts.credentials.isEmpty {
            all.append(
                .noted(
                    "Where credential:NAME is found.",
                    ["name": "CREDENTIALS_DIRECTORY", "value": .string(ClusterFacts.credentialDirectory)]))
        }
        return all
    }

    private var mounts: [YAMLNode] {
        var all: [YAMLNode] = [
            ["name": "configuration", "mountPath": "/etc/yett/yett.yaml", "subPath": "yett.yaml", "readOnly": true]
        ]
        var labels = LabelAllocator()
        for path in facts.directories.state {
            var entries = [YAMLNode.Entry("name", "state"), YAMLNode.Entry("mountPath", .string(path))]
            if facts.directories.state.count > 1 {
                entries.append(YAMLNode.Entry("subPath", .string(labels.label(for: path))))
            }
            all.append(.map(entries))
        }
        for (index, path) in facts.directories.sockets.enumerated() {
            all.append(["name": "sockets-\(index + 1)", "mountPath": .string(path)])
        }
        if !facts.credentials.isEmpty {
            all.append([
                "name": "credentials", "mountPath": .string(ClusterFacts.credentialDirectory), "readOnly": true,
            ])
        }
        let files = facts.secretFiles.map { ("files", $0) } + facts.publicFiles.map { ("public-files", $0) }
        for (volume, file) in files {
            all.append(
                [
                    "name": .string(volume), "mountPath": .string(file.path), "subPath": .string(file.key),
                    "readOnly": true,
                ])
        }
        return all
    }

    /// What is mounted.
    ///
    /// - Parameter state: What keeps the gate's state.
    func volumes(state: YAMLNode) -> [YAMLNode] {
        var all: [YAMLNode] = [
            ["name": "configuration", "configMap": ["name": "yett-configuration"]],
            YAMLNode.map([YAMLNode.Entry("name", "state")]).adding(state.entries),
        ]
        for index in facts.directories.sockets.indices {
            all.append(["name": "sockets-\(index + 1)", "emptyDir": ["medium": "Memory", "sizeLimit": "16Mi"]])
        }
        if !facts.credentials.isEmpty {
            all.append(["name": "credentials", "secret": secret(ClusterFacts.credentialSecret)])
        }
        if !facts.secretFiles.isEmpty { all.append(["name": "files", "secret": secret(ClusterFacts.fileSecret)]) }
        if !facts.publicFiles.isEmpty {
            all.append(["name": "public-files", "configMap": ["name": .string(ClusterFacts.fileMap)]])
        }
        return all
    }

    private func secret(_ name: String) -> YAMLNode { ["secretName": .string(name), "defaultMode": 0o400] }
}

extension YAMLNode {
    /// The entries of a mapping.
    var entries: [Entry] {
        switch self {
        case .map(let entries): entries
        case .noted(_, let value): value.entries
        case .string, .integer, .decimal, .boolean, .list: []
        }
    }
}
