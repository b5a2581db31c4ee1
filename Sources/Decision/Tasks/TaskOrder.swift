// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
public import Identity

/// What somebody wants a task to be.
public struct TaskOrder: Sendable, Hashable {
    /// Who asks: `uid:` and a user, or an agent's SPIFFE ID.
    public var origin: String
    /// The agent that is to work on it.
    public var agent: SPIFFEID
    /// The person on whose behalf; a sub-task always has that of its parent.
    public var person: Person?
    /// Why.
    public var purpose: String
    /// The parts of the agent's grants.
    public var grants: [TaskGrant]
    /// What may be spent in all.
    public var budget: GrantBudget?
    /// How long it may last, in seconds; `nil` for as long as possible.
    public var seconds: Int64?
    /// The task that it is to be a part of.
    public var parent: TaskID?

    /// Orders a task.
    public init(origin: String, agent: SPIFFEID, purpose: String, grants: [TaskGrant]) {
        self.origin = origin
        self.agent = agent
        self.purpose = purpose
        self.grants = grants
    }
}

extension Snapshot {
    /// Makes a task of an order, or says why not.
    ///
    /// - Parameters:
    ///   - id: The new task's id.
    ///   - handleDigest: SHA-256 of its handle.
    ///   - time: Now, in Unix seconds.
    public func task(
        _ order: TaskOrder, id: TaskID, handleDigest: [UInt8], at time: Int64
    ) throws(TaskError) -> AgentTask {
        guard let index = grants[order.agent] else { throw .unknownAgent }
        guard Self.isPurpose(order.purpose) else { throw .purpose }
        guard (1...AgentTask.maximumGrants).contains(order.grants.count) else { throw .grantCount }
        let links = try links(over: order, at: time)
        for part in order.grants {
            try Self.check(part, of: index, in: order, within: links.first)
        }
        guard Set(order.grants.map { Array($0.name.utf8) }).count == order.grants.count else { throw .grantTwice }
        let budget = try Self.budget(order, within: links.first)
        let wanted = order.seconds ?? AgentTask.longestLife
        guard (1...AgentTask.longestLife).contains(wanted) else { throw .life }
        let expires = links.reduce(time &+ wanted) { min($0, $1.expires) }
        return AgentTask(
            id: id, handleDigest: handleDigest, origin: order.origin, person: links.first?.person ?? order.person,
            agent: order.agent, purpose: order.purpose, grants: order.grants, budget: budget, started: time,
            expires: expires, parent: order.parent)
    }

    private func links(over order: TaskOrder, at time: Int64) throws(TaskError) -> [AgentTask] {
        guard let parent = order.parent else { return [] }
        guard case .open(let links) = tasks.state(of: parent, at: time) else { throw .parentEnded }
        guard links.count < AgentTask.maximumDepth else { throw .depth }
        // An agent may divide its own work; it may not come back into a chain that went on to others.
        guard !AgentTask.chain(links).dropFirst().contains(order.agent) else { throw .cycle }
        if let person = order.person, person != links.first?.person { throw .person }
        return links
    }

    private static func check(
        _ part: TaskGrant, of index: GrantIndex, in order: TaskOrder, within parent: AgentTask?
    ) throws(TaskError) {
        guard let grant = index.grants.first(where: { $0.name.utf8.elementsEqual(part.name.utf8) }) else {
            throw .unknownGrant(part.name)
        }
        if let limit = part.widening(of: grant) { throw .widened(part.name, limit) }
        for count in [part.calls, part.bytes].compactMap({ $0 }) where count < 1 { throw .limit }
        // Under another agent's task the grants have other names; there the decision alone keeps the sub-task within.
        guard let parent, parent.agent == order.agent else { return }
        guard let whole = parent.part(of: part.name) else { throw .notInParent(part.name) }
        if let limit = part.widening(of: whole) { throw .widened(part.name, limit) }
    }

    private static func budget(_ order: TaskOrder, within parent: AgentTask?) throws(TaskError) -> GrantBudget? {
        guard let budget = order.budget else { return nil }
        for count in [budget.calls, budget.bytes, budget.tokens].compactMap({ $0 }) where count < 1 { throw .limit }
        if let cost = budget.cost, cost <= .zero || cost > .largest { throw .limit }
        if let outer = parent?.budget {
            if let calls = budget.calls, let most = outer.calls, calls > most { throw .limit }
            if let bytes = budget.bytes, let most = outer.bytes, bytes > most { throw .limit }
            if let tokens = budget.tokens, let most = outer.tokens, tokens > most { throw .limit }
            if let cost = budget.cost, let most = outer.cost, cost > most { throw .limit }
        }
        return GrantBudget(calls: budget.calls, bytes: budget.bytes, tokens: budget.tokens, cost: budget.cost)
    }

    private static func isPurpose(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= AgentTask.longestPurpose
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}

/// Why there is no such task.
public enum TaskError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The agent has no place in the configuration.
    case unknownAgent
    /// The purpose is missing, too long or has control characters.
    case purpose
    /// There are no grants, or too many.
    case grantCount
    /// A grant stands there twice.
    case grantTwice
    /// The agent has no grant of this name.
    case unknownGrant(String)
    /// The parent has no part of this grant.
    case notInParent(String)
    /// A limit is wider than that of the grant or of the parent.
    case widened(String, TaskGrant.Limit)
    /// A limit on calls or bytes is less than one or more than the parent's.
    case limit
    /// The life is not between a second and 8 hours.
    case life
    /// The parent is unknown or over.
    case parentEnded
    /// There are too many tasks above.
    case depth
    /// The agent stands above already.
    case cycle
    /// The parent is for another person.
    case person
    /// There are too many tasks.
    case count

    /// What is wrong and what is allowed.
    public var description: String {
        switch self {
        case .unknownAgent: "the agent has no place in the configuration"
        case .purpose: "a purpose has 1 to \(AgentTask.longestPurpose) bytes and no control characters"
        case .grantCount: "a task has 1 to \(AgentTask.maximumGrants) grants"
        case .grantTwice: "a grant stands there twice"
        case .unknownGrant(let name): "the agent has no grant “\(name)”"
        case .notInParent(let name): "the parent task has no part of grant “\(name)”"
        case .widened(let name, let limit):
            "the \(limit.rawValue) of “\(name)” go beyond what it is a part of; a task can only be narrower"
        case .limit: "a limit is at least 1 and at most the parent's"
        case .life: "a task lasts 1 to \(AgentTask.longestLife) seconds"
        case .parentEnded: "the parent task is unknown or over"
        case .depth: "at most \(AgentTask.maximumDepth) tasks stand one under the other"
        case .cycle: "the agent stands above this task already"
        case .person: "the parent task is for another person"
        case .count: "there are \(TaskBook.largestCount) tasks already"
        }
    }
}
