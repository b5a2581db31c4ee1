// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Decision
internal import Glibc
internal import Synchronization
internal import Transport
internal import YettConfiguration

extension Gate {
    /// The socket that was handed over for a listener, if there is one.
    func handed(_ address: ListenerConfiguration.Address) throws(GatewayError) -> HandedSocket? {
        do throws(HandedSocketError) {
            switch address {
            case .tcp(let address, let port): return supervision.handed.take(tcp: address, port: port)
            case .unix(let path, let mode): return try supervision.handed.take(unix: path, mode: mode)
            }
        } catch {
            throw GatewayError(["\(error)"], remedy: error.remedy, isConfiguration: true)
        }
    }

    /// Refuses sockets that no listener wanted, and leaves those of the listeners with the service manager, so that
    /// connections wait there while one run of the gate follows another.
    func settleListeners() async throws(GatewayError) {
        do throws(HandedSocketError) {
            try supervision.handed.finish()
        } catch {
            throw GatewayError(["\(error)"], remedy: error.remedy, isConfiguration: true)
        }
        guard supervision.supervisor != nil else { return }
        var kept: [CInt] = []
        defer { for descriptor in kept { close(descriptor) } }
        for listener in state.withLock({ $0.listeners }) {
            if let descriptor = await listener.keep() { kept.append(descriptor) }
        }
        supervision.tell(logger) { [kept] supervisor throws(SupervisorError) in try supervisor.keep(kept) }
    }

    /// Tells the service manager that the gate serves, and with what.
    func tellReady() {
        guard let status = servingStatus else { return }
        supervision.tell(logger) { [status] supervisor throws(SupervisorError) in try supervisor.ready(status) }
    }

    /// Tells the service manager that the gate denies everything, or decides again.
    func tellStatus() {
        guard let status = servingStatus else { return }
        supervision.tell(logger) { [status] supervisor throws(SupervisorError) in try supervisor.status(status) }
    }

    /// What the gate serves; `nil` once it stops.
    private var servingStatus: String? {
        let (listeners, isDraining, report) = state.withLock {
            ($0.listeners.map(\.address), $0.isDraining, $0.lastReload)
        }
        guard !isDraining else { return nil }
        var status = "serving \(listeners.joined(separator: ", ")), snapshot \(authorizer.snapshot.revision)"
        if let report, !report.isAccepted { status += "; the last configuration was refused, see yett status" }
        if let refusal = cluster?.standing.refusal() {
            status += "; everything is denied: \(refusal.detail ?? refusal.reason.title)"
        }
        return status
    }

    /// Tells the service manager that a reload begins.
    func tellReloading() {
        guard !state.withLock({ $0.isDraining }) else { return }
        supervision.tell(logger) { supervisor throws(SupervisorError) in try supervisor.reloading(at: clock.monotonic())
        }
    }

    /// Tells the service manager that the gate stops, and how long that may take.
    func tellStopping(grace: Duration) {
        let status = "stopping; what is open has \(grace.components.seconds) s to end: \(registry.count) connections"
        supervision.tell(logger) { supervisor throws(SupervisorError) in
            try supervisor.stopping(within: grace + .seconds(15), status)
        }
    }
}
