// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import IdentityPlane
internal import Logging
internal import Synchronization
internal import Telemetry
internal import Transport

/// Live permits are judged again whenever something changed that they rest on.
extension Gate {
    /// How long after a change every live permit is judged again each second.
    ///
    /// A request that was allowed just before the change registers its permit only after it has resolved the name and
    /// dialled; it is caught by a later round.
    private static let aftercare: Int64 = 60 * 1_000_000_000

    /// Judges every live permit again and cuts those that no longer hold.
    ///
    /// - Returns: How many were cut.
    @discardableResult
    func reconsider() -> Int {
        let time = now
        var count = 0
        for live in registry.all() {
            let verdict = authorizer.reconsider(live.facts, at: time)
            if !live.stands(under: verdict), live.cut(Self.reason(for: verdict)) { count += 1 }
        }
        reconsiderApprovals()
        if count > 0 {
            logger.notice("live connections were cut", metadata: [LogField.cut: .stringConvertible(count)])
        }
        return count
    }

    /// Sees to it that permits registered from now on are judged again, too.
    func watchLivePermits() {
        let end = clock.monotonic() &+ Self.aftercare
        state.withLock { $0.watchedUntil = end }
    }

    /// Called once a second: cuts what ended by the clock.
    func tick() {
        cutWhatIsStale()
        approveSharedPins()
        keepTasks()
        lapseApprovals()
        endQuarantines()
        forgetRevocations()
        tokens?.service.maintain()
        tellRefusedRecords()
        let (until, hasTimeLimits) = state.withLock { ($0.watchedUntil, $0.hasTimeLimits) }
        guard
            hasTimeLimits || !authorizer.snapshot.tasks.isEmpty || authorizer.snapshot.policy?.dependsOnTime ?? false
                || clock.monotonic() < until
        else {
            return
        }
        reconsider()
    }

    /// Cuts everything when the state that gates share has become too old: what is open may be revoked by now.
    private func cutWhatIsStale() {
        guard let cluster else { return }
        let refusal = cluster.standing.refusal()
        let isCutOff = refusal != nil
        let hasChanged = state.withLock { state in
            defer { state.isCutOff = isCutOff }
            return isCutOff != state.isCutOff
        }
        guard hasChanged else { return }
        tellStatus()
        guard isCutOff else { return logger.notice("the state that gates share can be relied on again") }
        logger.error(
            "the state that gates share cannot be relied on: everything is denied",
            metadata: [LogField.reason: .string(refusal?.detail ?? "")])
        reconsider()
        watchLivePermits()
    }

    private static func reason(for verdict: Verdict) -> CutReason {
        switch verdict.reason {
        case .grantExpired, .outsideTimeWindow: CutReason(.grantExpired, detail: verdict.reason.rawValue)
        case .taskExpired, .taskStopped: CutReason(verdict.reason, detail: verdict.detail)
        case .clusterUnreachable, .clusterClock, .quarantined, .agentRevoked, .personRevoked, .taskRevoked,
            .tokenRevoked, .keyRevoked, .riskTooHigh:
            CutReason(verdict.reason, detail: verdict.detail)
        default: CutReason(.grantWithdrawn, detail: verdict.detail ?? verdict.reason.rawValue)
        }
    }
}
