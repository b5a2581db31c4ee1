// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import Foundation
import GateSupport
import NIOCore
import NIOPosix
import Storage
import Testing

@testable import Transport

@Suite("Event loops") struct LoopTests {
    /// Is told, and writes down what.
    private final class Witness: DeadlineWatched, RecordWaiter {
        var watchIndex = -1
        var sweeps: [Int64] = []
        var outcomes: [Bool] = []
        var onSweep: (Witness) -> Void = { _ in }

        func sweep(now: Int64) {
            sweeps.append(now)
            onSweep(self)
        }

        func recorded(_ isRecorded: Bool) { outcomes.append(isRecorded) }
    }

    private static func run(
        workers: Int = 1, _ body: (LoopGroup, AuditLog, ManualClock) async throws -> Void
    ) async throws {
        let directory = "/tmp/yett-loops-\(UInt32.random(in: .min ... .max))"
        let origin = try #require(NoteName("gate.test/audit"))
        let log = try AuditLog.open(AuditLog.Configuration(directory: directory, origin: origin))
        let clock = ManualClock()
        let loops = LoopGroup(workers: workers, log: log, clock: clock.clock)
        do {
            try await body(loops, log, clock)
        } catch {
            Issue.record(error)
        }
        try await loops.shutdown()
        log.close()
        try FileManager.default.removeItem(atPath: directory)
    }

    @Test("a context is given out on its own loop only")
    func contexts() async throws {
        try await Self.run(workers: 2) { loops, _, _ in
            #expect(loops.count == 2)
            for loop in loops.group.makeIterator() {
                #expect(loops.context(of: loop) == nil)
                let isGiven = try await loop.submit { loops.context(of: loop) != nil }.get()
                #expect(isGiven)
                #expect(loops.index(of: loop) != nil)
            }
        }
    }

    @Test("decision and connection ids are never given out twice, and connection ids tell the loop")
    func identifiers() async throws {
        try await Self.run(workers: 3) { loops, _, _ in
            var decisions: Set<DecisionID> = []
            var connections: Set<ConnectionID> = []
            for loop in loops.group.makeIterator() {
                let index = try #require(loops.index(of: loop))
                let (some, others) = try await loop.submit { () -> ([DecisionID], [ConnectionID]) in
                    guard let context = loops.context(of: loop) else { return ([], []) }
                    return (
                        (0..<100).map { _ in context.nextDecision() }, (0..<100).map { _ in context.nextConnection() }
                    )
                }.get()
                decisions.formUnion(some)
                connections.formUnion(others)
                #expect(others.allSatisfy { Int($0.rawValue % 3) == index })
            }
            #expect(decisions.count == 300)
            #expect(connections.count == 300)
        }
    }

    @Test("every watched connection is looked at, also when others end during the sweep")
    func sweeps() async throws {
        try await Self.run { loops, _, _ in
            let loop = loops.group.any()
            let (counts, left) = try await loop.submit { () -> ([Int], Int) in
                guard let context = loops.context(of: loop) else { return ([], 0) }
                let witnesses = (0..<10).map { _ in Witness() }
                for witness in witnesses { context.watch(witness) }
                // The even ones end themselves, number 9 ends number 1.
                for (number, witness) in witnesses.enumerated() where number % 2 == 0 {
                    witness.onSweep = { context.unwatch($0) }
                }
                witnesses[9].onSweep = { _ in context.unwatch(witnesses[1]) }
                context.sweepOnce()
                context.unwatch(witnesses[0])
                return (witnesses.map(\.sweeps.count), context.watchedCount)
            }.get()
            #expect(left == 4)
            #expect(counts[1] == 0)
            #expect(counts.enumerated().allSatisfy { $0.offset == 1 || $0.element >= 1 })
        }
    }

    @Test("whoever waits for a record hears once that it is written, or that it is not")
    func records() async throws {
        try await Self.run { loops, log, _ in
            let loop = loops.group.any()
            for expected in [true, false] {
                if !expected { log.close() }
                let witness = try await loop.submit { () -> NIOLoopBound<Witness> in
                    let witness = Witness()
                    let event = AuditEvent(kind: .decision, time: 1)
                    loops.context(of: loop)?.record(event, then: witness)
                    return NIOLoopBound(witness, eventLoop: loop)
                }.get()
                let isTold = try await loop.submit { witness.value.outcomes }.get()
                #expect(isTold == [expected])
            }
        }
    }
}
