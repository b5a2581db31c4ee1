// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CAres
import Glibc
import Synchronization

/// Hands lookups from any thread to the resolver's thread, and wakes it with an eventfd.
final class AresInbox: Sendable {
    private struct State {
        var waiting: [AresLookup] = []
        var pending = 0
        var isStopping = false
    }

    /// Readable when there is something to take.
    let descriptor: Int32

    private let maximumPending: Int
    private let state = Mutex(State())

    init(maximumPending: Int) throws(AresSetupError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        self.maximumPending = maximumPending
        guard descriptor >= 0 else { throw .descriptor(errno: errno) }
    }

    /// Closing waits for the last user, so that no thread ever writes to a descriptor that has a new owner.
    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Takes a lookup in, or says why not.
    func put(_ lookup: AresLookup) -> ResolveError? {
        let (error, isFirst): (ResolveError?, Bool) = state.withLock { state in
            if state.isStopping { return (.shutDown, false) }
            if state.pending >= maximumPending { return (.tooManyPending, false) }
            state.pending += 1
            state.waiting.append(lookup)
            return (nil, state.waiting.count == 1)
        }
        if isFirst { wake() }
        return error
    }

    /// All lookups that have arrived; nil when the resolver is to stop.
    func take() -> [AresLookup]? {
        state.withLock { state in
            if state.isStopping { return nil }
            let arrived = state.waiting
            state.waiting = []
            return arrived
        }
    }

    /// A lookup no longer counts as pending.
    func release() {
        state.withLock { $0.pending = max($0.pending - 1, 0) }
    }

    /// Lets no lookup in any more and ends the loop.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake()
    }

    /// Takes what came in before the stop.
    func close() -> [AresLookup] {
        state.withLock { state in
            state.isStopping = true
            let rest = state.waiting
            state.waiting = []
            return rest
        }
    }

    func acknowledge() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }
}
