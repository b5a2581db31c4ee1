// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import YettConfiguration

/// A TCP address at which the gate listens, and for whom.
struct GateListener: Sendable, Hashable {
    /// Who connects.
    enum Audience: Sendable, Hashable {
        /// Agents.
        case agents
        /// Envoys that ask for decisions.
        case envoys
        /// People's browsers and foreign systems, from wherever they are.
        case others
    }

    /// What it is called in manifests: at most 15 bytes, small letters, digits and hyphens.
    let name: String
    /// The key of the configuration, for people.
    let place: String
    let address: IPAddress
    let port: UInt16
    let audience: Audience

    /// Whether it is reached from elsewhere than its own machine or pod.
    var isReachable: Bool { !address.isLoopback }

    /// The address as the configuration writes it.
    var written: String { ListenerConfiguration.Address.tcp(address, port: port).description }
}

extension GateConfiguration {
    /// The TCP listeners whose ports are known, in the order of the configuration's sections.
    var tcpListeners: [GateListener] {
        var all = listeners(of: egress.listeners, "egress", "egress.listeners")
        all += listeners(of: serviceProxy?.listeners ?? [], "services", "service_proxy.listeners")
        let single: [(String, String, IPAddress?, UInt16, GateListener.Audience)] = [
            ("tokens", "identity.endpoints", identity.endpoints?.address, identity.endpoints?.port ?? 0, .agents),
            ("mesh", "mesh.address", mesh?.address, mesh?.port ?? 0, .envoys),
            (
                "bundle", "identity.bundle_endpoint", identity.bundleEndpoint?.address,
                identity.bundleEndpoint?.port ?? 0, .others
            ),
            ("people", "people.address", people?.address, people?.port ?? 0, .others),
            ("signals", "signals.address", signals?.address, signals?.port ?? 0, .others),
            ("dashboard", "dashboard.address", dashboard?.address, dashboard?.port ?? 0, .others),
        ]
        for (name, place, address, port, audience) in single {
            guard let address, port > 0 else { continue }
            all.append(GateListener(name: name, place: place, address: address, port: port, audience: audience))
        }
        return all
    }

    private func listeners(
        of configured: [ListenerConfiguration], _ name: String, _ place: String
    ) -> [GateListener] {
        var all: [GateListener] = []
        for listener in configured {
            guard case .tcp(let address, let port) = listener.address, port > 0 else { continue }
            all.append(
                GateListener(
                    name: "\(name)-\(all.count + 1)", place: place, address: address, port: port, audience: .agents))
        }
        return all
    }

    /// The keys of listeners whose port the system chooses, so that no manifest can name it.
    var listenersOnAnyPort: [String] {
        let agents = (egress.listeners + (serviceProxy?.listeners ?? [])).filter { listener in
            if case .tcp(_, port: 0) = listener.address { true } else { false }
        }
        return agents.map { "\($0.address)" }
    }
}
