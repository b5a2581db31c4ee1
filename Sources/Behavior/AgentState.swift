// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is remembered of one agent.
struct AgentState: Sendable {
    /// Sessions that are watched. When there are more, the one that was quiet longest is dropped; what it had read
    /// counts for every session that begins within the idle time, so that opening sessions does not wash data clean.
    static let sessions = 32

    var ledger = RiskLedger()
    /// Alarms, the oldest first. When there are too many, the oldest of the lightest goes, so that light ones do not push out
    /// what weighs.
    private(set) var alarms: [Alarm] = []
    private(set) var events: Int64 = 0

    private var canary = CanaryDetector()
    private var denials = DenialDetector()
    private var callRate = CallRateDetector()
    private var hardRate = HardRateDetector()
    private var burst = BurstDetector()
    private var loop = LoopDetector()
    private var entropy = OutboundEntropyDetector()
    private var beacon = BeaconDetector()
    private var open = BoundedTable<SessionKey, SessionState>(capacity: sessions)
    private var dropped = DataFlowDetector()
    private var lastDropped: Int64 = 0

    /// The calls in a window that it is used to, in Q16.
    var usualCalls: Int64 { callRate.usual }

    /// Asks every detector of the agent and of the event's session.
    mutating func ask(_ event: BehaviorEvent, _ scene: Scene, _ findings: inout [(Signal, Finding)]) {
        events += 1
        Self.ask(&canary, event, scene, &findings)
        Self.ask(&denials, event, scene, &findings)
        Self.ask(&callRate, event, scene, &findings)
        Self.ask(&hardRate, event, scene, &findings)
        Self.ask(&burst, event, scene, &findings)
        Self.ask(&loop, event, scene, &findings)
        Self.ask(&entropy, event, scene, &findings)
        Self.ask(&beacon, event, scene, &findings)
        let slot = session(event, scene)
        Self.ask(&open.values[slot].dataFlow, event, scene, &findings)
        Self.ask(&open.values[slot].sequence, event, scene, &findings)
        Self.ask(&open.values[slot].volume, event, scene, &findings)
        Self.ask(&open.values[slot].length, event, scene, &findings)
    }

    /// What is wrong with a call that has not been made.
    func refusal(of event: BehaviorEvent, _ scene: Scene) -> (Signal, Finding)? {
        if let finding = hardRate.refusal(of: event, scene) { return (.hardRate, finding) }
        if let finding = entropy.refusal(of: event, scene) { return (.outboundEntropy, finding) }
        let flow = open.find(SessionKey(event)).map { open.values[$0].dataFlow } ?? inherited(scene)
        return flow.refusal(of: event, scene).map { (.dataFlow, $0) }
    }

    @inline(__always)
    static func ask<Asked: Detector>(
        _ detector: inout Asked, _ event: BehaviorEvent, _ scene: Scene, _ findings: inout [(Signal, Finding)]
    ) {
        if let finding = detector.observe(event, scene) { findings.append((Asked.signal, finding)) }
    }

    private mutating func session(_ event: BehaviorEvent, _ scene: Scene) -> Int {
        let key = SessionKey(event)
        let idle = scene.settings.learning.sessionIdle
        if let slot = open.use(key) {
            open.values[slot].resume(at: scene.now, idle: idle, keepsLabels: !key.isNone)
            return slot
        }
        var state = SessionState(now: scene.now)
        state.dataFlow = inherited(scene)
        guard let insertion = open.insert(key, state) else { return 0 }
        if let gone = insertion.dropped, scene.now - gone.lastSeen < idle, !gone.dataFlow.labels.isEmpty {
            if scene.now - lastDropped >= idle { dropped = DataFlowDetector() }
            dropped.inherit(gone.dataFlow)
            lastDropped = scene.now
            open.values[insertion.slot].dataFlow.inherit(gone.dataFlow)
        }
        return insertion.slot
    }

    private func inherited(_ scene: Scene) -> DataFlowDetector {
        scene.now - lastDropped < scene.settings.learning.sessionIdle ? dropped : DataFlowDetector()
    }

    /// Counts what was found, and keeps the alarm.
    mutating func count(
        _ finding: Finding, _ signal: Signal, _ event: BehaviorEvent, _ now: Int64, _ settings: BehaviorSettings
    ) -> Alarm {
        ledger.count(finding, signal, at: now, settings)
        let alarm = Alarm(signal, finding, event, at: now, ledger, settings)
        alarms.append(alarm)
        if alarms.count > settings.capacity.alarms,
            let lightest = alarms.indices.min(by: { alarms[$0].millipoints < alarms[$1].millipoints })
        {
            alarms.remove(at: lightest)
        }
        return alarm
    }
}

extension Alarm {
    /// What a detector found, beside the score that an agent has.
    init(
        _ signal: Signal, _ finding: Finding, _ event: BehaviorEvent, at now: Int64, _ ledger: RiskLedger,
        _ settings: BehaviorSettings
    ) {
        self.init(
            signal: signal, time: now, agent: event.agent, task: event.task, millipoints: finding.millipoints,
            action: finding.action, events: finding.events, sentence: finding.sentence,
            score: ledger.score(at: now, settings), level: ledger.level(at: now, settings))
    }
}
