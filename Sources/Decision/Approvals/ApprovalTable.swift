// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// The questions, as one value behind the lock of ``Approvals``.
struct ApprovalTable: Sendable {
    struct Entry: Sendable {
        var approval: Approval
        var waiters: [ObjectIdentifier: any ApprovalWaiter] = [:]
        /// Whether somebody was told to come back for the answer.
        var isAwaited = false
        /// Counts up; orders what was asked at the same time.
        let turn: UInt64
        /// When it ended, in nanoseconds of the monotonic clock.
        var ended: Int64?
    }

    typealias Waiters = [(id: ApprovalID, waiter: any ApprovalWaiter)]

    var limits: ApprovalLimits
    private(set) var entries: [ApprovalID: Entry] = [:]
    /// The newest question about each call.
    private var byCall: [ApprovalCall: ApprovalID] = [:]
    private var turn: UInt64 = 0

    init(limits: ApprovalLimits) { self.limits = limits }

    var all: [Approval] { entries.values.sorted { $0.turn > $1.turn }.map(\.approval) }

    // MARK: Asking

    mutating func ask(
        _ question: ApprovalQuestion, id: ApprovalID, waiter: (any ApprovalWaiter)?, now: Int64
    ) -> Approvals.Asked {
        if let known = byCall[question.call], var entry = entries[known], !isOver(entry, now) {
            switch entry.approval.state {
            case .waiting:
                if let waiter { entry.add(waiter) } else { entry.isAwaited = true }
                entries[known] = entry
                return .waiting(entry.approval, isNew: false)
            case .approved:
                if waiter == nil { entries[known]?.isAwaited = true }
                return .approved(entry.approval)
            case .refused: return .refused(entry.approval)
            case .withdrawn where now < entry.approval.expires:
                // Whoever hangs up and asks again has asked once.
                entry.reopen(question)
                if let waiter { entry.add(waiter) } else { entry.isAwaited = true }
                entries[known] = entry
                return .waiting(entry.approval, isNew: false)
            case .expired, .used, .withdrawn: break
            }
        }
        let agent = question.call.agent
        guard entries.values.count(where: { $0.approval.call.agent == agent && counts($0, now) }) < limits.perAgent
        else {
            return .full("per_agent")
        }
        guard entries.values.count(where: { $0.approval.state.isOpen }) < limits.total else { return .full("total") }
        turn &+= 1
        var entry = Entry(
            approval: Approval(
                id: id, call: question.call, decision: question.decision, source: question.facts.source,
                why: question.why, shown: question.shown, facts: question.facts, state: .waiting,
                askedAt: question.facts.time, expires: now &+ limits.expiry),
            turn: turn)
        if let waiter { entry.add(waiter) } else { entry.isAwaited = true }
        entries[id] = entry
        byCall[question.call] = id
        return .waiting(entry.approval, isNew: true)
    }

    /// Whether a question counts against its agent: an open one, and one that came to nothing lately. Otherwise asking
    /// and hanging up, again and again, would never end.
    private func counts(_ entry: Entry, _ now: Int64) -> Bool {
        guard let ended = entry.ended else { return true }
        return entry.approval.state != .used && now &- ended < limits.expiry
    }

    private func isOver(_ entry: Entry, _ now: Int64) -> Bool {
        if let ended = entry.ended { return now &- ended >= limits.expiry }
        return now >= entry.approval.expires
    }

    mutating func join(_ id: ApprovalID, _ call: ApprovalCall, _ waiter: any ApprovalWaiter, now: Int64) -> Bool {
        guard var entry = entries[id], entry.approval.call == call, entry.approval.state == .waiting,
            !isOver(entry, now)
        else { return false }
        entry.add(waiter)
        entries[id] = entry
        return true
    }

    mutating func leave(
        _ id: ApprovalID, _ waiter: any ApprovalWaiter, comesBack: Bool, now: Int64
    ) -> Approval? {
        guard var entry = entries[id] else { return nil }
        entry.remove(waiter)
        if comesBack { entry.isAwaited = true }
        let isAbandoned = entry.approval.state == .waiting && entry.waiters.isEmpty && !entry.isAwaited
        entries[id] = entry
        guard isAbandoned else { return nil }
        return end(id, .withdrawn, reason: "the client went away", now: now).approval
    }

    // MARK: Answers

