// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Watches what agents do, across all planes, and says how much is wrong.
///
/// How to use it:
///
/// 1. Keep one monitor behind a lock: `let monitor = Mutex(BehaviorMonitor())`. It is a value without a lock, clock or
///    randomness of its own.
/// 2. Before each decision put `risk(of:task:at:)` into the facts: ``AssessedRisk/response`` says what may pass,
///    ``AssessedRisk/permille`` is for policies.
/// 3. Before an allowed call is forwarded ask `objection(to:)`; where there is one, refuse the call.
/// 4. Tell each decision as a ``BehaviorEvent``: `let alarms = monitor.withLock { $0.observe(event) }`. What a plane
///    learns later (bytes, labels, a canary) is another event with `isContinuation`, and so is a call that was held and
///    then went through. A call that was refused because of risk itself is `.denied(.unrelated)`.
/// 5. Act on the alarms: `.quarantine` cuts at once, `.deny` refuses the call where that is still possible, and the level
///    in each alarm says what the ladder asks for.
/// 6. When a person releases or quarantines an agent, `apply` that input.
/// 7. Write the encoding of every input (`BehaviorInput.event(event).encoded` and so on) into the audit tree in the order
///    in which the monitor took them in.
/// 8. `learn(true)` gathers what is usual, `proposal(at:)` shows it, ``Baseline/ratified(by:at:)`` is a person's word, and
///    `enforce` applies it. The detectors that compare with a baseline are silent before.
///
/// Replay: a new monitor with the same settings and baselines, `apply` each kept input in order, and the alarms and
/// scores are the same, bit for bit. A baseline that is enforced in between has to be enforced there again.
public struct BehaviorMonitor: Sendable {
    /// The thresholds.
    public let settings: BehaviorSettings

    private var clock = EventClock()
    private var agents: BoundedTable<ByteName, AgentState>
    private var tasks: BoundedTable<ByteName, TaskState>
    private var roles: BoundedTable<ByteName, RoleState>
    private var profiles: [ByteName: EnforcedProfile] = [:]
    private var learner: BaselineLearner?
    /// One state for all agents that find no place, as when every agent in the table has something against it.
    private var crowd = AgentState()

    /// A monitor that has seen nothing.
    public init(settings: BehaviorSettings = BehaviorSettings()) {
        self.settings = settings
        agents = BoundedTable(capacity: settings.capacity.agents)
        tasks = BoundedTable(capacity: settings.capacity.tasks)
        roles = BoundedTable(capacity: settings.capacity.roles)
    }

    /// Takes an input in, and says which alarms it raises.
    @discardableResult
    public mutating func apply(_ input: BehaviorInput) -> [Alarm] {
        switch input {
        case .event(let event): return observe(event)
        case .quarantine(let agent, let person, let time): return quarantine(agent, by: person, at: time)
        case .release(let agent, _, let time):
            release(agent, at: time)
            return []
        }
    }

    /// Takes an event in, and says which alarms it raises.
    public mutating func observe(_ event: BehaviorEvent) -> [Alarm] {
        let now = clock.advance(to: event.time)
        let name = ByteName(event.role)
        let scene = Scene(now: now, settings: settings, profile: profiles[name])
        let role = place(role: name)
        let slot = place(agent: event.agent)
        var findings: [(Signal, Finding)] = []
        roles.values[role].ask(event, scene, &findings)
        if let slot { agents.values[slot].ask(event, scene, &findings) } else { crowd.ask(event, scene, &findings) }
        let alarms = findings.isEmpty ? [] : findings.map { raise($0.0, $0.1, event, slot, now) }
        if learner != nil {
            let level = (slot.map { agents.values[$0].ledger } ?? crowd.ledger).level(at: now, settings)
            learner?.observe(event, at: now, isTrusted: level == .normal)
        }
        return alarms
    }

    /// Whether a call that is about to go through must be refused because of what it would complete: a fixed rate, the
    /// budget of information to unknown hosts, or a flow of private data to the outside. Nothing is counted; the event
    /// is observed afterwards with the outcome that it had.
    public func objection(to event: BehaviorEvent) -> Alarm? {
        let now = clock.reading(at: event.time)
        let scene = Scene(now: now, settings: settings, profile: profiles[ByteName(event.role)])
        if let slot = agents.find(ByteName(event.agent)) {
            return agents.values[slot].refusal(of: event, scene).map {
                Alarm($0.0, $0.1, event, at: now, agents.values[slot].ledger, settings)
            }
        }
        let state = agents.count < agents.capacity ? AgentState() : crowd
        return state.refusal(of: event, scene).map { Alarm($0.0, $0.1, event, at: now, state.ledger, settings) }
    }

    /// Forgets all scores and what is enforced, as a gate that starts does. What was learnt stays.
    public mutating func restart() {
        let learner = learner
        self = BehaviorMonitor(settings: settings)
        self.learner = learner
    }

    // MARK: Baselines

    /// Enforces a baseline in place of the one before.
    public mutating func enforce(_ ratified: RatifiedBaseline?) {
        profiles = [:]
        for profile in ratified?.baseline.roles ?? [] { profiles[ByteName(profile.role)] = EnforcedProfile(profile) }
    }

