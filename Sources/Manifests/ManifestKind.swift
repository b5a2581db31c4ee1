// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import YettConfiguration

/// The foreign systems for which a configuration can be written.
public enum ManifestKind: String, Sendable, Hashable, CaseIterable {
    /// Kubernetes: the gate, its configuration, and network policies that leave agents no other way.
    case kubernetes
    /// Istio: who asks the gate, and that nothing leaves the mesh unregistered.
    case istio
    /// Envoy: a complete bootstrap.
    case envoy
    /// Squid: a proxy all of whose traffic goes to the gate.
    case squid
    /// systemd: the gate as a service with its listeners as sockets.
    case systemd

    /// Writes the files of one system. Pure: the same configuration and options give the same bytes.
    ///
    /// - Throws: ``ManifestError`` for a configuration that has no equal there.
    public func render(
        _ configuration: GateConfiguration, _ options: RenderOptions
    ) throws(ManifestError) -> Rendering {
        switch self {
        case .kubernetes: try KubernetesManifests(configuration, options).render()
        case .istio: try IstioManifests(configuration, options).render()
        case .envoy: try EnvoyManifests(configuration, options).render()
        case .squid: try SquidManifests(configuration, options).render()
        case .systemd: try SystemdManifests(configuration, options).render()
        }
    }
}
