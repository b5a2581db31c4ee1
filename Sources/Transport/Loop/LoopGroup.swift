// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import NIOCore
public import NIOPosix
public import Storage
public import Telemetry

/// The event loops of the data planes, each with its ``LoopContext``.
public final class LoopGroup: Sendable {
    /// The loops.
    public let group: MultiThreadedEventLoopGroup
    /// Where time comes from.
    let clock: Clock
    private let contexts: [LoopBoundContext]

    private struct LoopBoundContext: @unchecked Sendable {
        // Unchecked: the context is handed out only on its own loop.
        let eventLoop: any EventLoop
        let context: LoopContext
    }

    /// Starts the loops.
    ///
    /// - Parameters:
    ///   - workers: How many threads.
    ///   - log: Where the loops record; each gets a lane.
    ///   - clock: Where time comes from.
    ///   - tracing: How exchanges are traced; `nil` where none are.
    public init(workers: Int, log: AuditLog, clock: Clock = .system, tracing: TracingSettings? = nil) {
        self.clock = clock
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, workers))
        var loops: [any EventLoop] = []
        for loop in group.makeIterator() { loops.append(loop) }
        var generator = SystemRandomNumberGenerator()
        let salt = generator.next()
        contexts = loops.enumerated().map { shard, loop in
            LoopBoundContext(
                eventLoop: loop,
                context: LoopContext(
                    eventLoop: loop, lane: log.makeLane(), clock: clock, shard: shard, shards: loops.count,
                    decisionPrefix: UInt32.random(in: .min ... .max, using: &generator),
                    tracer: tracing.map { LoopTracer($0, salt: salt, seed: generator.next()) }))
        }
    }

    /// How many loops there are.
    public var count: Int { contexts.count }

    /// The context of the loop that the caller runs on.
    ///
    /// - Returns: `nil` when called from anywhere else.
    public func context(of eventLoop: any EventLoop) -> LoopContext? {
        guard eventLoop.inEventLoop else { return nil }
        for bound in contexts where bound.eventLoop === eventLoop { return bound.context }
        return nil
    }

    /// The position of a loop among the group's loops.
    public func index(of eventLoop: any EventLoop) -> Int? {
        contexts.firstIndex { $0.eventLoop === eventLoop }
    }

    /// Makes something for each loop, from its context, in the loops' order.
    public func mapContexts<Made>(_ make: (LoopContext) -> Made) -> [Made] {
        contexts.map { make($0.context) }
    }

    // MARK: Telemetry

    /// What all loops have counted since the start.
    public func counts() async -> LoopCounts {
        await onEach { context in
            var counts = context.counts
            counts.droppedSpans = context.tracer?.lost ?? 0
            return counts
        }.reduce(into: LoopCounts()) { $0.add($1) }
    }

    /// Takes the spans that wait on the loops.
    public func takeSpans() async -> [TraceSpan] { await onEach { $0.tracer?.take() ?? [] }.flatMap { $0 } }

    /// Asks each loop; those that are gone say nothing.
    private func onEach<Answer: Sendable>(_ ask: @escaping @Sendable (LoopContext) -> Answer) async -> [Answer] {
        var answers: [Answer] = []
        for bound in contexts {
            let answer = try? await bound.eventLoop.submit { ask(bound.context) }.get()
            if let answer { answers.append(answer) }
        }
        return answers
    }

    /// Starts the sweeps for deadlines.
    public func start(sweepInterval: TimeAmount = .seconds(1)) {
        for bound in contexts {
            bound.eventLoop.execute { bound.context.startSweeping(every: sweepInterval) }
        }
    }

    /// Stops the sweeps and the threads.
    public func shutdown() async throws {
        for bound in contexts {
            try await bound.eventLoop.submit { bound.context.stopSweeping() }.get()
        }
        try await group.shutdownGracefully()
    }
}
