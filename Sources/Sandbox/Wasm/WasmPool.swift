// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// Workers that are warm before anybody asks. Each serves one run; a few wait for each kind, for some minutes.
final class WasmPool: Sendable {
    /// What workers have in common: they differ in what they were started with.
    struct Kind: Hashable {
        /// The image's digest; `nil` for modules that come with the request.
        var image: String?
        var memoryBytes: Int
        var processorThousandths: Int
        var scratchBytes: Int
    }

    private struct State {
        var idle: [Kind: [WasmWorker]] = [:]
        var starting: [Kind: Int] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    /// How many wait for each kind.
    private let most: Int

    /// For so many kinds at once.
    private static let mostKinds = 4
    /// For translating a module, and for the worker's own start.
    private static let reserveMilliseconds = 60_000

    init(most: Int) {
        self.most = most
    }

    /// A warm worker that has time enough left; `nil` when there is none, which is no failure.
    func take(_ kind: Kind, for limits: SandboxLimits) -> WasmWorker? {
        let now = SteadyClock.microseconds()
        let needed = limits.wallMilliseconds &+ Self.reserveMilliseconds
        let mostAge = Int64(WasmDriver.lifeMilliseconds &- needed) &* 1000
        while let worker = state.withLock({ $0.idle[kind]?.popLast() }) {
            if worker.channel.isQuiet, now &- worker.born < mostAge { return worker }
        }
        return nil
    }

    /// Starts what is missing of a kind, each on a thread of its own. The kind that nobody used for longest makes room.
    func fill(_ kind: Kind, _ start: @escaping @Sendable () throws(SandboxError) -> WasmWorker) {
        let dropped = state.withLock { state -> [WasmWorker] in
            guard state.idle[kind] == nil, state.idle.count >= Self.mostKinds, let other = state.idle.keys.first else {
                return []
            }
            return state.idle.removeValue(forKey: other) ?? []
        }
        withExtendedLifetime(dropped) {}
        let count = state.withLock { state -> Int in
            guard !state.isClosed else { return 0 }
            let count = most &- (state.idle[kind]?.count ?? 0) &- (state.starting[kind] ?? 0)
            guard count > 0 else { return 0 }
            state.starting[kind, default: 0] &+= count
            state.idle[kind] = state.idle[kind] ?? []
            return count
        }
        for _ in 0..<max(0, count) {
            do throws(SandboxError) {
                try onThreadOfItsOwn { [self] in keep(try? start(), kind) }
            } catch {
                keep(nil, kind)
            }
        }
    }

    /// Ends all that wait, and keeps none from now on.
    func close() {
        let ending = state.withLock { state in
            state.isClosed = true
            let all = state.idle.values.flatMap { $0 }
            state.idle = [:]
            return all
        }
        withExtendedLifetime(ending) {}
    }

    private func keep(_ worker: WasmWorker?, _ kind: Kind) {
        let surplus = state.withLock { state -> WasmWorker? in
            state.starting[kind, default: 1] &-= 1
            guard let worker, !state.isClosed, let idle = state.idle[kind], idle.count < most else { return worker }
            state.idle[kind] = [worker] + idle
            return nil
        }
        withExtendedLifetime(surplus) {}
    }
}
