// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// Names and references that the documents of a cluster share.
struct ClusterFacts {
    let configuration: GateConfiguration
    let options: RenderOptions
    let listeners: [GateListener]
    let directories: PodDirectories
    let references: [SecretReference]
    /// The agents with the names of their accounts.
    let agents: [(name: String, account: String)]
    /// Files that are mounted one by one, with the key of each.
    let secretFiles: [MountedFile]
    let publicFiles: [MountedFile]

    /// A file of the configuration, and the key under which a Secret or a ConfigMap has it.
    struct MountedFile: Hashable {
        let path: String
        let key: String
    }

    /// The name of the gate's own objects.
    static let gate = "yett"
    /// The Secret with the values of `env:` references.
    static let environmentSecret = "yett-environment"
    /// The Secret with the files of `credential:` references.
    static let credentialSecret = "yett-credentials"
    /// The Secret with the files of `file:` references.
    static let fileSecret = "yett-files"
    /// The ConfigMap with files that are no secrets.
    static let fileMap = "yett-public-files"
    /// Where the gate finds its credentials.
    static let credentialDirectory = "/etc/yett-credentials"
    /// The user and group of the gate.
    static let user = 65532

    init(_ configuration: GateConfiguration, _ options: RenderOptions) throws(ManifestError) {
        self.configuration = configuration
        self.options = options
        listeners = configuration.tcpListeners
        directories = try PodDirectories(configuration)
        references = configuration.secretReferences
        var labels = LabelAllocator(prefix: "agent-")
        agents = configuration.agents.map { ($0.name, labels.label(for: $0.name)) }
        var keys = LabelAllocator()
        secretFiles = references.compactMap { reference in
            if case .file(let path) = reference { MountedFile(path: path, key: keys.label(for: path)) } else { nil }
        }
        let secretPaths = Set(secretFiles.map { Array($0.path.utf8) })
        publicFiles = configuration.publicFiles.filter { !secretPaths.contains(Array($0.utf8)) }.map { path in
            MountedFile(path: path, key: keys.label(for: path))
        }
        try checkMounts()
    }

    /// A cluster refuses a place to mount something with a colon in it, and only when the pod is made.
    private func checkMounts() throws(ManifestError) {
        let paths = directories.state + directories.sockets + (secretFiles + publicFiles).map(\.path)
        for path in paths where path.utf8.contains(UInt8(ascii: ":")) {
            throw ManifestError(
                "\(path): nothing can be mounted in a pod at a path with a colon",
                remedy: "rename it in the configuration")
        }
    }

    /// The names of environment variables that hold secrets.
    var variables: [String] {
        references.compactMap { reference in
            if case .environment(let name) = reference { name } else { nil }
        }
    }

    /// The names of credentials.
    var credentials: [String] {
        references.compactMap { reference in
            if case .credential(let name) = reference { name } else { nil }
        }
    }

    /// The listeners that pods elsewhere can reach.
    var reachable: [GateListener] { listeners.filter(\.isReachable) }

    /// Those of them that are for agents.
    var agentListeners: [GateListener] { reachable.filter { $0.audience == .agents } }

    /// The labels by which the gate's pods are selected.
    var gateLabels: YAMLNode { ["app.kubernetes.io/name": "yett", "app.kubernetes.io/component": "gate"] }

    /// The labels by which agents' pods are selected.
    var agentLabels: YAMLNode {
        .map(options.agentsSelector.map { YAMLNode.Entry($0.key, .string($0.value)) })
    }

    /// A selector of pods by labels; the empty one selects all.
    func selector(_ labels: YAMLNode) -> YAMLNode {
        if case .map(let entries) = labels, entries.isEmpty { return .nothing }
        return ["matchLabels": labels]
    }

    /// The metadata of an object.
    func metadata(_ name: String, in namespace: ClusterName? = nil) -> YAMLNode {
        [
            "name": .string(name), "namespace": .string("\(namespace ?? options.namespace)"),
            "labels": ["app.kubernetes.io/part-of": "yett"],
        ]
    }
}

extension ClusterName {
    /// What selects a namespace by its name.
    var selector: YAMLNode { ["matchLabels": ["kubernetes.io/metadata.name": .string(description)]] }
}
