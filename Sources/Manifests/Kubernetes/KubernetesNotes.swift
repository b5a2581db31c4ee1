// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import YettConfiguration

/// What the documents of a cluster cannot say.
struct KubernetesNotes {
    private let facts: ClusterFacts

    init(_ facts: ClusterFacts) { self.facts = facts }

    var all: [String] {
        let namespace = facts.options.mode == .sidecar ? facts.options.agentsNamespace : facts.options.namespace
        var notes = [
            "network policies need a network plugin that enforces them; try it from an agent's pod: yett verify network"
        ]
        if !facts.variables.isEmpty {
            notes.append(
                "make the Secret \(ClusterFacts.environmentSecret) in \(namespace) with the keys "
                    + facts.variables.joined(separator: ", "))
        }
        if !facts.credentials.isEmpty {
            notes.append(
                "make the Secret \(ClusterFacts.credentialSecret) in \(namespace) with the keys "
                    + facts.credentials.joined(separator: ", "))
        }
        for file in facts.secretFiles {
            notes.append(
                "file:\(file.path) is the key \(file.key) of the Secret \(ClusterFacts.fileSecret) in \(namespace); a cluster "
                    + "gives files of Secrets to a group, which the gate refuses for private keys and tokens: write credential:"
            )
        }
        for file in facts.publicFiles {
            notes.append("\(file.path) is the key \(file.key) of the ConfigMap \(ClusterFacts.fileMap) in \(namespace)")
        }
        for path in facts.configuration.policy.files + facts.configuration.localBundles {
            notes.append(
                "policy: \(path) is not in the documents; a bundle from a server (policy.bundles.url) reaches every pod"
            )
        }
        if facts.options.mode != .sidecar {
            for listener in facts.listeners where !listener.isReachable {
                notes.append("\(listener.place): \(listener.written) is reached from the gate's own pod only")
            }
            for path in facts.configuration.unixListeners {
                notes.append("\(path): a Unix socket is reached from the gate's own pod only")
            }
        }
        for address in facts.configuration.listenersOnAnyPort {
            notes.append("\(address): the system chooses the port, so that no document can name it")
        }
        if facts.configuration.sandbox?.isOn == true {
            notes.append(
                "sandbox: needs namespaces that a restricted pod may not make; see `yett sandbox doctor` in the pod")
        }
        if facts.configuration.identity.socket != nil, facts.options.mode != .sidecar {
            notes.append(
                "identity.socket: workloads in other pods do not reach it; let them join, or use a SPIRE agent")
        }
        return notes
    }
}

extension GateConfiguration {
    /// Bundles in files beside the configuration.
    fileprivate var localBundles: [String] {
        policy.bundles.compactMap { bundle in
            if case .path(let path) = bundle.source { path } else { nil }
        }
    }
}
