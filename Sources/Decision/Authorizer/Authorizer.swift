// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
public import Identity
internal import Synchronization

/// The only maker of permits: reads the current snapshot, the quarantine list and the budgets, and decides.
///
/// One for the whole gate; safe from any thread.
public final class Authorizer: Sendable {
    /// What has been spent of budgets.
    public let ledger = Ledger()

    private let current: Mutex<Snapshot>
    private let observer: (@Sendable (DecidedRequest) -> Void)?
    private let comparer: (@Sendable (ComparedDecision) -> Void)?
    private let shared: (any SharedState)?
    let risks: (any RiskSource)?
    /// The second in which a throttled agent's last call went through.
    let lastCalls = Mutex<[SPIFFEID: Int64]>([:])
    private let quarantined = Mutex<[SPIFFEID: String]>([:])
    private let quarantineCount = Atomic<Int>(0)
    static let mostThrottled = 4096
    private let changes = Atomic<UInt64>(0)

    /// Starts with a snapshot.
    ///
    /// - Parameters:
    ///   - risks: Knows how agents behave.
    ///   - shared: Knows whether what several gates share is known here.
    ///   - observer: Told of each decision, on the thread that asked for it.
    ///   - comparer: Told of each decision that was made with the snapshot's candidate, too, on the same thread.
    public init(
        snapshot: Snapshot, risks: (any RiskSource)? = nil, shared: (any SharedState)? = nil,
        observer: (@Sendable (DecidedRequest) -> Void)? = nil, comparer: (@Sendable (ComparedDecision) -> Void)? = nil
    ) {
        self.current = Mutex(snapshot)
        self.shared = shared
        self.risks = risks
        self.observer = observer
        self.comparer = comparer
    }

    /// The snapshot that decisions read now.
    public var snapshot: Snapshot { current.withLock { $0 } }

    /// Counts up with everything that can turn an allow into a denial: a reload, a quarantine, a revocation.
    ///
    /// Whoever registers something open that was decided under another count must ``reconsider(_:at:)`` it: the change may
    /// have looked through the registry before it was there.
    public var generation: UInt64 { changes.load(ordering: .sequentiallyConsistent) }

    /// Makes a new snapshot the one that decisions read. Tasks and revocations stay as they are.
    public func replace(with snapshot: Snapshot) {
        current.withLock { $0 = snapshot.with($0.tasks, $0.revocations) }
        changes.add(1, ordering: .sequentiallyConsistent)
    }

    /// Changes the tasks that decisions know.
    ///
    /// - Parameter change: Gets the snapshot in force, and its tasks to change; when it throws, nothing changes.
    public func changeTasks<Result, Failure: Error>(
        _ change: (Snapshot, inout TaskBook) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome = current.withLock { current -> Swift.Result<Result, Failure> in
            var tasks = current.tasks
            do throws(Failure) {
                let result = try change(current, &tasks)
                current = current.with(tasks, current.revocations)
                return .success(result)
            } catch {
                return .failure(error)
            }
        }
        changes.add(1, ordering: .sequentiallyConsistent)
        return try outcome.get()
    }

    /// Changes the revocations that decisions know.
    public func changeRevocations<Result>(_ change: (inout RevocationBook) -> Result) -> Result {
        let result = current.withLock { current in
            var revocations = current.revocations
            let result = change(&revocations)
            current = current.with(current.tasks, revocations)
            return result
        }
        changes.add(1, ordering: .sequentiallyConsistent)
        return result
    }

    /// Decides, and yields a permit when the verdict allows.
    ///
    /// - Parameters:
    ///   - facts: What the plane knows.
    ///   - decision: The name under which response, record and log speak of it.
    public func authorize(_ facts: borrowing Facts, decision: DecisionID) -> Judgement {
        authorize(facts, decision: decision, spending: true)
    }

    /// Decides about another place for a call that an earlier decision allowed and that came to nothing there. The call
    /// was taken from its budgets by then, so nothing is taken once more.
    public func authorizeElsewhere(_ facts: borrowing Facts, decision: DecisionID) -> Judgement {
        authorize(facts, decision: decision, spending: false)
    }

    private func authorize(_ facts: borrowing Facts, decision: DecisionID, spending: Bool) -> Judgement {
        let snapshot = snapshot
        if let renewed = renewed(facts, in: snapshot) { return judge(renewed, in: snapshot, decision, spending) }
        return judge(facts, in: snapshot, decision, spending)
    }

