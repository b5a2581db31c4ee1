// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

extension Gate {
    /// Paths that must never be shown to a launched agent.
    func protectedPaths(_ configuration: GateConfiguration) -> [String] {
        var paths = [
            configurationPath, SocketDirectory.parent(of: configuration.admin.socket), configuration.audit.directory,
        ]
        func add(_ reference: SecretReference?) {
            if case .file(let path)? = reference { paths.append(path) }
        }
        add(configuration.audit.key)
        add(configuration.dashboard?.tls?.key)
        if configuration.identity.source == .embedded { paths.append(configuration.identity.directory) }
        switch configuration.identity.sealing {
        case .key(let reference), .passphrase(let reference): add(reference)
        case nil: break
        }
        for listener in configuration.egress.listeners {
            if case .files(let files) = listener.tls { add(files.key) }
        }
        for agent in configuration.agents {
            for case .token(let reference) in agent.attestations.map(\.kind) { add(reference) }
        }
        return paths
    }
}
