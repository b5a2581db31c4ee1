// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Sandbox
internal import Synchronization

/// The runs under way and those that wait for a place, first come first served. Nothing is unbounded.
final class SandboxQueue: Sendable {
    private struct Waiter {
        let number: UInt64
        let continuation: CheckedContinuation<Entry, Never>
    }

    /// How waiting ends.
    private enum Entry {
        case entered
        case overdue
        case cut
    }

    private struct State {
        var running = 0
        var most: Int
        var mostWaiting: Int
        var waiters: [Waiter] = []
        var next: UInt64 = 0
        /// Those that shall not wait any more, of those that do not stand in the queue yet.
        var ended: [UInt64: Entry] = [:]
        /// Those that are about to stand in it, or do.
        var expected: Set<UInt64> = []
        /// Told when nothing runs any more.
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(running: Int, waiting: Int) {
        state = Mutex(State(most: max(1, running), mostWaiting: max(0, waiting)))
    }

    /// How many run, and how many wait.
    var counts: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.waiters.count) } }

    /// Takes other limits; what runs and waits goes on.
    func resize(running: Int, waiting: Int) {
        let entering = state.withLock { state -> [Waiter] in
            state.most = max(1, running)
            state.mostWaiting = max(0, waiting)
            return Self.admit(&state)
        }
        for waiter in entering { waiter.continuation.resume(returning: .entered) }
    }

    /// Waits for a place, which ``leave()`` gives back. A cancelled task waits no longer.
    func enter(within time: Duration) async throws(SandboxError) {
        let number = state.withLock { state -> UInt64? in
            if state.running < state.most, state.waiters.isEmpty {
                state.running &+= 1
                return nil
            }
            state.next &+= 1
            state.expected.insert(state.next)
            return state.next
        }
        guard let number else { return }
        defer {
            state.withLock { state in
                state.ended[number] = nil
                state.expected.remove(number)
            }
        }
        let entry = await withTaskGroup(of: Entry?.self) { group in
            group.addTask { await self.wait(number) }
            group.addTask {
                if (try? await Task.sleep(for: time)) != nil { self.end(number, .overdue) }
                return nil
            }
            var entry: Entry?
            for await end in group {
                guard let end else { continue }
                entry = end
                group.cancelAll()
            }
            return entry
        }
        switch entry {
        case .entered?: return
        case .overdue?, nil: throw .busy(retryMilliseconds: 1000)
        case .cut?: throw .refused(.cut, "the run was cut while it waited for a place")
        }
    }

    private func wait(_ number: UInt64) async -> Entry {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Entry, Never>) in
                let entry = state.withLock { state -> Entry? in
                    if let entry = state.ended[number] { return entry }
                    if state.running < state.most, state.waiters.isEmpty {
                        state.running &+= 1
                        return .entered
                    }
                    guard state.waiters.count < state.mostWaiting else { return .overdue }
                    state.waiters.append(Waiter(number: number, continuation: continuation))
                    return nil
                }
                if let entry { continuation.resume(returning: entry) }
            }
        } onCancel: {
            end(number, .cut)
        }
    }

    /// Gives a place back.
    func leave() {
        let (entering, idle) = state.withLock { state in
            state.running &-= 1
            let entering = Self.admit(&state)
            let idle = state.running == 0 ? state.idle : []
            if state.running == 0 { state.idle = [] }
            return (entering, idle)
        }
        for waiter in entering { waiter.continuation.resume(returning: .entered) }
        for waiter in idle { waiter.resume() }
    }

    /// Returns when nothing runs.
    func drained() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.running > 0 { state.idle.append(continuation) }
                return state.running == 0
            }
            if isIdle { continuation.resume() }
        }
    }

    private static func admit(_ state: inout State) -> [Waiter] {
        let count = min(max(0, state.most &- state.running), state.waiters.count)
        let entering = Array(state.waiters.prefix(count))
        state.waiters.removeFirst(count)
        state.running &+= count
        return entering
    }

    private func end(_ number: UInt64, _ entry: Entry) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else {
                if state.expected.contains(number) { state.ended[number] = entry }
                return nil
            }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: entry)
    }
}
