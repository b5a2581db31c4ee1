// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Cluster
import Foundation
import GateSupport
import GatewaySupport
import Identity
import ProcessSupport
import Protocols
import Synchronization
import Testing
import Transport

extension ClusterSuites {
    /// Somebody writes to etcd who is no gate: what none signed, what one signed for something else, what was true once.
    @Suite("What an intruder writes into etcd widens nothing")
    struct ClusterForgeryTests {
        private static let prefix = "/yett/v1/gate.test/state/"
        private static let agent = ClusterKey(.quarantine, "spiffe://gate.test/agent/bot")

        /// The value of an entry.
        private static func value(_ cluster: ClusterGates, _ key: ClusterKey) throws -> String? {
            let lines = try cluster.servers.get(prefix: "\(prefix)\(key)")
            return lines.count == 2 ? lines[1] : nil
        }

        private static func put(_ cluster: ClusterGates, _ key: ClusterKey, _ value: String) throws {
            try cluster.servers.put("\(prefix)\(key)", value)
        }

        /// What a gate said in an entry.
        private static func payload(_ value: String) throws -> String {
            try #require(try JSONValue(parsing: Array(value.utf8))["payload"]?.string)
        }

        /// Whether a gate says so in an entry.
        private static func says(_ text: String, _ cluster: ClusterGates, _ key: ClusterKey) throws -> Bool {
            try value(cluster, key).flatMap { try? payload($0) }?.contains(text) ?? false
        }

        /// A statement of a gate that nobody named.
        private static func stranger(_ payload: String, _ key: ClusterKey) throws -> String {
            let own = try ClusterGates.key(of: "c")
            let members = try ClusterMembers(
                own: own, named: [own.verifier.text], trustDomain: try TrustDomain(parsing: "gate.test"))
            return String(decoding: try members.value(Array(payload.utf8), at: key), as: UTF8.self)
        }

        private static func isRefused(_ gate: RunningGate, _ key: ClusterKey) throws -> Bool {
            try gate.status().cluster?.refused.contains { $0.key.hasSuffix("/\(key)") } ?? false
        }

