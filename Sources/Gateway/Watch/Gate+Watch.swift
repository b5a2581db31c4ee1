// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Behavior
internal import Decision
internal import Identity
internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

/// What follows from alarms, outside of the lock under which they are raised.
extension Gate {
    /// Records an alarm, and cuts what no longer holds because of it.
    func answer(_ alarm: Alarm) {
        var event = event(.alarm)
        event.agent = alarm.agent
        event.task = alarm.task
        event.operation = alarm.signal.rawValue
        event.reasons = [alarm.level.rawValue, alarm.action.rawValue]
        event.evidence = alarm.events.map { String($0) }
        event.riskPermille = Int(clamping: alarm.score)
        event.detail = alarm.sentence
        record(event)
        logger.warning(
            "an agent behaves oddly",
            metadata: [
                LogField.agent: .string(alarm.agent), LogField.trigger: .string(alarm.signal.rawValue),
                LogField.reason: .string(alarm.sentence),
            ])
        guard alarm.level > .elevated else { return }
        if alarm.level == .critical, alarm.signal != .person, let agent = try? SPIFFEID(parsing: alarm.agent),
            authorizer.quarantineReason(agent) != nil
        {
            quarantineByItself(agent, why: alarm.sentence)
        } else if alarm.level == .critical, alarm.signal != .person, let agent = try? SPIFFEID(parsing: alarm.agent) {
            emit(riskOf: agent, from: .medium, to: .high, at: clock.wall(), why: alarm.sentence, origin: "the watch")
        }
        reconsider()
        watchLivePermits()
    }

    /// How agents behave.
    func risk() async throws -> RiskList {
        let mode = state.withLock { $0.configuration.watch.mode }
        guard let watch else { return RiskList(mode: WatchConfiguration.Mode.off.rawValue, agents: []) }
        let time = clock.wall()
        let reports = authorizer.snapshot.agents.agents.compactMap { agent in watch.report(on: agent.id, at: time) }
        return RiskList(mode: mode.rawValue, agents: reports.map(Self.report))
    }

    private static func report(_ report: AgentReport) -> RiskReport {
        RiskReport(
            agent: report.agent, level: report.risk.level.rawValue, millipoints: report.risk.millipoints,
            response: report.risk.response.rawValue, signals: report.risk.signals.map(\.rawValue),
            isThrottled: report.risk.isThrottled, events: report.events,
            alarms: report.alarms.map { alarm in
                RiskReport.Alarm(
                    at: Timestamp.text(seconds: alarm.time / 1_000_000), signal: alarm.signal.rawValue,
                    text: alarm.sentence, evidence: alarm.events)
            })
    }

    /// Cuts what a quarantined agent has open. Decisions have known of the quarantine since the alarm.
    private func quarantineByItself(_ agent: SPIFFEID, why: String) {
        guard let failure = begin(quarantineOf: agent, for: nil, why: why, origin: "the watch").failure else { return }
        logger.error(
            "a quarantine could not be written down, and a restart would end it",
            metadata: [LogField.agent: .string(agent.description), LogField.error: .string("\(failure)")])
    }
}

/// Answers alarms until the gate stops.
struct WatchService: Service {
    let watch: Watch
    let gate: Gate

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await alarm in watch.alarms { gate.answer(alarm) }
        }
    }
}
