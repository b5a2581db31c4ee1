// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
internal import EgressPlane
internal import PKI
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
        watch(state.withLock { $0.builder }, materials)
        for (key, listener) in loaded.configuration.egress.namedListeners {
            let refusals = RefusedHandshakes(at: listener.address.description, clock: clock, logger: logger)
            let tls = materials[key].map { material in
                SVIDServerTLS(
                    material, clients: listener.clientCertificates, now: { [clock] in clock.wall() / 1_000_000 },
                    report: refusals.report)
            }
            let specification = try ListenerSpecification(listener, tls: tls)
            let bound: BoundListener
            do {
                bound = try await plane.listen(on: specification)
            } catch {
                throw GatewayError(
                    ["egress.listeners: \(listener.address): \(error)"],
                    remedy: "see who has the address: ss -ltnp; for a Unix socket its directory must exist")
            }
            state.withLock { state in
                state.listeners.append(bound)
                state.security[key] = tls
            }
        }
        // Once more, now that every port is known: the gate's own listeners are no destinations.
        authorizer.replace(
            with: try snapshot(of: loaded, policy: BuiltPolicy(of: authorizer.snapshot), revision: 1))
    }
}
