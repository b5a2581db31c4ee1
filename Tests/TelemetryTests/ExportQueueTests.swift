// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Telemetry
import Testing

@Suite struct ExportQueueTests {
    private static let second: Int64 = 1_000_000_000

    private static func batch(_ items: Int, bytes: Int = 10) -> ExportQueue.Batch {
        ExportQueue.Batch(body: Array(repeating: 0x20, count: bytes), items: items)
    }

    @Test("gives batches out in their order, each until its outcome is known")
    func order() {
        var queue = ExportQueue(batches: 4, bytes: 1000)
        queue.offer(Self.batch(1))
        queue.offer(Self.batch(2))
        #expect(queue.next(at: 0)?.items == 1)
        #expect(queue.next(at: 0)?.items == 1)
        queue.finished(.accepted(rejected: 0), at: 0)
        #expect(queue.next(at: 0)?.items == 2)
        queue.finished(.accepted(rejected: 1), at: 0)
        #expect(queue.next(at: 0) == nil)
        #expect(queue.sent == 2)
        #expect(queue.rejected == 1)
    }

    @Test("pushes the oldest out where there is no room")
    func bounds() {
        var queue = ExportQueue(batches: 3, bytes: 100)
        for items in 1...5 { queue.offer(Self.batch(items)) }
        #expect(queue.count == 3)
        #expect(queue.overflowed == 3)
        queue.offer(Self.batch(9, bytes: 95))
        #expect(queue.count == 1)
        #expect(queue.next(at: 0)?.items == 9)
        queue.offer(Self.batch(10, bytes: 5000))
        #expect(queue.next(at: 0)?.items == 10)
        #expect(queue.overflowed == 3 + 3 + 4 + 5 + 9)
    }

    @Test("waits longer with every failure, and not at all after success")
    func backoff() {
        var queue = ExportQueue(batches: 2, bytes: 100)
        queue.offer(Self.batch(1))
        var now: Int64 = 0
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] as [Int64] {
            #expect(queue.next(at: now) != nil)
            queue.finished(.retry(after: nil), at: now)
            #expect(queue.next(at: now + pause * Self.second - 1) == nil)
            now += pause * Self.second
        }
        queue.finished(.accepted(rejected: 0), at: now)
        queue.offer(Self.batch(1))
        #expect(queue.next(at: now) != nil)
        #expect(queue.failures == 8)
    }

    @Test(
        "waits as long as the collector wants, within reason",
        arguments: [
            (7, 7), (0, 0), (-5, 0), (1_000_000, 300),
        ] as [(Int64, Int64)])
    func retryAfter(wanted: Int64, pause: Int64) {
        var queue = ExportQueue(batches: 2, bytes: 100)
        queue.offer(Self.batch(1))
        queue.finished(.retry(after: wanted * Self.second), at: 0)
        #expect(queue.next(at: pause * Self.second) != nil)
        if pause > 0 { #expect(queue.next(at: pause * Self.second - 1) == nil) }
    }

    @Test("gives up what the collector does not want")
    func refused() {
        var queue = ExportQueue(batches: 2, bytes: 100)
        queue.offer(Self.batch(3))
        queue.offer(Self.batch(4))
        queue.finished(.refused, at: 0)
        #expect(queue.next(at: 0)?.items == 4)
        #expect(queue.rejected == 3)
    }

    @Test("outlives clocks at their end and outcomes of nothing")
    func oddities() {
        var queue = ExportQueue(batches: 0, bytes: 0)
        queue.finished(.accepted(rejected: 5), at: 0)
        queue.finished(.refused, at: 0)
        queue.offer(Self.batch(0))
        #expect(queue.count == 0)
        queue.offer(Self.batch(1))
        queue.finished(.retry(after: .max), at: .max - 5)
        #expect(queue.next(at: .max - 1) == nil)
        queue.finished(.accepted(rejected: .max), at: 0)
        #expect(queue.rejected == 1)
        #expect(queue.sent == 0)
    }

    @Test(
        "reads what collectors answer",
        arguments: [
            (200, nil, "", .accepted(rejected: 0)), (204, nil, "{}", .accepted(rejected: 0)),
            (200, nil, #"{"partialSuccess":{}}"#, .accepted(rejected: 0)),
            (200, nil, #"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"why"}}"#, .accepted(rejected: 3)),
            (200, nil, #"{"partialSuccess":{"rejectedDataPoints":2}}"#, .accepted(rejected: 2)),
            (200, nil, #"{"partialSuccess":{"rejectedLogRecords":"-1"}}"#, .accepted(rejected: 0)),
            (200, nil, #"{"partialSuccess":"#, .accepted(rejected: 0)),
            (200, nil, #"{"partialSuccess":{"rejectedSpans":"99999999999999999999"}}"#, .accepted(rejected: 0)),
            (429, "5", "", .retry(after: 5_000_000_000)), (503, "0", "", .retry(after: 0)),
            (502, "Sun, 06 Nov 1994 08:49:37 GMT", "", .retry(after: nil)), (504, "-1", "", .retry(after: nil)),
            (503, "99999999999999999999", "", .retry(after: nil)), (429, nil, "", .retry(after: nil)),
            (400, "5", "", .refused), (404, nil, "", .refused), (500, nil, "", .refused), (301, nil, "", .refused),
        ] as [(Int, String?, String, ExportQueue.Outcome)])
    func answers(status: Int, retryAfter: String?, body: String, outcome: ExportQueue.Outcome) {
        #expect(ExportAnswer.outcome(status: status, retryAfter: retryAfter, body: Array(body.utf8)) == outcome)
    }
}
