// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Protocols
import Testing

@testable import Cluster

@Suite("Entries that gates share")
struct EntryTests {
    private static func agent() throws -> SPIFFEID { try SPIFFEID(parsing: "spiffe://gate.test/agent/one") }

    @Test("a key says what it is about, in one way only")
    func keys() throws {
        for name in [
            "one", "ä/%\n#@", "https://idp.example.org#subject", String(repeating: "x", count: 2048), "e\u{301}",
        ] {
            let key = ClusterKey(.revocation, "person", name)
            #expect(key.description.utf8.allSatisfy { (0x21...0x7e).contains($0) })
            let read = try #require(ClusterKey(key.description))
            #expect(read == key)
            #expect(read.names.last?.utf8.elementsEqual(name.utf8) ?? false)
        }
        for text in [
            "", "other/x", "task/%41", "task/%4a", "task/%e", "task/ü", "task/a/b/c/d", "task/%FF",
            "task/" + String(repeating: "x", count: ClusterKey.longest),
        ] {
            #expect(ClusterKey(text) == nil, "\(text.prefix(20))")
        }
    }

    @Test("a revocation comes back as it was written")
    func revocations() throws {
        for target: Revocation.Target in [
            .agent(try Self.agent()), .token(.init("a token")), .key(.init("k/1")),
            .person(.init(issuer: "https://idp.example.org", subject: "ü #2")),
        ] {
            let revocation = Revocation(
                target, time: 5, certificatesFrom: 2, tokenDigests: [Array(repeating: 7, count: 32)], expires: 9,
                why: "it “leaked”", origin: "uid:0")
            let key = SharedRevocation.key(target)
            #expect(SharedRevocation.target(key) == target)
            #expect(try SharedRevocation.read(target, SharedRevocation.value(revocation)) == revocation)
        }
    }

    @Test(
        "values that are not exactly right are refused",
        arguments: [
            "", "{}", "[]", "null", #"{"version":1}"#, #"{"version":2,"time":1}"#, #"{"version":"1"}"#,
            #"{"version":1,"time":1,"certificates_from":1,"digests":[],"origin":"x","extra":1}"#,
            #"{"version":1,"time":1.5,"certificates_from":1,"digests":[],"origin":"x"}"#,
            #"{"version":1,"time":1,"certificates_from":1,"digests":["00"],"origin":"x"}"#,
            #"{"version":1,"time":1,"time":2,"certificates_from":1,"digests":[],"origin":"x"}"#,
            #"{"version":1,"time":1,"certificates_from":1,"digests":[],"origin":"x","expires":"never"}"#,
            #"{"version":1,"time":1,"certificates_from":1,"digests":[],"origin":"x"} "# + "\u{0}",
            String(repeating: "[", count: 100_000),
        ])
    func refusesValues(_ text: String) throws {
        let target = Revocation.Target.token(.init("x"))
        #expect(throws: EntryFault.self) { try SharedRevocation.read(target, Array(text.utf8)) }
        #expect(throws: EntryFault.self) { try SharedQuarantine(Array(text.utf8)) }
        #expect(throws: EntryFault.self) { try SharedTask(TaskID(rawValue: 1), Array(text.utf8)) }
        #expect(throws: EntryFault.self) { try MemberEntry(ClusterKey(.member, "a"), Array(text.utf8)) }
    }

    @Test("of two revocations of the same, each part that voids more counts, in whatever order")
    func merging() throws {
        let target = Revocation.Target.agent(try Self.agent())
        let digest = Array(repeating: UInt8(1), count: 32)
        let left = Revocation(target, time: 5, certificatesFrom: 9, expires: 100, origin: "a")
        let right = Revocation(target, time: 7, certificatesFrom: 3, tokenDigests: [digest], expires: nil, origin: "b")
        for merged in [SharedRevocation.merged(left, right), SharedRevocation.merged(right, left)] {
            #expect(merged.time == 7)
            #expect(merged.certificatesFrom == 9)
            #expect(merged.tokenDigests == [digest])
            #expect(merged.expires == nil)
            #expect(SharedRevocation.covers(merged, left) && SharedRevocation.covers(merged, right))
        }
        #expect(!SharedRevocation.covers(left, right) && !SharedRevocation.covers(right, left))
    }

    @Test("an approval of a tool comes back as it was written, and only under its own key")
    func pins() throws {
        let pin = SharedPin(service: "crm", tool: "a/b ü", digest: "sha256:00", origin: "uid:0", why: nil)
        #expect(try SharedPin(pin.key, pin.value) == pin)
        #expect(try SharedPin(#require(ClusterKey(pin.key.description)), pin.value) == pin)
        for key in [ClusterKey(.pin, "crm"), ClusterKey(.task, "crm", "a")] {
            #expect(throws: EntryFault.self) { try SharedPin(key, pin.value) }
        }
        let long = SharedPin(
            service: "crm", tool: "a", digest: String(repeating: "x", count: 257), origin: "uid:0", why: nil)
        #expect(throws: EntryFault.self) { try SharedPin(long.key, long.value) }
    }