    mutating func use(
        _ id: ApprovalID, _ call: ApprovalCall, now: Int64
    ) -> Result<ApprovalEvidence, Approvals.Refusal> {
        guard let entry = entries[id], entry.approval.call.agent == call.agent else { return .failure(.unknown) }
        let approval = entry.approval
        guard approval.call == call else { return .failure(.mismatch) }
        switch approval.state {
        case .waiting: return .failure(isOver(entry, now) ? .expired : .waiting(approval))
        case .refused: return .failure(.refused(approval))
        case .expired, .withdrawn: return .failure(.expired)
        case .used: return .failure(.used)
        case .approved:
            guard !isOver(entry, now) else { return .failure(.expired) }
            _ = end(id, .used, reason: approval.reason, now: now)
            return .success(ApprovalEvidence(id: id, call: call, person: approval.decidedBy ?? ""))
        }
    }

    mutating func answer(
        _ id: ApprovalID, agrees: Bool, by person: String, reason: String?, now: Int64
    ) -> (Result<Approval, Approvals.AnswerError>, [any ApprovalWaiter]) {
        guard var entry = entries[id] else { return (.failure(.unknown), []) }
        guard entry.approval.state == .waiting else { return (.failure(.settled(entry.approval.state)), []) }
        guard !isOver(entry, now) else { return (.failure(.settled(.expired)), []) }
        entry.approval.decidedBy = person
        guard agrees else {
            entries[id] = entry
            let (approval, waiters) = end(id, .refused, reason: reason, now: now)
            return (approval.map { .success($0) } ?? .failure(.unknown), waiters)
        }
        entry.approval.state = .approved
        entry.approval.reason = reason
        entry.approval.expires = now &+ limits.expiry
        entries[id] = entry
        return (.success(entry.approval), Array(entry.waiters.values))
    }

    // MARK: Ends

    mutating func lapse(now: Int64) -> ([Approval], Waiters) {
        var lapsed: [Approval] = []
        var waiters: Waiters = []
        for (id, entry) in entries {
            if entry.ended == nil {
                guard isOver(entry, now) else { continue }
                let (approval, waiting) = end(id, .expired, reason: nil, now: now)
                if let approval { lapsed.append(approval) }
                waiters += waiting.map { (id, $0) }
            } else if isOver(entry, now), entry.waiters.isEmpty {
                forget(id)
            }
        }
        return (lapsed, waiters)
    }

    mutating func withdraw(_ reasons: [(ApprovalID, String)], now: Int64) -> ([Approval], Waiters) {
        var withdrawn: [Approval] = []
        var waiters: Waiters = []
        for (id, reason) in reasons where entries[id]?.ended == nil {
            let (approval, waiting) = end(id, .withdrawn, reason: reason, now: now)
            if let approval { withdrawn.append(approval) }
            waiters += waiting.map { (id, $0) }
        }
        return (withdrawn, waiters)
    }

    private mutating func end(
        _ id: ApprovalID, _ state: Approval.State, reason: String?, now: Int64
    ) -> (approval: Approval?, waiters: [any ApprovalWaiter]) {
        guard var entry = entries[id] else { return (nil, []) }
        entry.approval.state = state
        entry.approval.reason = reason
        entry.approval.facts = nil
        entry.approval.shown = nil
        entry.ended = now
        entries[id] = entry
        dropOldest()
        return (entry.approval, Array(entry.waiters.values))
    }

    /// Keeps no more of what is over than may be open; what was used says the least and goes first.
    private mutating func dropOldest() {
        let over = entries.values.filter { $0.ended != nil && $0.waiters.isEmpty }
        guard over.count > limits.total else { return }
        let first = over.min { left, right in
            let (leftUsed, rightUsed) = (left.approval.state == .used, right.approval.state == .used)
            return leftUsed == rightUsed ? left.turn < right.turn : leftUsed
        }
        if let first { forget(first.approval.id) }
    }

    private mutating func forget(_ id: ApprovalID) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        if byCall[entry.approval.call] == id { byCall[entry.approval.call] = nil }
    }
}

extension ApprovalTable.Entry {
    fileprivate mutating func reopen(_ question: ApprovalQuestion) {
        approval.state = .waiting
        approval.reason = nil
        approval.facts = question.facts
        approval.shown = question.shown
        ended = nil
    }

    fileprivate mutating func add(_ waiter: any ApprovalWaiter) {
        waiters[ObjectIdentifier(waiter)] = waiter
        approval.waiting = waiters.count
    }

    fileprivate mutating func remove(_ waiter: any ApprovalWaiter) {
        waiters[ObjectIdentifier(waiter)] = nil
        approval.waiting = waiters.count
    }
}
