// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// The questions to people about calls that are held. Safe from any thread; reads no clock.
///
/// An approval is good for one call, the very one that was asked about, and for as long as ``ApprovalLimits/expiry``
/// says. Identical questions are one question, so that a person is not tired out by repetition; one that was refused stays
/// refused until it is forgotten.
public final class Approvals: Sendable {
    private let state: Mutex<ApprovalTable>
    private let onQuestion: @Sendable (Approval) -> Void

    /// An empty table.
    ///
    /// - Parameter onQuestion: Told of each new question, on the thread that asked.
    public init(
        limits: ApprovalLimits = ApprovalLimits(), onQuestion: @escaping @Sendable (Approval) -> Void = { _ in }
    ) {
        state = Mutex(ApprovalTable(limits: limits))
        self.onQuestion = onQuestion
    }

    /// Applies other limits from now on; what is open keeps its time.
    public func update(limits: ApprovalLimits) { state.withLock { $0.limits = limits } }

    /// What asking came to.
    public enum Asked: Sendable {
        /// The question is open and nobody has answered yet.
        case waiting(Approval, isNew: Bool)
        /// A person has agreed to this very call already.
        case approved(Approval)
        /// A person has refused this very call lately.
        case refused(Approval)
        /// A limit is reached: its name under `approvals`.
        case full(String)
    }

    /// Asks, or joins the question about the same call.
    ///
    /// - Parameters:
    ///   - waiter: Whose connection is held; `nil` for one that comes back for the answer.
    ///   - now: Nanoseconds of the monotonic clock.
    public func ask(
        _ question: ApprovalQuestion, waiter: (any ApprovalWaiter)?, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) -> Asked {
        let id = ApprovalID.random(using: &generator)
        let asked = state.withLock { $0.ask(question, id: id, waiter: waiter, now: now) }
        if case .waiting(let approval, isNew: true) = asked { onQuestion(approval) }
        return asked
    }

    /// Waits for a question of the same call that is open; false when it is not any more.
    public func join(_ id: ApprovalID, _ call: ApprovalCall, waiter: any ApprovalWaiter, now: Int64) -> Bool {
        state.withLock { $0.join(id, call, waiter, now: now) }
    }

    /// Somebody does not wait any more. A question for which nobody waits and nobody comes back is withdrawn.
    ///
    /// - Parameter comesBack: Whether the caller was told to come back for the answer.
    /// - Returns: The question when it was withdrawn by this.
    @discardableResult
    public func leave(_ id: ApprovalID, waiter: any ApprovalWaiter, comesBack: Bool, now: Int64) -> Approval? {
        state.withLock { $0.leave(id, waiter, comesBack: comesBack, now: now) }
    }

    /// Why an approval does not cover a call.
    public enum Refusal: Error, Sendable {
        /// There is none of this name, or not of this agent.
        case unknown
        /// It is about another call of the agent.
        case mismatch
        /// Nobody has answered yet.
        case waiting(Approval)
        /// A person refused.
        case refused(Approval)
        /// Its time is over, or it was withdrawn.
        case expired
        /// The call was made.
        case used
    }

    /// Uses an approval up for a call; at most one caller ever succeeds.
    public func use(_ id: ApprovalID, for call: ApprovalCall, now: Int64) -> Result<ApprovalEvidence, Refusal> {
        state.withLock { $0.use(id, call, now: now) }
    }

    /// Why a question cannot be answered.
    public enum AnswerError: Error, Sendable, Hashable {
        /// There is none of this name.
        case unknown
        /// It has been answered, or is over.
        case settled(Approval.State)
    }

    /// A person's answer.
    ///
    /// - Parameters:
    ///   - person: Who answers.
    ///   - reason: Why, in that person's words.
    public func answer(
        _ id: ApprovalID, agrees: Bool, by person: String, reason: String?, now: Int64
    ) throws(AnswerError) -> Approval {
        let (result, waiters) = state.withLock {
            $0.answer(id, agrees: agrees, by: person, reason: reason, now: now)
        }
        for waiter in waiters { waiter.approvalSettled(id) }
        return try result.get()
    }

    /// Ends what has lapsed and forgets what ended long ago.
    ///
    /// - Returns: What lapsed by this call.
    public func lapse(now: Int64) -> [Approval] {
        let (lapsed, waiters) = state.withLock { $0.lapse(now: now) }
        for (id, waiter) in waiters { waiter.approvalSettled(id) }
        return lapsed
    }

    /// Withdraws open questions.
    ///
    /// - Parameter reason: Says why one is withdrawn; `nil` for one that stays.
    /// - Returns: What was withdrawn.
    public func withdraw(now: Int64, _ reason: (Approval) -> String?) -> [Approval] {
        // Judged outside of the lock: it may take a while.
        let reasons = all.filter(\.state.isOpen).compactMap { approval in reason(approval).map { (approval.id, $0) } }
        guard !reasons.isEmpty else { return [] }
        let (withdrawn, waiters) = state.withLock { $0.withdraw(reasons, now: now) }
        for (id, waiter) in waiters { waiter.approvalSettled(id) }
        return withdrawn
    }

    /// One question.
    public subscript(id: ApprovalID) -> Approval? { state.withLock { $0.entries[id]?.approval } }

    /// All of them, the newest first.
    public var all: [Approval] { state.withLock { $0.all } }
}
