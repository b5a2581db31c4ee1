// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import AdminPlane
internal import AuditTree
internal import Decision
internal import Glibc
internal import Identity
internal import ServicePlane
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

extension Gate {
    /// The state of the gate.
    func status() async throws -> StatusReport {
        let snapshot = authorizer.snapshot
        let (listeners, isDraining, loadedAt, lastReload, quarantined) = state.withLock { state in
            (
                state.listeners.map(\.address), state.isDraining, state.loadedAt, state.lastReload,
                state.quarantined.keys.map(\.description).sorted()
            )
        }
        var report = StatusReport(
            version: version, pid: getpid(), state: isDraining ? .draining : .serving,
            uptimeSeconds: (clock.monotonic() - startedAt) / 1_000_000_000, trustDomain: snapshot.trustDomain.name,
            agents: snapshot.agents.agents.map { agent in
                agent.id.agentName.map(String.init) ?? agent.id.description
            },
            configuration: StatusReport.Configuration(
                path: configurationPath, digest: snapshot.digest, revision: snapshot.revision,
                loadedAt: Timestamp.text(seconds: loadedAt / 1_000_000)),
            lastReload: lastReload, listeners: listeners, connections: registry.count, launches: launches.count,
            quarantined: quarantined, bundles: bundleReports(snapshot), identity: identityReport(),
            audit: StatusReport.Audit(
                directory: log.configuration.directory, origin: log.configuration.origin.description,
                durability: log.configuration.durability.rawValue, records: (try? log.reader().size) ?? 0,
                isAvailable: log.isAvailable))
        report.rollout = rolloutReport(snapshot)
        if log.refusedRecords > 0 { report.audit.refused = log.refusedRecords }
        report.followedTasks = services.followed
        let quarantines = quarantineStates()
        if !quarantines.isEmpty { report.quarantines = quarantines }
        if !snapshot.revocations.isEmpty { report.revocations = snapshot.revocations.count }
        report.cluster = clusterReport()
        report.denial = denial(report)
        let endpoints = await endpointReports()
        if !endpoints.isEmpty { report.endpoints = endpoints }
        return report
    }

    /// Why everything is denied, whoever asks for what.
    private func denial(_ report: StatusReport) -> String? {
        if let refusal = cluster?.standing.refusal() { return refusal.detail ?? refusal.reason.title }
        if !report.audit.isAvailable { return "the audit log cannot be written" }
        let missing = report.bundles.filter { !$0.isActive && $0.isCandidate != true }
        return missing.isEmpty ? nil : "missing policy bundles: \(missing.map(\.name).joined(separator: ", "))"
    }

    private func identityReport() -> StatusReport.Identity? {
        guard let identity else { return nil }
        let configured = state.withLock { $0.configuration.identity }
        let source: String
        switch configured.source {
        case .workloadAPI(let socket): source = "\(socket)"
        case .embedded, .none: source = "embedded"
        }
        var report = StatusReport.Identity(source: source, trustDomains: [])
        do {
            let present = try identity.source.current()
            report.id = present.svid.id.description
            report.expiresAt = Timestamp.text(seconds: present.svid.validity.upperBound)
            report.trustDomains = present.bundles.trustDomains.map(\.name).sorted()
        } catch {
            report.problem = "\(error)"
        }
        report.socket = identity.authority.flatMap { _ in configured.socket }
        report.endpoints = tokens.flatMap { _ in configured.endpoints?.issuer }
        return report
    }

    private func endpointReports() async -> [ServiceEndpointReport] {
        await services.endpointReports().flatMap { service in
            service.endpoints.map { endpoint in
                let seconds = (endpoint.ejectedFor + 999_999_999) / 1_000_000_000
                var report = ServiceEndpointReport(
                    service: service.service, endpoint: endpoint.endpoint,
                    state: endpoint.isUnhealthy ? .unhealthy : seconds > 0 ? .ejected : .well)
                report.ejectedSeconds = seconds > 0 ? seconds : nil
                report.ejections = endpoint.ejections
                report.problem = endpoint.problem
                return report
            }
        }
    }

    /// The live connections, oldest first.
    func connections() async throws -> [ConnectionReport] {
        let now = clock.monotonic()
        return registry.all().sorted { $0.openedAt < $1.openedAt }.map { live in
            let destination = live.facts.destination
            var report = ConnectionReport(
                connection: live.connection.description, decision: live.decision.description,
                agent: live.facts.identity?.id.description ?? "-",
                proof: live.facts.identity?.proof.description ?? "none", task: live.facts.task?.id,
                service: live.facts.service, operation: live.facts.operation.name.rawValue,
                destination: "\(destination.host):\(destination.port)", source: live.facts.source.text,
                grant: live.grant?.description, bytesUp: live.bytesUp, bytesDown: live.bytesDown,
                ageMilliseconds: max(0, now - live.openedAt) / 1_000_000)
            if live.isHeld { report.isHeld = true }
            return report
        }
    }
}

extension Source {
    /// The source as a person reads it.
    var text: String {
        switch self {
        case .tcp(let address, let port): "\(Host.address(address)):\(port)"
        case .process(let pid, let uid, _): "process \(pid) of user \(uid)"
        case .unknown: "-"
        }
    }
}
