// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree
public import Decision
public import NIOCore
internal import Storage

/// What the connections of one event loop share without locks. Used on that loop only.
///
/// There is one for each loop; see ``LoopGroup``.
public final class LoopContext {
    /// The loop.
    public let eventLoop: any EventLoop
    /// The clocks that the loop's connections read.
    public let clock: Clock
    /// What the loop's connections have done.
    package var counts = LoopCounts()
    /// Chooses the exchanges that are traced; `nil` where none are.
    package let tracer: LoopTracer?

    private let lane: AuditLane
    private let shard: UInt64
    private let shards: UInt64
    private var decisions: DecisionIDSequence
    private var connections: UInt64 = 0
    private var waiting: [any RecordWaiter] = []
    private var refused: [any RecordWaiter] = []
    private var isTelling = false
    private var settling: [any TurnSettler] = []
    private var isFlushScheduled = false
    private var watched: [any DeadlineWatched] = []
    private var sweep: RepeatedTask?

    init(
        eventLoop: any EventLoop, lane: AuditLane, clock: Clock, shard: Int, shards: Int, decisionPrefix: UInt32,
        tracer: LoopTracer? = nil
    ) {
        self.eventLoop = eventLoop
        self.lane = lane
        self.clock = clock
        self.tracer = tracer
        self.shard = UInt64(shard)
        self.shards = UInt64(shards)
        self.decisions = DecisionIDSequence(prefix: decisionPrefix)
    }

    /// The next decision id.
    public func nextDecision() -> DecisionID { decisions.next() }

    /// The next connection id; its remainder by the number of loops is the loop's shard in the registry.
    public func nextConnection() -> ConnectionID {
        connections &+= 1
        return ConnectionID(rawValue: connections &* shards &+ shard)
    }

    // MARK: Records

    /// Appends a record that nobody waits for. It is written before the loop's next turn.
    public func record(_ event: borrowing AuditEvent) {
        // A record that cannot be taken is lost; the log says so itself, and denies from then on.
        _ = lane.append(event)
        scheduleFlush()
    }

    /// Appends a record and tells `waiter` once it is as durable as configured, or that it could not be written.
    ///
    /// All records of one turn of the loop are written together.
    public func record(_ event: borrowing AuditEvent, then waiter: any RecordWaiter) {
        if lane.append(event) {
            waiting.append(waiter)
        } else {
            refused.append(waiter)
        }
        scheduleFlush()
    }

    private func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        // Runs after the ready sockets of this turn were served, so that their records share one write.
        eventLoop.assumeIsolated().execute { self.flush() }
    }

    private func flush() {
        isFlushScheduled = false
        let told = LoopBound((context: self, waiters: waiting), on: eventLoop)
        waiting.removeAll(keepingCapacity: true)
        lane.flush { isRecorded in told.run { $0.context.tell($0.waiters, isRecorded) } }
        guard !refused.isEmpty else { return }
        let unrecorded = refused
        refused.removeAll()
        tell(unrecorded, false)
    }

    private func tell(_ waiters: [any RecordWaiter], _ isRecorded: Bool) {
        isTelling = true
        for waiter in waiters { waiter.recorded(isRecorded) }
        isTelling = false
        while let settler = settling.popLast() { settler.settle() }
    }

    /// Has `settler` settle once all who wait for the same records have been told, so that what they write goes out
    /// together; at once where nobody is being told.
    package func settleAfterRecords(_ settler: any TurnSettler) {
        if isTelling { settling.append(settler) } else { settler.settle() }
    }

    // MARK: Deadlines

    /// Looks at `watched` on every sweep until it is removed.
    public func watch(_ watched: any DeadlineWatched) {
        guard watched.watchIndex < 0 else { return }
        watched.watchIndex = self.watched.count
        self.watched.append(watched)
    }

    /// Stops looking at something.
    public func unwatch(_ gone: any DeadlineWatched) {
        let index = gone.watchIndex
        guard index >= 0, index < watched.count, watched[index] === gone else { return }
        gone.watchIndex = -1
        let last = watched.removeLast()
        if last !== gone {
            watched[index] = last
            last.watchIndex = index
        }
    }

    /// How many connections the loop watches.
    public var watchedCount: Int { watched.count }

    /// Starts to look at every watched connection in turn, once in `interval`.
    ///
    /// One sweep in place of a timer for each connection: it costs a few nanoseconds for each one and nothing when it
    /// opens or closes.
    func startSweeping(every interval: TimeAmount) {
        let bound = LoopBound(self, on: eventLoop)
        sweep = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.unwrapped.sweepOnce()
        }
    }

    func sweepOnce() {
        let now = clock.monotonic()
        // A connection that ends during the sweep swaps the last one into its place; walking backwards misses none.
        var index = watched.count - 1
        while index >= 0 {
            if index < watched.count { watched[index].sweep(now: now) }
            index -= 1
        }
    }

    func stopSweeping() {
        sweep?.cancel()
        sweep = nil
    }
}

/// Waits for a record to be written. Called on the loop on which it was handed over.
public protocol RecordWaiter: AnyObject {
    /// The record is as durable as configured, or could not be written.
    func recorded(_ isRecorded: Bool)
}

/// Has something to do at the end of a turn of its loop.
package protocol TurnSettler: AnyObject {
    /// The turn is over.
    func settle()
}

/// Looked at once a second by its loop to see whether one of its deadlines has passed.
public protocol DeadlineWatched: AnyObject {
    /// Kept by ``LoopContext``; -1 while nothing is watched.
    var watchIndex: Int { get set }
    /// Ends whatever is overdue.
    ///
    /// - Parameter now: Nanoseconds of the monotonic clock.
    func sweep(now: Int64)
}
