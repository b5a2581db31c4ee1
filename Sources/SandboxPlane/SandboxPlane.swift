// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
public import Protocols
public import Sandbox
internal import Synchronization

/// Sandboxes for generated code, as agents get them: reads requests, keeps runs within what operator, grants and policy
/// say, and never runs anything in a weaker sandbox than is demanded. It decides about nobody: whoever asks it has a verdict.
public final class SandboxPlane: Sendable {
    private let drivers: [any SandboxDriver]
    /// For each driver.
    private let probes: [SandboxProbes]
    private let queue: SandboxQueue
    private let state: Mutex<State>
    /// When drivers are to be tried.
    private let trials = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    private struct State {
        var settings: SandboxPlaneSettings
        /// What the probes found, once they did.
        var found: [SandboxProbe]?
    }

    /// A plane with the drivers of the settings; nothing is started yet.
    public convenience init(_ settings: SandboxPlaneSettings = SandboxPlaneSettings()) {
        self.init(settings, drivers: settings.drivers.compactMap { SandboxDrivers.driver($0, settings) })
    }

    /// A plane with these drivers, in their order.
    public init(_ settings: SandboxPlaneSettings, drivers: [any SandboxDriver]) {
        self.drivers = drivers
        probes = drivers.map { SandboxProbes([$0]) }
        queue = SandboxQueue(running: settings.running, waiting: settings.waiting)
        state = Mutex(State(settings: settings))
    }

    /// How many run, and how many wait.
    public var counts: (running: Int, waiting: Int) { queue.counts }

    /// Takes what a reload brought; drivers stay. Those that did not work are tried once more.
    public func replace(_ settings: SandboxPlaneSettings) {
        queue.resize(running: settings.running, waiting: settings.waiting)
        state.withLock { $0.settings = settings }
        trials.continuation.yield()
    }

    /// Finds out what each driver offers, so that the first request need not wait for it, and once more after each
    /// reload; until the task is cancelled.
    public func run() async {
        trials.continuation.yield()
        for await _ in trials.stream {
            let found = state.withLock { state in
                defer { state.found = nil }
                return state.found
            }
            for (trial, probe) in zip(probes, found ?? []) {
                if case .unusable = probe.verdict { await trial.forget(probe.driver) }
            }
            await probe()
        }
    }

    /// Finds out what each driver offers here, in the operator's order.
    @discardableResult
    public func probe() async -> [SandboxProbe] {
        var found: [SandboxProbe] = []
        for trial in probes { found += await trial.all() }
        state.withLock { $0.found = found }
        return found
    }

    /// Returns when nothing runs any more; whoever stops has cut what ran.
    public func drained() async { await queue.drained() }

    // MARK: Requests

    /// Reads the arguments of the tool, which are the body of a request as well.
    public func read(_ arguments: JSONObject) throws(SandboxError) -> SandboxOrder {
        let settings = state.withLock(\.settings)
        return try SandboxArguments(settings: settings).read(arguments)
    }

    /// Why nothing here can run an order under these terms; `nil` when something can, or when that is not known yet.
    public func objection(to order: SandboxOrder, under terms: [SandboxTerms]) -> SandboxError? {
        var request = order.request
        do throws(SandboxError) {
            try request.narrow(to: terms)
            guard let found = state.withLock(\.found) else { return nil }
            _ = try SandboxChoice.choose(
                for: request.program.kind, demanding: request.requirement, among: found)
            return nil
        } catch {
            return error
        }
    }

    /// Runs an order. A cancelled task cuts the run.
    public func run(
        _ order: SandboxOrder, under terms: [SandboxTerms] = [], listener: SandboxListener? = nil
    ) async throws(SandboxError) -> SandboxReport {
        var request = order.request
        try request.narrow(to: terms)
        let index = try await choose(for: request)
        guard drivers.indices.contains(index) else {
            throw .refused(.unavailable, "the driver that was chosen is gone")
        }
        try await queue.enter(within: state.withLock(\.settings.waitTime))
        defer { queue.leave() }
        do throws(SandboxError) {
            return SandboxReport(try await drivers[index].run(request, listener: listener))
        } catch {
            // What was found is not true any more.
            if error.kind == .unavailable || error.kind == .unsatisfied {
                await probes[index].forget(drivers[index].name)
                state.withLock { $0.found = nil }
            }
            throw error
        }
    }

    /// The first driver that meets what is demanded. Those behind it need not have been tried yet.
    private func choose(for request: SandboxRequest) async throws(SandboxError) -> Int {
        var found = state.withLock(\.found) ?? []
        let known = !found.isEmpty
        for trial in known ? [] : probes {
            found += await trial.all()
            if let choice = try? SandboxChoice.choose(
                for: request.program.kind, demanding: request.requirement, among: found)
            {
                return choice.index
            }
        }
        return try SandboxChoice.choose(
            for: request.program.kind, demanding: request.requirement, among: found
        ).index
    }
}