    @Test("a task that lives longer than a task may is refused")
    func tasks() throws {
        let id = TaskID(rawValue: 7)
        func value(_ expires: Int64, id: TaskID = id, more: String = "") -> [UInt8] {
            let digest = Array(repeating: "7", count: 32).joined(separator: ",")
            let text = """
                {"version":1,"gate":"a","task":{"id":"\(id)","handle":[\(digest)],"origin":"uid:0",
                "agent":"spiffe://gate.test/agent/one","purpose":"x","grants":[{"name":"mail"}],"started":1000,
                "expires":\(expires)\(more)}}
                """
            return Array(text.utf8)
        }
        let task = try SharedTask(id, value(2_000))
        #expect(try SharedTask(id, task.value) == task)
        for expires in [1_000 + AgentTask.longestLife + 1, 999, Int64.max, Int64.min] {
            #expect(throws: EntryFault.self) { try SharedTask(id, value(expires)) }
        }
        #expect(throws: EntryFault.self) { try SharedTask(id, value(2_000, more: #","more":1"#)) }
        #expect(throws: EntryFault.mismatch) { try SharedTask(id, value(2_000, id: TaskID(rawValue: 8))) }
    }

    @Test("a quarantine and its end come back as they were written")
    func quarantines() throws {
        let agent = try Self.agent()
        #expect(SharedQuarantine.agent(SharedQuarantine.key(agent)) == agent)
        #expect(SharedQuarantine.agent(ClusterKey(.quarantine, "gate.test/agent/one")) == nil)
        for quarantine in [
            SharedQuarantine(number: 1, since: 5, ends: 9, why: "odd", origin: "uid:0"),
            SharedQuarantine(isOver: true, number: 2, since: 5, ends: nil, why: "", origin: "the watch"),
        ] {
            #expect(try SharedQuarantine(quarantine.value) == quarantine)
        }
        let wrong = SharedQuarantine(number: 0, since: 5, ends: 9, why: "odd", origin: "uid:0")
        #expect(throws: EntryFault.self) { try SharedQuarantine(wrong.value) }
    }
}

@Suite("How fresh what is known is")
struct FreshnessTests {
    @Test("what is read is known as of the question")
    func reading() {
        var freshness = Freshness()
        #expect(freshness.knownAt == nil)
        freshness.read(revision: 10, asked: 100)
        #expect(freshness.knownAt == 100)
    }

    @Test("a beat that is written counts when the watch brings it, and from the question on")
    func ownBeat() {
        var freshness = Freshness()
        freshness.read(revision: 10, asked: 100)
        let isFirstDue = freshness.saw(beat: 8, asked: 200)
        let isSecondDue = freshness.saw(beat: 8, asked: 300)
        #expect(!isFirstDue && isSecondDue)
        freshness.wrote(beat: 11, asked: 310)
        #expect(freshness.knownAt == 100)
        freshness.watched(to: 10)
        #expect(freshness.knownAt == 100)
        freshness.watched(to: 11)
        #expect(freshness.knownAt == 310)
    }

    @Test("another's beat counts from the last question that it was no answer to")
    func othersBeat() {
        var freshness = Freshness()
        freshness.read(revision: 10, asked: 100)
        _ = freshness.saw(beat: 8, asked: 200)
        freshness.watched(to: 12)
        let isDue = freshness.saw(beat: 12, asked: 300)
        #expect(!isDue)
        #expect(freshness.knownAt == 200)
    }

    @Test("a watch that has stopped does not look fresh, however many beats there are")
    func staleWatch() {
        var freshness = Freshness()
        freshness.read(revision: 10, asked: 100)
        for step in Int64(1)...100 { _ = freshness.saw(beat: 10 + step, asked: 100 + step) }
        #expect(freshness.knownAt == 100)
        freshness.watched(to: 109)
        // The oldest expectations are dropped, never moved.
        #expect(freshness.knownAt == 198 - 1 || freshness.knownAt == 198)
    }

    @Test("a clock that is apart for certain is told, and whose fault it may be")
    func clocks() {
        var clocks = ClockComparison()
        clocks.learned("b", time: 1_000, earliest: 900, latest: 1_100)
        clocks.learned("c", time: 5_000, earliest: 900, latest: 1_100)
        clocks.learned("d", time: 100, earliest: 900, latest: 1_100)
        clocks.learned("e", time: .min, earliest: .min, latest: .max)
        #expect(clocks.all == ["b": 0, "c": 3_900, "d": -800, "e": 0])
        #expect(clocks.apart(500) == ["c", "d"])
        #expect(!clocks.isOwnDoubtful(500))
        clocks.forget("b")
        #expect(clocks.isOwnDoubtful(500))
        #expect(!clocks.isOwnDoubtful(1_000))
        clocks.forget("c")
        #expect(clocks.apart(1_000).isEmpty)
    }
}
