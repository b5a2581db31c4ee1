// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import PKI
internal import Synchronization
internal import YettConfiguration

extension Gate {
    /// Puts other TLS material in place at the listeners that are open: for new handshakes at once, and for connections
    /// that are open with their next request.
    func replaceSecurity(with materials: ListenerMaterials, of configuration: GateConfiguration) {
        let security = state.withLock { $0.security }
        for (key, _, listener) in configuration.namedListeners {
            guard let material = materials[key] else { continue }
            security[key]?.replace(material, clients: listener.clientCertificates)
        }
    }

    /// Says which files the configuration in force was read from.
    func watch(_ builder: PolicyBuilder, _ listeners: ListenerMaterials, _ services: ServiceMaterials) {
        read(builder.paths + listeners.paths + services.paths)
    }
}

extension ListenerConfiguration {
    /// Whether clients must present a certificate: with `client_ca` always, with `svid` where they are known by it.
    var clientCertificates: SVIDServerTLS.ClientCertificates {
        tls == .svid && !identification.contains(.x509) ? .optional : .required
    }
}
