// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Cluster
import Decision
import Foundation
import Identity
import ProcessSupport
import Protocols
import Synchronization
import Testing

/// When changes arrived at watchers.
private final class Arrivals: Sendable {
    private let state = Mutex((watchers: 0, times: [Double]()))

    /// How many watch.
    var watchers: Int { state.withLock { $0.watchers } }
    /// How long each arrival took, in milliseconds.
    var sorted: [Double] { state.withLock { $0.times.sorted() } }

    func watches() { state.withLock { $0.watchers += 1 } }

    func note(_ time: Double) { state.withLock { $0.times.append(time) } }
}

/// What sharing costs; the figures stand in docs/cluster.md.
@Suite("What sharing costs", .serialized)
struct FanOutTests {
    @Test("a change reaches 1, 3, 20 and 100 watchers", arguments: [1, 3, 20, 100])
    func fanOut(_ watchers: Int) async throws {
        let servers = try EtcdServers(3)
        let endpoint = EtcdEndpoint(host: "127.0.0.1", port: servers.ports[0])
        let writer = try await EtcdConnection.open(endpoint, .none)
        let arrivals = Arrivals()
        let rounds = 20
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<watchers {
                let port = servers.ports[number % 3]
                group.addTask {
                    let connection = try await EtcdConnection.open(EtcdEndpoint(host: "127.0.0.1", port: port), .none)
                    defer { connection.close() }
                    let watch = try await EtcdWatch(connection, prefix: "/fan/", from: 1)
                    // The first word is that the watch is there.
                    _ = try await watch.next()
                    arrivals.watches()
                    var count = 0
                    while count < rounds {
                        for entry in try await watch.next().entries {
                            count += 1
                            guard let value = entry.value, let time = Int64(String(decoding: value, as: UTF8.self))
                            else { continue }
                            arrivals.note(Double(monotonicTime() - time) / 1_000_000)
                        }
                    }
                }
            }
            try await eventually("all watch") { arrivals.watchers == watchers }
            for round in 0..<rounds {
                try await writer.put("/fan/\(round)", Array("\(monotonicTime())".utf8))
                try await Task.sleep(for: .milliseconds(20))
            }
            try await group.waitForAll()
        }
        let sorted = arrivals.sorted
        #expect(sorted.count == rounds * watchers)
        let (p50, p99) = (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
        print(
            String(
                format: "measured: a write to %d watchers: p50 %.1f ms, p99 %.1f ms, max %.1f ms", watchers, p50, p99,
                sorted[sorted.count - 1]))
        #expect(p99 < 1_000)
    }

    @Test("a revocation and a task cost one write each, and a share of a budget one")
    func writes() async throws {
        let servers = try EtcdServers()
        let endpoint = EtcdEndpoint(host: "127.0.0.1", port: servers.ports[0])
        let reader = try await EtcdConnection.open(endpoint, .none)
        try await withLinks(1, servers, grace: 600_000) { links, _ in
            let ends = links[0].seconds + 3_600
            try await links[0].write(ClusterKey(.revocation, "token", "0"), ends: ends) { _ in [1] }
            for (what, count, isNew) in [("revocation", 100, true), ("budget", 100, false)] {
                let before = try await reader.status().revision
                let start = ContinuousClock.now
                for number in 0..<count {
                    let key =
                        isNew
                        ? ClusterKey(.revocation, "token", "\(number + 1)") : ClusterKey(.budget, "agent", "grant", "0")
                    try await links[0].write(key, ends: ends, isNew: isNew) { known in (known ?? []) + [1] }
                }
                let time = start.duration(to: .now) / count
                let writes = try await reader.status().revision - before
                print("measured: \(count) changes of the kind \(what): \(writes) revisions, \(time) each")
                // Beats and presences come in between.
                #expect(writes >= Int64(count) && writes < Int64(count) + 40)
            }
        }
    }

    @Test("what an entry takes in etcd and in a gate")
    func memory() throws {
        let count = 16_000
        let before = Self.residentBytes()
        var book = RevocationBook()
        var there: [Revocation.Target: Revocation] = [:]
        var bytes = 0
        for number in 0..<count {
            let id = try SPIFFEID(parsing: "spiffe://gate.test/agent/agent-number-\(number)")
            let revocation = Revocation(
                .agent(id), time: Int64(number), expires: 1_800_000_000, why: "the key was stolen", origin: "uid:1000")
            _ = book.insert(revocation)
            there[.agent(id)] = revocation
            bytes += SharedRevocation.key(.agent(id)).description.utf8.count + SharedRevocation.value(revocation).count
        }
        let grown = Self.residentBytes() - before
        print(
            "measured: a revocation: \(bytes / count) bytes in etcd, \(grown / count) bytes in a gate (\(book.count))")
        #expect(grown / count < 4_096)
        #expect(there.count == book.count)
    }

    @Test("what a task takes in etcd and in a gate")
    func taskMemory() throws {
        let count = 4_000
        let before = Self.residentBytes()
        var (bytes, tasks) = (0, [AgentTask]())
        for number in 0..<count {
            let task = try Self.task(number)
            bytes += SharedTask.key(task.id).description.utf8.count + SharedTask(task, of: "gate-a").value.count
            tasks.append(task)
        }
        let book = TaskBook(tasks)
        tasks = []
        let grown = Self.residentBytes() - before
        print("measured: a task: \(bytes / count) bytes in etcd, \(grown / count) bytes in a gate (\(book.all.count))")
        #expect(grown / count < 8_192)
    }

    @Test("what a signature adds to an entry, and what it takes to check one")
    func signatures() throws {
        let own = try SignedGates.key("gate-a", 1)
        let members = try ClusterMembers(
            own: own, named: [own.verifier.text], trustDomain: try TrustDomain(parsing: "gate.test"))
        let agent = try SPIFFEID(parsing: "spiffe://gate.test/agent/agent-1")
        let end = SharedQuarantine(
            isOver: true, number: 1, since: 1_800_000_000_000_000, ends: nil, why: "released", origin: "uid:1000")
        let pin = SharedPin(
            service: "crm", tool: "find", digest: String(repeating: "7", count: 64), origin: "uid:1000", why: nil,
            time: 1_800_000_000_000_000)
        let task = try Self.task(1)
        for (what, key, payload) in [
            ("task", SharedTask.key(task.id), SharedTask(task, of: "gate-a").value),
            ("release", SharedQuarantine.key(agent), end.value), ("approved tool", pin.key, pin.value),
        ] {
            let value = try members.value(payload, at: key)
            let name = key.description.utf8.count
            let start = ContinuousClock.now
            for _ in 0..<100 { #expect(members.claim(value, at: key).fault == nil) }
            let time = start.duration(to: .now) / 100
            print("measured: \(what): \(name + payload.count) bytes, signed \(name + value.count), checked in \(time)")
        }
    }

    private static func task(_ number: Int) throws -> AgentTask {
        let digest = Array(repeating: "7", count: 32).joined(separator: ",")
        let text = """
            {"id":"\(TaskID(rawValue: UInt128(number)))","handle":[\(digest)],"origin":"uid:1000",
            "agent":"spiffe://gate.test/agent/agent-\(number)","purpose":"answer the customer's question",
            "grants":[{"name":"mail","calls":10},{"name":"crm"}],"calls":100,"started":1800000000,
            "expires":1800003600}
            """
        return try #require(AgentTask(try JSONValue(parsing: text)))
    }

    private static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
    }
}
