// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Rego

/// Snapshots with policies for the suites about policies.
enum PolicyFixture {
    static func policy(
        _ text: String, data: DataDocument = .empty, _ change: (inout DecisionPolicy.Settings) -> Void = { _ in }
    ) throws -> DecisionPolicy {
        var settings = DecisionPolicy.Settings()
        change(&settings)
        let sources = text.isEmpty ? [] : [PolicySource(name: "user.rego", text: text)]
        return try DecisionPolicy(compiling: sources, data: data, settings: settings)
    }

    /// A snapshot in which `bot` may open tunnels to `web.test`.
    static func snapshot(_ policy: DecisionPolicy?) throws -> Snapshot {
        try snapshot(policy, tasks: TaskBook([task()]))
    }

    /// A task of `bot` that is open at the time of the fixtures.
    static func task() throws -> AgentTask {
        var order = TaskOrder(
            origin: "uid:0", agent: try GrantFixture.identity().id, purpose: "answer", grants: [TaskGrant("web")])
        order.seconds = AgentTask.longestLife
        return try snapshot(nil, tasks: .empty).task(
            order, id: TaskID(rawValue: 1), handleDigest: Array(repeating: 0, count: 32), at: 1_790_000_000)
    }

    private static func snapshot(_ policy: DecisionPolicy?, tasks: TaskBook) throws -> Snapshot {
        let id = try GrantFixture.identity().id
        return Snapshot(
            revision: 1, digest: "", trustDomain: id.trustDomain,
            agents: AgentDirectory(agents: [.init(id: id, allowsCertificate: true)]),
            grants: [id: GrantIndex(agent: "bot", grants: [try GrantFixture.grant("web", ["web.test"])])],
            addressGuard: AddressGuard(exceptions: [], ownListeners: []), policy: policy,
            tasks: tasks)
    }

    static func decide(
        _ text: String, _ facts: Facts, _ change: (inout DecisionPolicy.Settings) -> Void = { _ in }
    ) throws -> Verdict {
        try snapshot(try policy(text, change)).decide(facts) { _ in GrantUsage() }
    }

    /// A base document from JSON.
    static func data(_ json: String) throws -> DataDocument {
        let heap = Heap()
        return DataDocument(root: try JSONReader(heap: heap).read(Array(json.utf8)), in: heap)
    }

    /// The mistakes of a policy that cannot be used.
    static func mistakes(
        of text: String, _ change: (inout DecisionPolicy.Settings) -> Void = { _ in }
    ) -> [String] {
        do {
            _ = try policy(text, change)
            return []
        } catch let fault as PolicyFault {
            return fault.lines
        } catch {
            return ["\(error)"]
        }
    }
}
