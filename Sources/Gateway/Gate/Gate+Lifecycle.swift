// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
internal import EgressPlane
internal import MeshPlane
internal import PKI
internal import SandboxPlane
internal import ServicePlane
internal import Storage
internal import Synchronization
internal import Transport
internal import YettConfiguration

extension Gate {
    /// Records that the gate starts; without that record nothing is served.
    func recordStart() throws(GatewayError) {
        var event = event(.startup)
        event.durability = log.configuration.durability.rawValue
        let bundles = authorizer.snapshot.bundles
        event.detail =
            "yett \(version), configuration \(authorizer.snapshot.digest)"
            + (bundles.isEmpty ? "" : "; " + Self.text(of: bundles))
        event.evidence = try baselineEvidence()
        do {
            try log.record(event)
        } catch {
            throw GatewayError(["the start cannot be recorded, so nothing is served: \(error)"])
        }
    }

    /// Records that the gate stops.
    func recordStop(cause: String) {
        var event = event(.shutdown)
        event.cause = cause
        event.duration = (clock.monotonic() - startedAt) / 1000
        record(event)
    }

    /// Opens every listener of the configuration.
    func listen(_ loaded: LoadedConfiguration) async throws {
        let materials = try ListenerMaterials(loaded.configuration, identity: identity?.source)
        let described = try serviceMaterials(of: loaded.configuration)
        access.replace(with: try registeredIssuers(described))
        services.serve(described.descriptions)
        mesh?.replace(MeshSettings(loaded.configuration, described.descriptions))
        leaks.replace(with: described.leaks, isEnforced: loaded.configuration.leaks?.mode == .enforce)
        watch(state.withLock { $0.builder }, materials, described)
        for (key, section, listener) in loaded.configuration.namedListeners {
            let refusals = RefusedHandshakes(at: listener.address.description, clock: clock, logger: logger)
            let tls = materials[key].map { material in
                SVIDServerTLS(
                    material, clients: listener.clientCertificates, protocols: section.applicationProtocols,
                    now: { [clock] in clock.wall() / 1_000_000 }, report: refusals.report)
            }
            let specification = try ListenerSpecification(listener, tls: tls, handed: try handed(listener.address))
            let bound: BoundListener
            do {
                bound =
                    switch section {
                    case .egress: try await plane.listen(on: specification)
                    case .service: try await services.listen(on: specification)
                    }
            } catch {
                throw GatewayError(
                    ["\(section.rawValue).listeners: \(listener.address): \(error)"],
                    remedy: "see who has the address: ss -ltnp; for a Unix socket its directory must exist")
            }
            state.withLock { state in
                state.listeners.append(bound)
                state.security[key] = tls
            }
        }
        try await listenToMesh(loaded.configuration)
        // Once more, now that every port is known: the gate's own listeners are no destinations.
        authorizer.replace(
            with: try snapshot(of: loaded, policy: BuiltPolicy(of: authorizer.snapshot), revision: 1))
    }

    /// What the services of a configuration need.
    func serviceMaterials(of configuration: GateConfiguration) throws(GatewayError) -> ServiceMaterials {
        try ServiceMaterials(
            configuration, identity: identity?.source, tokens: tokens, sources: sources,
            sandbox: sandbox.map { SandboxServer(plane: $0, version: version) }, canaries: canaryKeeper.secrets,
            now: { [clock] in clock.wall() / 1_000_000 })
    }

    /// The authorization servers whose tokens count.
    func registeredIssuers(_ materials: ServiceMaterials) throws(GatewayError) -> [RegisteredIssuer] {
        try materials.issuers.map { materials throws(GatewayError) in try issuers.registered(materials) } ?? []
    }

    /// Lets what is open in both data planes finish, and cuts the rest when `grace` is over.
    func drain(grace: Duration) async {
        await mesh?.close()
        async let egress: Void = plane.drain(grace: grace)
        await services.drain(grace: grace)
        // What was cut is gone before the loops are that record it.
        await sandbox?.drained()
        await egress
    }
}

extension ListenerSection {
    /// What is offered by ALPN, the preferred one first.
    fileprivate var applicationProtocols: [String] {
        switch self {
        case .egress: ["http/1.1"]
        case .service: ["h2", "http/1.1"]
        }
    }
}
