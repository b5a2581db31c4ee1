// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc
import Storage
import Synchronization
import Testing

/// Keeps what it is told.
private final class Follower: AuditFollower {
    let told = Mutex<[(index: UInt64, decision: String)]>([])

    func makeNotebook() -> any AuditNotebook { Notebook(follower: self) }

    final class Notebook: AuditNotebook {
        let follower: Follower
        var notes: [String] = []

        init(follower: Follower) { self.follower = follower }

        func note(_ event: borrowing AuditEvent) { notes.append(event.decision ?? event.kind.rawValue) }

        func deliver(from index: UInt64) {
            let numbered = notes.enumerated().map { (index + UInt64($0.offset), $0.element) }
            follower.told.withLock { $0 += numbered }
            notes = []
        }

        func discard() { notes = [] }
    }
}

struct FollowerTests {
    @Test("a follower hears of each record with its index, in the tree's order, before the record is answered")
    func order() throws {
        let workspace = try Workspace()
        var configuration = try workspace.configuration()
        // Markers of checkpoints come between.
        configuration.checkpointRecords = 100
        configuration.checkpointMilliseconds = 1
        let follower = Follower()
        configuration.follower = follower
        let log = try AuditLog.open(configuration)
        let threads = try (0..<4).map { number in
            try Thread {
                let lane = log.makeLane()
                for count in 0..<500 {
                    let name = number * 1000 + count
                    _ = lane.append(event(name))
                    guard count % 7 == 0 else { continue }
                    _ = lane.flushNow()
                    let isKnown = follower.told.withLock { $0.contains { $0.decision == "d-\(name)" } }
                    #expect(isKnown, "the record was answered before the follower knew")
                }
                _ = lane.flushNow()
            }
        }
        for _ in 0..<20 { try log.record(AuditEvent(kind: .observation, time: 1)) }
        threads.forEach { $0.join() }
        try log.synchronize()
        let reader = try log.reader()
        var recorded: [UInt64: String] = [:]
        try reader.forEachRecord(in: 0..<reader.size) { index, bytes in
            let record = AuditRecord(bytes)
            recorded[index] = record?.text("decision") ?? record?.text("kind")
        }
        log.close()
        let told = follower.told.withLock { $0 }
        #expect(told.count == 2020)
        #expect(told.map(\.index) == told.map(\.index).sorted())
        #expect(told.allSatisfy { recorded[$0.index] == $0.decision })
    }

    @Test("a follower hears nothing of records that were refused")
    func refused() throws {
        let workspace = try Workspace()
        var configuration = try workspace.configuration()
        let follower = Follower()
        configuration.follower = follower
        let log = try AuditLog.open(configuration)
        let lane = log.makeLane()
        #expect(lane.append(event(1)))
        log.close()
        #expect(!lane.flushNow() && !lane.append(event(2)))
        #expect(follower.told.withLock { $0.isEmpty })
    }

    /// A thread that is waited for.
    private final class Thread: @unchecked Sendable {
        private var handle = pthread_t()

        init(_ body: @escaping @Sendable () -> Void) throws {
            let box = Unmanaged.passRetained(Box(body))
            let outcome = pthread_create(
                &handle, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                    return nil
                }, box.toOpaque())
            try #require(outcome == 0)
        }

        func join() { pthread_join(handle, nil) }

        private final class Box: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
    }
}