    /// Begins to learn from what is observed, or stops and forgets what was learnt.
    public mutating func learn(_ isLearning: Bool) {
        if isLearning, learner != nil { return }
        learner = isLearning ? BaselineLearner(settings: settings) : nil
    }

    /// What was learnt, to be shown to a person; nil while nothing is learnt.
    public mutating func proposal(at time: Int64) -> BaselineProposal? {
        learner?.proposal(at: clock.reading(at: BehaviorLimits.clamp(time)))
    }

    /// The risk of an agent, in a task where one is named, at a time in Unix microseconds: what either has gathered,
    /// the graver of the two.
    public func risk(of agent: String, task: String? = nil, at time: Int64) -> AssessedRisk {
        let now = clock.reading(at: time)
        let own: AssessedRisk
        if let slot = agents.find(ByteName(BehaviorLimits.agentName(agent))) {
            own = agents.values[slot].ledger.assess(at: now, settings)
        } else {
            // Who is not in the table while it is full belongs to the crowd.
            own = agents.count < agents.capacity ? .none : crowd.ledger.assess(at: now, settings)
        }
        guard let task, let slot = tasks.find(ByteName(BehaviorLimits.shorten(task))) else { return own }
        return own.joined(with: tasks.values[slot].ledger.assess(at: now, settings))
    }

    /// Begins an agent's score anew, and those of the tasks to which it has added, as a person said.
    public mutating func release(_ agent: String, at time: Int64) {
        _ = clock.advance(to: BehaviorLimits.clamp(time))
        let name = ByteName(BehaviorLimits.agentName(agent))
        if let slot = agents.find(name) { agents.values[slot].ledger.clear() } else { crowd.ledger.clear() }
        for slot in tasks.values.indices { tasks.values[slot].release(name) }
    }

    /// Makes an agent's level critical, as a person said.
    public mutating func quarantine(_ agent: String, by person: String, at time: Int64) -> [Alarm] {
        let event = BehaviorEvent(id: 0, time: time, agent: agent, role: "")
        let now = clock.advance(to: event.time)
        let finding = Finding(
            millipoints: settings.ladder.critical, action: .quarantine, events: [],
            sentence: "\(VisibleText.quoted(person)) put the agent in quarantine")
        return [raise(.person, finding, event, place(agent: event.agent), now)]
    }

    /// Everything that is worth showing of an agent; nil for one that was never seen or has been forgotten.
    public func report(on agent: String, at time: Int64) -> AgentReport? {
        agents.find(ByteName(BehaviorLimits.agentName(agent))).map { report(on: $0, at: clock.reading(at: time)) }
    }

    /// Reports on all agents of a level or above, in the order of their names.
    public func reports(atLeast level: RiskLevel, at time: Int64) -> [AgentReport] {
        let now = clock.reading(at: time)
        let slots = agents.values.indices.filter { agents.values[$0].ledger.level(at: now, settings) >= level }
        return slots.sorted { agents.keys[$0] < agents.keys[$1] }.map { report(on: $0, at: now) }
    }

    private func report(on slot: Int, at now: Int64) -> AgentReport {
        let state = agents.values[slot]
        return AgentReport(
            agent: agents.keys[slot].text, risk: state.ledger.assess(at: now, settings),
            points: state.ledger.points(at: now), alarms: state.alarms, events: state.events,
            usualCalls: Binary.text(state.usualCalls))
    }

    // MARK: Alarms

    private mutating func raise(
        _ signal: Signal, _ finding: Finding, _ event: BehaviorEvent, _ slot: Int?, _ now: Int64
    ) -> Alarm {
        if let task = event.task, finding.millipoints > 0 {
            tasks.values[place(task: task)].count(finding, signal, of: ByteName(event.agent), at: now, settings)
        }
        if let slot { return agents.values[slot].count(finding, signal, event, now, settings) }
        return crowd.count(finding, signal, event, now, settings)
    }

    // MARK: Places

    /// An agent's slot. When the table is full, an agent goes that has nothing against it; nil when there is none among
    /// those that were quiet longest.
    private mutating func place(agent: String) -> Int? {
        let name = ByteName(agent)
        if let slot = agents.use(name) { return slot }
        let (now, settings) = (clock.now, settings)
        return agents.insert(name, AgentState(), reach: 64) { $0.ledger.isClear(at: now, settings) }?.slot
    }

    /// A task's slot. When all have something against them the one that was quiet longest goes: its agents keep what it
    /// counted.
    private mutating func place(task: String) -> Int {
        let name = ByteName(task)
        if let slot = tasks.use(name) { return slot }
        let (now, settings) = (clock.now, settings)
        return tasks.insert(name, TaskState(), reach: 64, mayDrop: { $0.ledger.isClear(at: now, settings) })?.slot
            ?? tasks.insert(name, TaskState())?.slot ?? 0
    }

    private mutating func place(role: ByteName) -> Int {
        roles.use(role) ?? roles.insert(role, RoleState())?.slot ?? 0
    }
}
