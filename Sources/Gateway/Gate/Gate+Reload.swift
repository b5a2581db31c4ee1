// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Decision
internal import EgressPlane
internal import Identity
internal import IdentityPlane
internal import Logging
internal import MeshPlane
internal import NIOCore
internal import SandboxPlane
internal import ServicePlane
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

extension Gate {
    /// Reads the configuration again for an operator.
    func reload(by caller: Operator) async throws -> ReloadReport { await reload(trigger: .command, by: caller) }

    /// Reads the configuration again: a new snapshot serves afterwards, or the old one and nothing has changed.
    @discardableResult
    func reload(trigger: ReloadTrigger, by caller: Operator?) async -> ReloadReport {
        tellReloading()
        defer { tellReady() }
        var report = replaceSnapshot(trigger: trigger, by: caller)
        if report.isAccepted, let problem = await applyEntries() {
            report.diagnostics.append(problem)
            state.withLock { [report] in $0.lastReload = report }
        }
        return report
    }

    private func replaceSnapshot(trigger: ReloadTrigger, by caller: Operator?) -> ReloadReport {
        reloading.withLock { _ in
            state.withLock { $0.files.renew() }
            do throws(GatewayError) {
                let loaded = try LoadedConfiguration(path: configurationPath, now: now)
                let builder = try loaded.policyBuilder(bundles)
                let materials = try ListenerMaterials(loaded.configuration, identity: identity?.source)
                let services = try serviceMaterials(of: loaded.configuration)
                let sandbox = try loaded.configuration.sandbox.map { section throws(GatewayError) in
                    try SandboxPlaneSettings(section)
                }
                let registered = try registeredIssuers(services)
                watch(builder, materials, services)
                let policy = try builder.build(with: bundles.downloaded, configuration: loaded.digest)
                return accept(
                    loaded, builder, materials, services, registered, sandbox,
                    snapshot: try snapshot(of: loaded, policy: policy, revision: authorizer.snapshot.revision + 1),
                    trigger: trigger, by: caller)
            } catch {
                return refuse(error, trigger: trigger, by: caller)
            }
        }
    }

    /// Remembers which files the policy in force was read from.
    func read(_ paths: [String]) {
        state.withLock { $0.files.replace(with: paths) }
    }

    /// The snapshot of a configuration for the listeners that are open.
    func snapshot(
        of loaded: LoadedConfiguration, policy: BuiltPolicy, revision: UInt64
    ) throws(GatewayError) -> Snapshot {
        var listeners = openListeners
        // At the start it opens later than this.
        if let people = loaded.configuration.people, people.port != 0,
            state.withLock({ $0.peopleListener == nil })
        {
            listeners.append((people.address, people.port))
        }
        if let dashboard = loaded.configuration.dashboard, dashboard.port != 0,
            state.withLock({ $0.dashboardListener == nil })
        {
            listeners.append((dashboard.address, dashboard.port))
        }
        return try SnapshotBuilder(
            configuration: loaded.configuration, listeners: listeners, policy: policy
        ).build(revision: revision)
    }