        @Test("a task that no gate began counts nowhere, and one that was stopped is never open again")
        func tasks() async throws {
            let time = SetClock()
            try await ClusterGates.run(2, members: 1, isSigned: true, clocks: [0: time.clock, 1: time.clock]) {
                cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                func state(_ gate: RunningGate, _ id: String) throws -> String {
                    let answer = try gate.ask("GET", "tasks/\(id)")
                    guard answer.status == 200 else { return "unknown" }
                    return try #require(try JSONValue(parsing: answer.body)["state"]?.string)
                }
                let body = #"{"agent":"bot","purpose":"test","grants":[{"name":"web"}],"seconds":20000}"#
                let task = try first.ask("POST", "tasks", body: body, for: TaskStartReport.self).task.id
                try cluster.wait("all know it") { try state($0, task) == "open" }
                let key = ClusterKey(.task, task)
                let begun = try #require(try Self.value(cluster, key))
                print("measured: a task with one grant: \(begun.utf8.count + key.description.utf8.count) bytes in etcd")

                // Another task, as whoever can only write to etcd would make one.
                let other = "t-" + String(repeating: "0", count: 31) + "7"
                let forged = try Self.payload(begun).replacing(task, with: other)
                let otherKey = ClusterKey(.task, other)
                for value in [
                    forged, try Self.stranger(forged, otherKey), begun, begun.replacing(task, with: other),
                    try Self.stranger(forged.replacing(#""gate":"a""#, with: #""gate":"c""#), otherKey),
                ] {
                    try Self.put(cluster, otherKey, value)
                    try cluster.wait("it is refused") { try Self.isRefused($0, otherKey) }
                    for gate in cluster.gates { #expect(try state(gate, other) == "unknown") }
                    try cluster.servers.remove(prefix: "\(Self.prefix)\(otherKey)")
                    try cluster.wait("it is gone") { try !Self.isRefused($0, otherKey) }
                }
                // One that runs, with more in it: it stays as it was, and its entry comes back.
                try Self.put(cluster, key, try Self.payload(begun).replacing(#""name":"web""#, with: #""name":"all""#))
                try cluster.wait("it is back") { _ in
                    try Self.says(#""name":"web""#, cluster, key)
                }
                for gate in cluster.gates { #expect(try state(gate, task) == "open") }

                #expect(try second.ask("POST", "tasks/\(task)/stop", body: "{}").status == 200)
                try cluster.wait("it is stopped") { try state($0, task) == "stopped" }
                func stays(_ expected: String, _ what: String) throws {
                    try cluster.wait("its stop is back, \(what)") { gate in
                        #expect(try state(gate, task) == expected, "\(what)")
                        return try Self.says(#""stopped""#, cluster, key)
                    }
                }
                try stays("stopped", "at first")
                try Self.put(cluster, key, begun)
                try stays("stopped", "after it was put back")
                // Gates forget a task an hour after its stop; that it was stopped they know for as long as it would run.
                time.advance(seconds: 3_700)
                try cluster.wait("it is forgotten") { try state($0, task) == "unknown" }
                try Self.put(cluster, key, begun)
                try cluster.wait("its stop is back") { gate in
                    #expect(try state(gate, task) != "open")
                    return try Self.says(#""stopped""#, cluster, key)
                }
                try cluster.wait("it is known to be stopped") { try state($0, task) == "stopped" }
            }
        }

        @Test("a gate that nobody named is not there, and nobody says for another what its clock shows")
        func presence() async throws {
            try await ClusterGates.run(2, members: 1, isSigned: true) { cluster in
                let payload = #"{"version":1,"run":"x","time":5,"program":"x","seen":9}"#
                let key = ClusterKey(.member, "c")
                for value in [payload, try Self.stranger(payload, key)] {
                    try Self.put(cluster, key, value)
                    try cluster.wait("it is refused") { try Self.isRefused($0, key) }
                }
                let own = try #require(try Self.value(cluster, ClusterKey(.member, "a")))
                for value in [payload, own] { try Self.put(cluster, ClusterKey(.member, "b"), value) }
                try cluster.wait("it is refused", of: [0]) { try Self.isRefused($0, ClusterKey(.member, "b")) }
                for gate in cluster.gates {
                    #expect(try gate.status().cluster?.members.map(\.gate) == ["a", "b"])
                    #expect(try gate.status().denial == nil)
                }
                print("measured: that a gate is there: \(own.utf8.count + "member/a".utf8.count) bytes in etcd")
                try cluster.wait("it says it again", of: [0]) { try !Self.isRefused($0, ClusterKey(.member, "b")) }
            }
        }

        @Test("an end of a quarantine that no gate wrote, or wrote for an earlier one, ends nothing")
        func quarantines() async throws {
            let body = #"{"agent":"bot","why":"odd"}"#
            try await ClusterGates.run(2, members: 1, isSigned: true) { cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                func holds(_ what: String) throws {
                    // When etcd has it again, every gate has judged what was put there.
                    try cluster.wait("it is back: \(what)") { _ in
                        try Self.says(#""over":false"#, cluster, Self.agent)
                    }
                    for gate in cluster.gates { #expect(try cluster.refusal(gate) == "quarantined", "\(what)") }
                }
                func begins(at gate: RunningGate) throws {
                    #expect(try gate.ask("POST", "quarantine", body: body).status == 200)
                    try cluster.wait("it holds") { try cluster.refusal($0) == "quarantined" }
                    try holds("at first")
                }
                try begins(at: first)
                let begun = try #require(try Self.value(cluster, Self.agent))
                let forged = try Self.payload(begun).replacing("false", with: "true")
                for value in [forged, try Self.stranger(forged, Self.agent), begun.replacing("false", with: "true")] {
                    try Self.put(cluster, Self.agent, value)
                    try holds(value)
                }
                #expect(try second.ask("POST", "release", body: body).status == 200)
                try cluster.wait("it is over") { try cluster.refusal($0) == nil }
                let end = try #require(try Self.value(cluster, Self.agent))

                try begins(at: second)
                try Self.put(cluster, Self.agent, end)
                try holds("after the end of the first")
                try cluster.servers.remove(prefix: "\(Self.prefix)\(Self.agent)")
                try Self.put(cluster, Self.agent, end)
                try holds("after a removal")
                // The first one is put back, and then its end.
                try Self.put(cluster, Self.agent, begun)
                try Self.put(cluster, Self.agent, end)
                try holds("after all of the first")
                #expect(try first.ask("POST", "release", body: body).status == 200)
                try cluster.wait("it is over") { try cluster.refusal($0) == nil }

                // What restricts counts whoever wrote it, and a gate ends it for all.
                try Self.put(cluster, Self.agent, "{")
                try cluster.wait("it holds") { try cluster.refusal($0) == "quarantined" }
                try holds("written by nobody")
                #expect(try second.ask("POST", "release", body: body).status == 200)
                try cluster.wait("it is over") { try cluster.refusal($0) == nil }
            }
        }

        @Test("the definition of a tool that no gate approved, or another one replaced, is not taken into use")
        func tools() async throws {
            let upstream = ToolUpstream([ToolUpstream.tool("search")])
            try await ClusterGates.run(
                2, members: 1, isSigned: true, upstream: upstream.server, prepare: ServiceGate.prepare,
                sections: ClusterToolTests.sections
            ) { cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                let key = ClusterKey(.pin, "tickets", "search")
                let hash = try #require(try ClusterToolTests.held(first))
                #expect(try ClusterToolTests.held(second) == hash)
                let forged = #"{"version":1,"digest":"\#(hash)","origin":"uid:0","time":5}"#
                for value in [forged, try Self.stranger(forged, key), "{"] {
                    try Self.put(cluster, key, value)
                    try cluster.wait("it is refused") { try Self.isRefused($0, key) }
                    for gate in cluster.gates { #expect(try !ClusterToolTests.isCalled(gate)) }
                }
                #expect(try ClusterToolTests.approve(first, hash).status == 200)
                try cluster.wait("it is called") { try ClusterToolTests.isCalled($0) }
                let old = try #require(try Self.value(cluster, key))
                print("measured: an approved tool: \(old.utf8.count + key.description.utf8.count) bytes in etcd")

                upstream.replace([ToolUpstream.tool("search", "Finds more.", argument: "note")])
                let next = try #require(try ClusterToolTests.held(second))
                #expect(try ClusterToolTests.held(first) == next)
                #expect(try ClusterToolTests.approve(second, next).status == 200)
                try cluster.wait("the new one is in use") { try ClusterToolTests.held($0) == nil }
                // The server goes back to the first definition, and somebody puts back its approval.
                upstream.replace([ToolUpstream.tool("search")])
                for gate in cluster.gates { #expect(try ClusterToolTests.held(gate) == hash) }
                for _ in 0..<3 {
                    try Self.put(cluster, key, old)
                    try cluster.wait("the later approval is back") { _ in
                        try Self.says(next, cluster, key)
                    }
                    for gate in cluster.gates { #expect(try !ClusterToolTests.isCalled(gate)) }
                    try cluster.servers.remove(prefix: "\(Self.prefix)\(key)")
                }
            }
        }

        @Test("whoever takes away what gates have reserved of a budget has each of them spend the budget at most")
        func budgets() async throws {
            try await ClusterGates.run(
                2, members: 1, isSigned: true, sections: ClusterGates.tunnels(budget: ", budget: {calls: 20, per: day}")
            ) { cluster in
                let budgets = "/yett/v1/gate.test/budget/"
                var (allowed, key) = ([0, 0], "")
                func spend() throws {
                    for (number, gate) in cluster.gates.enumerated() {
                        for _ in 0..<4 where try cluster.refusal(gate) == nil { allowed[number] += 1 }
                    }
                }
                let deadline = Deadline(20)
                while allowed.reduce(0, +) < 20, deadline.secondsLeft > 0 {
                    try spend()
                    key = try cluster.servers.get(prefix: budgets).first ?? key
                    try cluster.servers.remove(prefix: budgets)
                }
                #expect(allowed.reduce(0, +) >= 20)
                try #require(!key.isEmpty)
                for _ in 0..<10 {
                    try cluster.servers.put(key, #"{"version":1,"gates":{"a":[9000,0,0,0],"b":[0,0,0,0]}}"#)
                    try spend()
                }
                #expect(allowed.allSatisfy { $0 <= 20 })
                print("measured: of a budget of 20 calls that an intruder writes to, two gates spent \(allowed)")
            }
        }
    }
}

/// A clock that a test sets forward.
private final class SetClock: Sendable {
    private let ahead = Atomic<Int64>(0)

    /// The machine's, and what it was set forward by.
    var clock: Clock {
        Clock(
            monotonic: Clock.system.monotonic,
            wall: { Clock.system.wall() + self.ahead.load(ordering: .relaxed) })
    }

    /// Sets it forward.
    func advance(seconds: Int64) { ahead.wrappingAdd(seconds * 1_000_000, ordering: .relaxed) }
}
