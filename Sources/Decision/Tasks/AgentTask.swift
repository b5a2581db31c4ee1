// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// A grant with a purpose: one request of a person or an agent, one id, one lifetime.
///
/// A task gives nothing: it names grants that its agent has and takes a part of each. A sub-task stands under another
/// task and is judged together with it, so that it can only be narrower.
public struct AgentTask: Sendable, Hashable {
    /// The name in records and tokens.
    public let id: TaskID
    /// SHA-256 of the handle, which nobody keeps but the agent.
    public let handleDigest: [UInt8]
    /// Who started it: `uid:` and a user of this machine, or an agent's SPIFFE ID.
    public let origin: String
    /// The person on whose behalf the agent acts; `nil` when nobody asked.
    public let person: Person?
    /// The agent that works on it.
    public let agent: SPIFFEID
    /// Why it exists, in the words of whoever started it.
    public let purpose: String
    /// The parts of the agent's grants; nothing else is covered.
    public let grants: [TaskGrant]
    /// What may be spent in all, sub-tasks included; `nil` for no limit.
    public let budget: GrantBudget?
    /// When it began, in Unix seconds.
    public let started: Int64
    /// When it ends by itself, in Unix seconds; at that second it is over.
    public let expires: Int64
    /// The task that it is a part of.
    public let parent: TaskID?
    /// How it was stopped, if it was.
    public internal(set) var stop: Stop?

    /// The longest life, in seconds.
    public static let longestLife: Int64 = 8 * 3600
    /// The most links from a task to the outermost one, itself included.
    public static let maximumDepth = 4
    /// The most grants.
    public static let maximumGrants = 64
    /// The longest purpose, in bytes.
    public static let longestPurpose = 512

    /// An end before its time.
    public struct Stop: Sendable, Hashable {
        /// When, in Unix seconds.
        public var time: Int64
        /// Why, in the words of whoever stopped it.
        public var why: String?

        /// Records an end.
        public init(time: Int64, why: String? = nil) {
            self.time = time
            self.why = why
        }
    }

    init(
        id: TaskID, handleDigest: [UInt8], origin: String, person: Person?, agent: SPIFFEID, purpose: String,
        grants: [TaskGrant], budget: GrantBudget?, started: Int64, expires: Int64, parent: TaskID?, stop: Stop? = nil
    ) {
        self.id = id
        self.handleDigest = handleDigest
        self.origin = origin
        self.person = person
        self.agent = agent
        self.purpose = purpose
        self.grants = grants
        self.budget = budget
        self.started = started
        self.expires = expires
        self.parent = parent
        self.stop = stop
    }

    /// The task as facts of a call.
    public var facts: TaskFacts { TaskFacts(id: id.description, purpose: purpose, expires: expires) }

    /// The agents that work on tasks, nearest first: who asks now, then who delegated to it, and so on. An agent that
    /// divided its own work stands there once.
    public static func chain(_ links: [AgentTask]) -> [SPIFFEID] {
        var agents: [SPIFFEID] = []
        for link in links where agents.last != link.agent { agents.append(link.agent) }
        return agents
    }

    /// The part of a grant, if the task has one.
    func part(of grant: String) -> TaskGrant? {
        grants.first { $0.name.utf8.elementsEqual(grant.utf8) }
    }

    /// Where spending of the whole task is counted.
    public var account: GrantID { GrantID(task: id, name: "") }

    /// Every account of the task that has a limit.
    public var accounts: [BudgetAccount] {
        let own = budget.map { [BudgetAccount(id: account, terms: $0)] } ?? []
        return own
            + grants.compactMap { part in
                part.budget.map { BudgetAccount(id: account(of: part.name), terms: $0) }
            }
    }

    /// Where spending under one grant of the task is counted.
    func account(of grant: String) -> GrantID { GrantID(task: id, name: grant) }
}

extension GrantID {
    private static let taskPrefix = "task:"

    /// The account of a task, or of one of its grants. No agent has such a name.
    init(task: TaskID, name: String) { self.init(agent: Self.taskPrefix + task.description, name: name) }

    /// Whether this is an account of a task.
    public var isTaskAccount: Bool { agent.utf8.starts(with: Self.taskPrefix.utf8) }
}