    private func accept(
        _ loaded: LoadedConfiguration, _ builder: PolicyBuilder, _ materials: ListenerMaterials,
        _ described: ServiceMaterials, _ registered: [RegisteredIssuer], _ sandbox: SandboxPlaneSettings?,
        snapshot: Snapshot, trigger: ReloadTrigger,
        by caller: Operator?
    ) -> ReloadReport {
        let old = state.withLock { $0.configuration }
        let new = loaded.configuration
        replaceSecurity(with: materials, of: new)
        counter.admit(new)
        authorizer.replace(with: snapshot)
        bundles.activated(snapshot.allBundles.map(\.name)) { name in
            bundles.all.contains { $0.name == name && !$0.configuration.isRemote }
        }
        plane.update(settings: EgressSettings(new.egress.limits))
        access.replace(with: registered)
        if let sandbox { self.sandbox?.replace(sandbox) }
        services.serve(described.descriptions)
        mesh?.replace(MeshSettings(loaded.configuration, described.descriptions))
        leaks.replace(with: described.leaks, isEnforced: new.leaks?.mode == .enforce)
        services.update(settings: ServiceSettings(new))
        sources.keep(only: Set(new.services.map(\.name)))
        questions.update(limits: ApprovalLimits(new.approvals))
        if let tokens { tokens.servers.replace(with: TokenTarget.all(of: new, issuer: tokens.service.issuer)) }
        fixedNames.replace(with: new.egress.resolver.hosts)
        launches.end(where: { !snapshot.agents.stillHolds($0) }, cause: "a reload withdrew the launch")
        watchLivePermits()
        let cut = reconsider()
        let report = ReloadReport(
            isAccepted: true, revision: snapshot.revision, digest: snapshot.digest,
            diagnostics: loaded.warnings + (snapshot.absence.map { ["everything is denied: \($0)"] } ?? []),
            cut: cut, trigger: trigger.rawValue, at: Timestamp.text(seconds: now),
            needsRestart: RestartSettings.changed(from: old, to: new))
        let loadedAt = clock.wall()
        state.withLock { state in
            state.configuration = new
            watch?.change(to: new.watch.mode)
            state.builder = builder
            state.fileDigest = loaded.digest
            state.loadedAt = loadedAt
            state.lastReload = report
        }
        record(report, by: caller)
        recordChanges(from: old, to: new, by: caller)
        logger.notice("a new snapshot serves", metadata: Self.metadata(of: report))
        for warning in report.diagnostics {
            logger.warning("the configuration has a doubtful entry", metadata: [LogField.diagnostic: .string(warning)])
        }
        for setting in report.needsRestart {
            logger.warning(
                "a changed setting waits for a restart", metadata: [LogField.configuration: .string(setting)])
        }
        return report
    }

    private func refuse(_ error: GatewayError, trigger: ReloadTrigger, by caller: Operator?) -> ReloadReport {
        let snapshot = authorizer.snapshot
        let report = ReloadReport(
            isAccepted: false, revision: snapshot.revision, digest: snapshot.digest, diagnostics: error.lines, cut: 0,
            trigger: trigger.rawValue, at: Timestamp.text(seconds: now), needsRestart: [])
        state.withLock { $0.lastReload = report }
        record(report, by: caller)
        logger.error("the configuration was refused; the old snapshot serves on", metadata: Self.metadata(of: report))
        for line in error.lines {
            logger.error("the configuration has a mistake", metadata: [LogField.diagnostic: .string(line)])
        }
        return report
    }

    private func record(_ report: ReloadReport, by caller: Operator?) {
        var event = event(.reload, by: caller)
        event.verdict = report.isAccepted ? .allow : .deny
        event.cause = report.trigger
        event.detail =
            report.isAccepted
            ? "configuration \(report.digest); \(report.cut) connections cut"
            : "refused: \(report.diagnostics.first ?? "") (\(report.diagnostics.count) mistakes)"
        record(event)
    }

    private func recordChanges(from old: GateConfiguration, to new: GateConfiguration, by caller: Operator?) {
        let changes = GrantChanges(from: old, to: new)
        for change in changes.changes {
            var event = event(.grantChange, by: caller)
            event.agent = "spiffe://\(new.trustDomain.name)/agent/\(change.agent)"
            event.grant = change.grant
            event.cause = change.kind.rawValue
            record(event)
        }
        guard changes.unlisted > 0 else { return }
        var event = event(.grantChange, by: caller)
        event.detail = "\(changes.unlisted) further grants differ"
        record(event)
    }

    private static func metadata(of report: ReloadReport) -> Logger.Metadata {
        [
            LogField.revision: .stringConvertible(report.revision), LogField.digest: .string(report.digest),
            LogField.trigger: .string(report.trigger), LogField.cut: .stringConvertible(report.cut),
        ]
    }
}
