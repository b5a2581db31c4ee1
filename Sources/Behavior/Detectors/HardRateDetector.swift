// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// More calls than fixed rates let through, for an agent, each of its tools and each domain: token buckets.
///
/// A bucket holds at most `burst` calls and gains `calls` in each `period`, in millionths of a call. Buckets of tools
/// and domains are kept for the ``capacity`` last used; one that was dropped begins full, which the agent's own bucket
/// bounds.
struct HardRateDetector: RefusingDetector {
    static let signal = Signal.hardRate
    static let capacity = 64

    private struct Bucket: Sendable {
        var level: Int64
        var time: Int64

        /// What is in it at a time.
        func filled(at now: Int64, _ rate: BehaviorSettings.HardRate.Rate) -> Int64 {
            let full = rate.burst * 1_000_000
            let gain = Int128(now - time) * Int128(rate.calls) * 1_000_000 / Int128(rate.period)
            return Int64(min(Int128(full), Int128(level) + gain))
        }
    }

    private var agent: Bucket?
    private var tools = BoundedTable<ToolName, Bucket>(capacity: capacity)
    private var domains = BoundedTable<ByteName, Bucket>(capacity: capacity)
    private var lastAlarm: Int64?

    func refusal(of event: BehaviorEvent, _ scene: Scene) -> Finding? {
        let settings = scene.settings.hardRate
        guard settings.isSet, !event.isContinuation else { return nil }
        if let rate = settings.agent, let agent, agent.filled(at: scene.now, rate) < 1_000_000 {
            return finding("the agent", rate, event, settings)
        }
        if let rate = settings.tool, let tool = ToolName(event), let slot = tools.find(tool),
            tools.values[slot].filled(at: scene.now, rate) < 1_000_000
        {
            return finding(tool.text, rate, event, settings)
        }
        if let rate = settings.destination, let name = event.destination?.domain,
            let slot = domains.find(ByteName(name)), domains.values[slot].filled(at: scene.now, rate) < 1_000_000
        {
            return finding(VisibleText.quoted(name), rate, event, settings)
        }
        return nil
    }

    mutating func observe(_ event: BehaviorEvent, _ scene: Scene) -> Finding? {
        let settings = scene.settings.hardRate
        guard settings.isSet, !event.isContinuation, !event.outcome.isDenied else { return nil }
        let finding = refusal(of: event, scene)
        if let rate = settings.agent { Self.take(&agent, rate, scene.now) }
        if let rate = settings.tool, let tool = ToolName(event) { Self.take(tool, in: &tools, rate, scene.now) }
        if let rate = settings.destination, let name = event.destination?.domain {
            Self.take(ByteName(name), in: &domains, rate, scene.now)
        }
        guard let finding else { return nil }
        if let lastAlarm, scene.now - lastAlarm < settings.silence { return nil }
        lastAlarm = scene.now
        return finding
    }

    private static func take<Key>(
        _ key: Key, in table: inout BoundedTable<Key, Bucket>, _ rate: BehaviorSettings.HardRate.Rate, _ now: Int64
    ) {
        var bucket: Bucket?
        let slot = table.use(key)
        if let slot { bucket = table.values[slot] }
        take(&bucket, rate, now)
        guard let bucket else { return }
        if let slot { table.values[slot] = bucket } else { _ = table.insert(key, bucket) }
    }

    private static func take(_ bucket: inout Bucket?, _ rate: BehaviorSettings.HardRate.Rate, _ now: Int64) {
        let level = bucket?.filled(at: now, rate) ?? rate.burst * 1_000_000
        bucket = Bucket(level: max(0, level - 1_000_000), time: now)
    }

    private func finding(
        _ what: String, _ rate: BehaviorSettings.HardRate.Rate, _ event: BehaviorEvent,
        _ settings: BehaviorSettings.HardRate
    ) -> Finding {
        Finding(
            millipoints: settings.millipoints, action: .deny, events: [event.id],
            sentence:
                "more calls for \(what) than \(rate.calls) in \(Binary.text(thousandths: rate.period / 1000)) s and "
                + "\(rate.burst) at once")
    }
}