    private func judge(
        _ facts: borrowing Facts, in snapshot: Snapshot, _ decision: DecisionID, _ spending: Bool
    ) -> Judgement {
        var verdict = verdict(on: facts, in: snapshot, spending: spending)
        if spending { compare(verdict, on: facts, in: snapshot, decision) }
        if spending, verdict.effect == .allow, facts.operation.name != .session, let grant = verdict.grant,
            let spent = ledger.takeCall(from: snapshot.accounts(of: grant, facts), at: facts.time)
        {
            verdict =
                spent.isPending
                ? .deny(.budgetPending, detail: "this gate's share of \(spent.account.terms)", grant: grant)
                : .deny(.budgetExhausted, detail: "the budget of \(spent.account.terms) is spent", grant: grant)
        }
        if spending, verdict.effect == .allow, isThrottled(facts) {
            if let grant = verdict.grant { returnCall(of: grant, facts) }
            verdict = .deny(.riskThrottled, detail: Self.text(of: facts.risk), grant: verdict.grant)
        }
        if let observer {
            observer(DecidedRequest(decision: decision, facts: copy facts, verdict: verdict, snapshot: snapshot))
        }
        guard verdict.effect == .allow else {
            return Judgement(decision: decision, verdict: verdict, revision: snapshot.revision, permit: nil)
        }
        let permit = Permit(
            decision: decision, destination: facts.destination, revision: snapshot.revision,
            obligations: verdict.obligations)
        return Judgement(decision: decision, verdict: verdict, revision: snapshot.revision, permit: permit)
    }

    /// The person of the facts' task when something else holds for the person than when the facts were gathered: a launch
    /// or a connection may be older than what the provider says now.
    static func renewedPerson(of facts: borrowing Facts, in snapshot: Snapshot) -> Person? {
        guard let task = facts.task.flatMap({ TaskID($0.id) }), let person = snapshot.tasks[task]?.person,
            person != facts.person
        else { return nil }
        return person
    }

    /// Gives back the call that a decision took from its budgets, because something else refuses it.
    ///
    /// - Parameter grant: The grant of the verdict.
    public func returnCall(of grant: GrantID?, _ facts: borrowing Facts) {
        guard let grant, facts.operation.name != .session else { return }
        ledger.returnCall(to: snapshot.accounts(of: grant, facts), at: facts.time)
    }

    /// The accounts that something open takes its bytes from.
    public func byteAccounts(of permit: LivePermit) -> [BudgetAccount] {
        guard let grant = permit.grant else { return [] }
        return snapshot.accounts(of: grant, permit.facts).filter { $0.terms.bytes != nil }
    }

    /// The accounts that a call of a model takes its tokens and its cost from.
    public func modelAccounts(of grant: GrantID?, _ facts: borrowing Facts) -> [BudgetAccount] {
        guard let grant else { return [] }
        return snapshot.accounts(of: grant, facts).filter { $0.terms.tokens != nil || $0.terms.cost != nil }
    }

    /// Decides about stored facts again, at another time, without spending anything.
    ///
    /// - Parameters:
    ///   - facts: The facts of something open.
    ///   - time: Now, in Unix seconds.
    public func reconsider(_ facts: borrowing Facts, at time: Int64) -> Verdict {
        var facts = copy facts
        facts.time = time
        let snapshot = snapshot
        if let person = Self.renewedPerson(of: facts, in: snapshot) { facts.person = person }
        facts.risk = risk(of: facts)
        guard let identity = facts.identity, snapshot.agents.stillHolds(identity) else {
            return .deny(.grantWithdrawn, detail: "the agent is no longer configured this way")
        }
        let verdict = verdict(on: facts, in: snapshot, spending: false)
        guard verdict.effect == .allow, let addresses = facts.destination.addresses else { return verdict }
        // An exception that was withdrawn ends what rests on it.
        let destination = facts.destination
        guard
            case .refused(let refusal) = snapshot.addressGuard.judgeAll(
                addresses, host: destination.host, port: destination.port)
        else { return verdict }
        return .deny(.addressForbidden, detail: refusal.description, grant: verdict.grant)
    }

