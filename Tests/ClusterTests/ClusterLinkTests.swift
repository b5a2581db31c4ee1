// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Cluster
import ProcessSupport
import Synchronization
import Testing

@Suite("Several gates at one etcd", .serialized)
struct ClusterLinkTests {
    private static let key = ClusterKey(.revocation, "token", "one")

    @Test("what one writes, all others hear of")
    func writesReachAll() async throws {
        let servers = try EtcdServers()
        try await withLinks(3, servers) { links, followers in
            try await links[0].write(Self.key) { known in
                #expect(known == nil)
                return Array("1".utf8)
            }
            try await eventually("all know it") { followers.allSatisfy { $0.text(Self.key) == "1" } }
            // The first attempt saves a question, and is told what there is.
            try await links[1].write(Self.key) { known in (known ?? []) + Array("2".utf8) }
            try await eventually("all know it") { followers.allSatisfy { $0.text(Self.key) == "12" } }
            #expect(links.allSatisfy { $0.standing.members.map(\.entry.gate) == ["a", "b", "c"] })
        }
    }

    @Test("a change that loses a race is made again on what won")
    func racesLoseNothing() async throws {
        let servers = try EtcdServers()
        try await withLinks(3, servers) { links, followers in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for link in links {
                    group.addTask {
                        for _ in 0..<20 {
                            try await link.write(Self.key) { known in (known ?? []) + [UInt8(ascii: "x")] }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually("all know it") { followers.allSatisfy { $0.text(Self.key)?.count == 60 } }
        }
    }

    @Test("a leader that is killed costs less than the grace")
    func survivesTheLeader() async throws {
        let servers = try EtcdServers(3)
        try await withLinks(3, servers, grace: 5_000) { links, followers in
            let leader = try servers.leader()
            servers.kill(leader)
            try await links[0].write(Self.key) { _ in Array("after".utf8) }
            try await eventually("all know it") { followers.allSatisfy { $0.text(Self.key) == "after" } }
            #expect(links.allSatisfy { $0.isFresh })
        }
    }

    @Test("without a majority the state is stale when the grace is over, and changes fail")
    func noMajority() async throws {
        let servers = try EtcdServers(3)
        try await withLinks(2, servers, grace: 1_500) { links, _ in
            let begin = ContinuousClock.now
            servers.suspend(0)
            servers.suspend(1)
            try await eventually("both are stale") { links.allSatisfy { !$0.isFresh } }
            let time = begin.duration(to: .now)
            // What was known a moment before the stop counts from there.
            #expect(time < .seconds(2))
            #expect(time > .milliseconds(900))
            await #expect(throws: ClusterError.self) {
                try await links[0].write(Self.key, patience: 300) { _ in [1] }
            }
            servers.resume(0)
            servers.resume(1)
            try await eventually("both are fresh again") { links.allSatisfy { $0.isFresh } }
        }
    }

    @Test("a member that is cut off from the others is left")
    func minority() async throws {
        let servers = try EtcdServers(3)
        try await withLinks(3, servers, grace: 6_000) { links, followers in
            // A member that hangs stands for one that nobody reaches.
            servers.suspend(2)
            try await eventually("nobody uses it") {
                links.allSatisfy { $0.standing.endpoint.map { $0.port != servers.ports[2] } ?? false }
            }
            try await links[0].write(Self.key) { _ in Array("without".utf8) }
            try await eventually("all know it") { followers.allSatisfy { $0.text(Self.key) == "without" } }
            #expect(links.allSatisfy { $0.isFresh })
            servers.resume(2)
        }
    }

    @Test("history that is gone, or another one, is noticed, and everything read anew")
    func readsAnew() async throws {
        let servers = try EtcdServers()
        try await withLinks(2, servers, grace: 10_000) { links, followers in
            // Without a beat, nobody knows whether the history is still the same.
            try await eventually("there is a beat") {
                try servers.get(prefix: "/yett/v1/gate.test/state/beat").isEmpty == false
            }
            try await links[0].write(Self.key) { _ in Array("before".utf8) }
            try await eventually("all know it") { followers.allSatisfy { $0.text(Self.key) == "before" } }
            let readings = followers.map { $0.notes.withLock { $0.readings } }
            // The connections break, and changes go on and are compacted meanwhile.
            servers.kill(0)
            try servers.start(0)
            try servers.waitUntilHealthy()
            try await eventually("they are back") { links.allSatisfy { $0.standing.endpoint != nil } }
            let news = followers.map { $0.notes.withLock { $0.news } }
            #expect(followers.map { $0.notes.withLock { $0.readings } } == readings, "\(news)")
            // All of it is lost.
            try servers.wipeAll()
            try await eventually("they have read anew") {
                followers.allSatisfy { $0.notes.withLock { $0.readings } > readings[0] && $0.text(Self.key) == nil }
            }
            try await links[1].write(Self.key) { _ in Array("after".utf8) }
            try await eventually("all know it") { followers.allSatisfy { $0.text(Self.key) == "after" } }
        }
    }

    @Test("a link that was away while the history was compacted reads everything")
    func compaction() async throws {
        let servers = try EtcdServers()
        try await withLinks(1, servers, grace: 10_000) { links, followers in
            servers.suspend(0)
            try await eventually("it is away") { links[0].standing.endpoint == nil }
            servers.resume(0)
            for number in 0..<5 { try servers.put("/yett/v1/gate.test/state/revocation/token/one", "\(number)") }
            try servers.compact()
            try await eventually("it knows the last value") { followers[0].text(Self.key) == "4" }
        }
    }

    @Test("corrupt entries are refused by name, and nothing else happens")
    func corruptEntries() async throws {
        let servers = try EtcdServers()
        try await withLinks(1, servers) { links, followers in
            let prefix = "/yett/v1/gate.test/state/"
            for (key, value) in [
                ("nonsense", "1"), ("member/x", "{"), ("member/y", #"{"version":2}"#), ("revocation/%zz", ""),
                ("beat/x/y/z/w", ""), ("member/z", #"{"version":1,"run":"r","time":1,"program":"p","more":1}"#),
                ("beat", "\u{0}"),
            ] {
                try servers.put(prefix + key, value)
            }
            try await links[0].write(Self.key) { _ in Array("fine".utf8) }
            try await eventually("it goes on") { followers[0].text(Self.key) == "fine" }
            let refused = Set(links[0].standing.refused.map { String($0.key.dropFirst(prefix.count)) })
            #expect(refused == ["nonsense", "member/x", "member/y", "revocation/%zz", "beat/x/y/z/w", "member/z"])
            #expect(links[0].isFresh)
        }
    }

    @Test("a clock that is ahead is noticed on both sides")
    func clocks() async throws {
        let servers = try EtcdServers()
        let wrong = ClusterClock(wall: { wallTime() + 10_000_000 }, monotonic: monotonicTime)
        let right = ClusterClock(wall: wallTime, monotonic: monotonicTime)
        try await withLinks(3, servers, clocks: [right, right, wrong]) { links, followers in
            try await eventually("it doubts itself") { links[2].isClockDoubtful }
            try await eventually("the others name it") {
                followers[0].notes.withLock { $0.news }.contains(.clocksApart(["c"], isOwnDoubtful: false))
                    || followers[0].notes.withLock { $0.news }.contains(.clocksApart(["c"], isOwnDoubtful: true))
            }
            try await eventually("the others trust themselves") {
                !links[0].isClockDoubtful && !links[1].isClockDoubtful
            }
        }
    }

    @Test("two gates of one name are noticed")
    func sameName() async throws {
        let servers = try EtcdServers()
        try await withLinks(1, servers) { _, first in
            try await withLinks(1, servers) { _, second in
                try await eventually("one of them says so") {
                    (first + second).contains { $0.notes.withLock { $0.news }.contains(.sameName("a")) }
                }
            }
        }
    }
}
