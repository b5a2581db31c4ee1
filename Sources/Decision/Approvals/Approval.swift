// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A question to a person about one call, and what became of it.
public struct Approval: Sendable {
    /// Its name.
    public let id: ApprovalID
    /// What is asked about.
    public let call: ApprovalCall
    /// The decision that held the call.
    public let decision: DecisionID
    /// The source of the call, as far as it tells who might answer for the agent.
    public let source: Source
    /// Why a person is asked, in the words of the policy or the configuration.
    public let why: String
    /// The arguments as a person is shown them, secrets left out; `nil` once nothing waits for them any more.
    public internal(set) var shown: String?
    /// What was judged, to be judged again; `nil` once it is over.
    public internal(set) var facts: Facts?
    /// Where it stands.
    public internal(set) var state: State
    /// When it was asked, in Unix seconds.
    public let askedAt: Int64
    /// When it lapses, in nanoseconds of the monotonic clock: while it waits, or when it was given and is not used.
    public internal(set) var expires: Int64
    /// Who decided.
    public internal(set) var decidedBy: String?
    /// Why, in the words of whoever decided.
    public internal(set) var reason: String?
    /// Connections that are held for it.
    public internal(set) var waiting = 0

    /// Where a question stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Nobody has answered.
        case waiting
        /// A person agreed, and the call was not made yet.
        case approved
        /// A person refused.
        case refused
        /// Nobody answered in time, or the call did not come in time.
        case expired
        /// The call was made.
        case used
        /// Nobody waits for the answer any more, or the call would be denied by now.
        case withdrawn

        /// Whether anything can still come of it.
        public var isOpen: Bool { self == .waiting || self == .approved }
    }
}

/// What a person is asked.
public struct ApprovalQuestion: Sendable {
    /// The call.
    public var call: ApprovalCall
    /// What was judged.
    public var facts: Facts
    /// The decision that held it.
    public var decision: DecisionID
    /// The arguments as a person is shown them.
    public var shown: String
    /// Why a person is asked.
    public var why: String

    /// Collects the parts.
    public init(call: ApprovalCall, facts: Facts, decision: DecisionID, shown: String, why: String) {
        self.call = call
        self.facts = facts
        self.decision = decision
        self.shown = shown
        self.why = why
    }
}

/// Whoever waits for an answer. Called from any thread.
public protocol ApprovalWaiter: AnyObject, Sendable {
    /// The question is not open any more, or was answered.
    func approvalSettled(_ id: ApprovalID)
}

/// The limits on questions.
public struct ApprovalLimits: Sendable, Hashable {
    /// Nanoseconds for which a question waits, and for which an answer is good.
    public var expiry: Int64 = 300 * 1_000_000_000
    /// Questions of one agent that are open, or came to nothing within the expiry.
    public var perAgent = 20
    /// Open questions of all agents.
    public var total = 1000

    /// The defaults.
    public init() {}
}