    /// What the verdict on facts would be, without spending, counting or telling anybody.
    public func foresee(_ facts: borrowing Facts) -> Verdict {
        let snapshot = snapshot
        if let renewed = renewed(facts, in: snapshot) { return verdict(on: renewed, in: snapshot) }
        return verdict(on: facts, in: snapshot)
    }

    /// Denies everything to an agent until it is released.
    public func quarantine(_ agent: SPIFFEID, why: String) {
        quarantined.withLock { $0[agent] = why }
        quarantineCount.store(quarantined.withLock { $0.count }, ordering: .sequentiallyConsistent)
        changes.add(1, ordering: .sequentiallyConsistent)
    }

    /// Ends a quarantine.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    public func release(_ agent: SPIFFEID) -> Bool {
        let was = quarantined.withLock { $0.removeValue(forKey: agent) != nil }
        quarantineCount.store(quarantined.withLock { $0.count }, ordering: .sequentiallyConsistent)
        return was
    }

    /// Why an agent is quarantined; `nil` when it is not.
    public func quarantineReason(_ agent: SPIFFEID) -> String? { quarantined.withLock { $0[agent] } }

    /// Decides with the candidate as well, where a decision belongs to its share.
    private func compare(
        _ verdict: Verdict, on facts: borrowing Facts, in snapshot: Snapshot, _ decision: DecisionID
    ) {
        guard let comparer, let candidate = snapshot.candidate, candidate.takes(decision),
            let other = snapshot.underCandidate
        else { return }
        comparer(
            ComparedDecision(
                decision: decision, facts: copy facts, verdict: verdict, other: self.verdict(on: facts, in: other),
                snapshot: snapshot))
    }

    private func verdict(on facts: borrowing Facts, in snapshot: Snapshot, spending: Bool = true) -> Verdict {
        let verdict = Self.restricted(singleVerdict(on: facts, in: snapshot, spending: spending), facts)
        guard verdict.effect == .allow, let sent = facts.http?.sentPath else { return verdict }
        var facts = copy facts
        facts.http?.path = sent
        let other = singleVerdict(on: facts, in: snapshot, spending: spending)
        return other.effect == .allow ? verdict : other
    }

    /// The verdict on one of the meanings that a request has.
    private func singleVerdict(on facts: borrowing Facts, in snapshot: Snapshot, spending: Bool) -> Verdict {
        if let refusal = shared?.refusal() { return refusal }
        if quarantineCount.load(ordering: .relaxed) > 0, let id = facts.identity?.id,
            let why = quarantined.withLock({ $0[id] })
        {
            return .deny(.quarantined, detail: why)
        }
        if let why = quarantinedDelegator(facts, in: snapshot) {
            return .deny(.quarantined, detail: "an agent that delegated this: \(why)")
        }
        guard spending else { return snapshot.decide(facts) { _ in GrantUsage() } }
        let time = facts.time
        let budgets = facts.identity.flatMap { snapshot.grants[$0.id] }
        return snapshot.decide(facts) { usage(of: $0, budgets, at: time) }
    }

    /// What was spent in the period that a time lies in, of a grant of an agent or within a task.
    ///
    /// - Parameter index: The agent's grants.
    public func usage(of grant: GrantID, _ index: GrantIndex?, at time: Int64) -> GrantUsage {
        if grant.isTaskAccount { return ledger.usage(of: grant, per: .total, at: time) }
        guard let budget = index?.budget(of: grant.name) else { return GrantUsage() }
        return ledger.usage(of: grant, per: budget.per, at: time)
    }

    /// Why one of the agents above the caller's task is in quarantine, if one is.
    private func quarantinedDelegator(_ facts: borrowing Facts, in snapshot: Snapshot) -> String? {
        guard quarantineCount.load(ordering: .relaxed) > 0, let id = facts.task.flatMap({ TaskID($0.id) }),
            let links = snapshot.tasks.links(of: id)
        else { return nil }
        return quarantined.withLock { quarantined in
            for link in links {
                if let why = quarantined[link.agent] { return why }
            }
            return nil
        }
    }
}

/// A decision that was made, with what it was made from.
public struct DecidedRequest: Sendable {
    /// The decision's name.
    public let decision: DecisionID
    /// What the plane knew.
    public let facts: Facts
    /// What it came to.
    public let verdict: Verdict
    /// What was read.
    public let snapshot: Snapshot
}
