// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Testing

@testable import Cluster

/// Whoever can write to etcd restricts at most.
@Suite("What somebody else puts into etcd")
struct ForgeryTests {
    private static func a() throws -> ClusterMembers { try SignedGates.members(try SignedGates.key("a", 1)) }
    private static func b() throws -> ClusterMembers { try SignedGates.members(try SignedGates.key("b", 2)) }

    // MARK: Tasks

    private static let id = TaskID(rawValue: 7)

    private static func task(_ gate: String = "a", more: String = "") -> [UInt8] {
        let digest = Array(repeating: "7", count: 32).joined(separator: ",")
        let text = """
            {"version":1,"gate":"\(gate)","task":{"id":"\(id)","handle":[\(digest)],"origin":"uid:0",
            "agent":"spiffe://gate.test/agent/one","purpose":"x","grants":[{"name":"mail"}],"started":1000,
            "expires":2000\(more)}}
            """
        return Array(text.utf8)
    }

    @Test("a task that runs counts as the gate where it began signed it, and in no other way; a stop counts in any")
    func tasks() throws {
        let (a, b) = (try Self.a(), try Self.b())
        let key = SharedTask.key(Self.id)
        func fault(_ value: [UInt8]) throws -> EntryFault? {
            let claim = b.claim(value, at: key)
            return try SharedTask(Self.id, claim.payload).fault(in: claim)
        }
        let signed = try a.value(Self.task(), at: key)
        #expect(try fault(signed) == nil)
        #expect(try SharedTask(Self.id, b.claim(signed, at: key).payload).task.expires == 2_000)
        let other = SharedTask.key(TaskID(rawValue: 8))
        for (what, forged) in try SignedGates.forgeries(Self.task(), at: key, other: other) {
            #expect(try fault(forged) != nil, "\(what)")
        }
        // A gate that is named, in another's name.
        #expect(try fault(a.value(Self.task("b"), at: key)) != nil)
        // Nobody need be believed to stop something.
        let stopped = Self.task(more: #","stopped":1500"#)
        for (what, forged) in try SignedGates.forgeries(stopped, at: key, other: other) {
            let claim = b.claim(forged, at: key)
            #expect(try SharedTask(Self.id, claim.payload).task.stop != nil, "\(what)")
            #expect(claim.fault != nil)
        }
        #expect(try fault(b.value(stopped, at: key)) == nil)
        // Where no gates are named, everything is believed that can be read.
        for value in [Self.task(), signed] {
            let plain = EntryClaim(believing: value)
            #expect(plain.payload == Self.task())
            #expect(try SharedTask(Self.id, plain.payload).fault(in: plain) == nil)
        }
    }

    // MARK: Approved tools

    @Test("the definition of a tool is approved by a signature with a time, and by nothing else")
    func pins() throws {
        let (a, b) = (try Self.a(), try Self.b())
        let pin = SharedPin(service: "crm", tool: "find", digest: "sha256:00", origin: "uid:0", why: nil, time: 5)
        let read = try SharedPin(pin.key, signed: b.claim(a.value(pin.value, at: pin.key), at: pin.key))
        #expect(read == pin)
        for (what, forged) in try SignedGates.forgeries(pin.value, at: pin.key, other: ClusterKey(.pin, "crm", "send"))
        {
            #expect(throws: EntryFault.self, "\(what)") {
                try SharedPin(pin.key, signed: b.claim(forged, at: pin.key))
            }
        }
        for time in [nil, -1, Int64.max] as [Int64?] {
            var wrong = pin
            wrong.time = time
            #expect(throws: EntryFault.self, "\(time ?? 0)") {
                try SharedPin(pin.key, signed: b.claim(a.value(wrong.value, at: pin.key), at: pin.key))
            }
        }
        // A gate that names no others writes what it always wrote.
        var plain = pin
        plain.time = nil
        #expect(
            String(decoding: plain.value, as: UTF8.self)
                == #"{"digest":"sha256:00","origin":"uid:0","version":1}"#)
    }

    // MARK: Quarantines

    private static func quarantine(_ number: Int64, _ since: Int64, isOver: Bool = false) -> SharedQuarantine {
        SharedQuarantine(isOver: isOver, number: number, since: since, ends: nil, why: "odd", origin: "uid:0")
    }

    private static func judge(
        _ claim: EntryClaim, held since: Int64?, _ mark: QuarantineMark, now: Int64 = 1_000, isSigned: Bool = true
    ) -> QuarantineJudgement {
        QuarantineJudgement(
            claim, isSigned: isSigned, held: since.map { QuarantineJudgement.Held(since: $0, ends: nil) }, mark: mark,
            now: now)
    }

    @Test("an end that no gate signed ends nothing, and what was held goes back; a quarantine counts whoever wrote it")
    func unsignedEnds() throws {
        let (a, b) = (try Self.a(), try Self.b())
        let agent = try SPIFFEID(parsing: "spiffe://gate.test/agent/one")
        let (key, other) = (
            SharedQuarantine.key(agent), SharedQuarantine.key(try SPIFFEID(parsing: "spiffe://gate.test/agent/two"))
        )
        let mark = QuarantineMark(last: 3)
        let end = Self.quarantine(3, 500, isOver: true)
        let good = Self.judge(b.claim(try a.value(end.value, at: key), at: key), held: 400, mark)
        #expect(good.outcome == .ends && good.isEnd && good.fault == nil && good.mark == mark)
        for (what, forged) in try SignedGates.forgeries(end.value, at: key, other: other) {
            for held in [400, nil] as [Int64?] {
                let judged = Self.judge(b.claim(forged, at: key), held: held, mark)
                #expect(judged.outcome == .stays && !judged.isThere && judged.fault != nil, "\(what)")
                #expect(judged.mark == mark, "\(what)")
            }
        }
        // Whoever writes a quarantine cannot choose its number: a gate writes it anew.
        for (what, forged) in try SignedGates.forgeries(Self.quarantine(9, .max).value, at: key, other: other) {
            let judged = Self.judge(b.claim(forged, at: key), held: nil, mark)
            guard case .begins(let shared) = judged.outcome else {
                Issue.record("it does not count: \(what)")
                continue
            }
            #expect(shared.since == 1_000 && judged.mark == QuarantineMark(last: 3, isNew: true), "\(what)")
            #expect(!judged.isThere && judged.fault != nil)
            #expect(Self.judge(b.claim(forged, at: key), held: 400, mark).mark == mark)
        }
        for junk in ["", "{", "[]", #"{"version":9}"#] {
            let judged = Self.judge(b.claim(Array(junk.utf8), at: key), held: nil, mark)
            guard case .begins = judged.outcome else {
                Issue.record("it does not count: \(junk)")
                continue
            }
            #expect(judged.fault != nil)
        }
    }

    @Test("an end that was true once is none of a later quarantine")
    func endsThatArePutBack() throws {
        func claim(_ quarantine: SharedQuarantine) -> EntryClaim {
            EntryClaim(payload: quarantine.value, signer: "a", fault: nil)
        }
        let end = claim(Self.quarantine(3, 500, isOver: true))
        // Of one with a higher number, of one that has none yet, and of one that began later whatever its number.
        let higher = Self.judge(end, held: 400, QuarantineMark(last: 4))
        #expect(higher.outcome == .stays && !higher.isThere && higher.fault != nil)
        let new = Self.judge(end, held: 400, QuarantineMark(last: 2, isNew: true))
        #expect(new.outcome == .stays && !new.isThere && new.fault == nil)
        #expect(new.mark == QuarantineMark(last: 3, isNew: true))
        for since: Int64 in [500, 501, .max] {
            let later = Self.judge(end, held: since, QuarantineMark(last: 3))
            #expect(later.outcome == .stays && !later.isThere && later.fault != nil)
            // Where no gates are named, the number is what counts.
            #expect(Self.judge(end, held: since, QuarantineMark(last: 3), isSigned: false).outcome == .ends)
        }
        // A quarantine that is over and is put back holds, and one that began here is not taken for it.
        let begin = claim(Self.quarantine(3, 300))
        #expect(Self.judge(begin, held: nil, QuarantineMark(last: 3)).outcome != .stays)
        let merged = Self.judge(begin, held: 800, QuarantineMark(last: 3, isNew: true))
        #expect(merged.mark.isNew && merged.mark.own == 4)
    }

    @Test("whatever an intruder puts back in whatever order, no quarantine ends before a gate ends it")
    func anyOrder() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            // Everything that a gate ever signed about the agent, what stands in etcd, and what the gate holds.
            var (history, there): ([EntryClaim], EntryClaim?) = ([], nil)
            var (held, mark, now): (Int64?, QuarantineMark, Int64) = (nil, QuarantineMark(), 1_000)
            var isDue = false
            func known() -> SharedQuarantine? {
                there.flatMap { $0.fault == nil ? try? SharedQuarantine($0.payload) : nil }
            }
            func write(_ quarantine: SharedQuarantine) {
                let claim = EntryClaim(payload: quarantine.value, signer: "a", fault: nil)
                history.append(claim)
                there = claim
                mark = QuarantineMark(last: quarantine.number)
            }
            var isWanted = false
            for _ in 0..<60 {
                now += 1
                switch Int.random(in: 0..<6, using: &generator) {
                case 0:
                    (held, isWanted) = (now, true)
                    mark.isNew = true
                case 1 where held != nil:
                    write(Self.quarantine(mark.own, max(now, (held ?? 0) + 1), isOver: true).after(known()))
                    (held, isWanted) = (nil, false)
                case 2 where held != nil && (mark.isNew || isDue):
                    write(Self.quarantine(mark.own, held ?? 0).after(known()))
                    isDue = false
                case 3:
                    // Nobody has signed it.
                    let isOver = Bool.random(using: &generator)
                    there = EntryClaim(
                        payload: Self.quarantine(.random(in: 1...9), .random(in: 0...2_000), isOver: isOver).value,
                        signer: nil, fault: .untrusted("x"))
                case 4: there = history.randomElement(using: &generator)
                default: there = nil
                }
                guard let entry = there else {
                    isDue = true
                    continue
                }
                let judged = Self.judge(entry, held: held, mark, now: now)
                mark = judged.mark
                isDue = !judged.isThere
                switch judged.outcome {
                case .stays: break
                case .begins(let shared): held = shared.since
                case .ends:
                    #expect(!isWanted)
                    held = nil
                }
            }
        }
    }

    @Test("what is known of quarantines is kept as one number")
    func marks() {
        for mark in [
            QuarantineMark(isNew: true), QuarantineMark(last: 1), QuarantineMark(last: 5, isNew: true),
            QuarantineMark(last: .max / 2),
        ] {
            #expect(QuarantineMark(kept: mark.kept) == mark)
        }
        #expect(QuarantineMark(kept: .min).isNew)
    }
}
