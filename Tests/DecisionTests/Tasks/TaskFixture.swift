// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity

/// A configuration with two agents, and tasks in it.
struct TaskFixture {
    static let start: Int64 = 1_790_000_000
    let domain: TrustDomain
    let authorizer: Authorizer
    private var count: UInt128 = 0

    init(bot: [Grant]? = nil, planner: [Grant]? = nil) throws {
        domain = try TrustDomain(parsing: "techresolve.local")
        let bot = try bot ?? Self.standardGrants()
        let planner = try planner ?? Self.standardGrants()
        authorizer = Authorizer(snapshot: try Self.snapshot(bot: bot, planner: planner))
    }

    static func standardGrants() throws -> [Grant] {
        [
            try GrantFixture.grant("models", ["api.openai.com"]),
            try GrantFixture.grant("web", ["*.example.org"]) { $0.ports = PortSet([80...80, 443...443]) },
            try GrantFixture.grant("tickets", ["tickets.test"]) { grant in
                grant.tools = [ToolGrant(name: "search"), ToolGrant(name: "create")]
            },
        ]
    }

    static func snapshot(bot: [Grant], planner: [Grant]) throws -> Snapshot {
        let domain = try TrustDomain(parsing: "techresolve.local")
        let botID = try SPIFFEID(agent: "bot", in: domain)
        let plannerID = try SPIFFEID(agent: "planner", in: domain)
        var directory: [AgentDirectory.Agent] = []
        for id in [botID, plannerID] {
            var agent = AgentDirectory.Agent(id: id)
            agent.tokenDigests = [Array(repeating: 1, count: 32)]
            directory.append(agent)
        }
        return Snapshot(
            revision: 1, digest: "", trustDomain: domain, agents: AgentDirectory(agents: directory),
            grants: [
                botID: GrantIndex(agent: "bot", grants: bot), plannerID: GrantIndex(agent: "planner", grants: planner),
            ],
            addressGuard: AddressGuard())
    }

    func agent(_ name: String) throws -> SPIFFEID { try SPIFFEID(agent: name, in: domain) }

    func order(_ parts: [TaskGrant], agent: String = "bot", under parent: AgentTask? = nil) throws -> TaskOrder {
        var order = TaskOrder(
            origin: "uid:1000", agent: try self.agent(agent), purpose: "Answer a ticket", grants: parts)
        order.parent = parent?.id
        return order
    }

    @discardableResult
    mutating func start(_ order: TaskOrder) throws -> AgentTask {
        count += 1
        let id = TaskID(rawValue: count)
        let digest =
            (0..<16).map { UInt8(truncatingIfNeeded: id.rawValue >> UInt128($0 * 8)) }
            + [UInt8](repeating: 0, count: 16)
        return try authorizer.changeTasks { snapshot, book in
            let task = try snapshot.task(order, id: id, handleDigest: digest, at: Self.start)
            book.insert(task)
            return task
        }
    }

    func decide(_ facts: Facts, in task: AgentTask?) -> Verdict {
        var facts = facts
        facts.task = task?.facts
        return authorizer.authorize(facts, decision: DecisionID(rawValue: 1)).verdict
    }
}

extension TaskGrant {
    static func part(_ name: String, _ change: (inout TaskGrant) throws -> Void = { _ in }) rethrows -> TaskGrant {
        var part = TaskGrant(name)
        try change(&part)
        return part
    }
}
