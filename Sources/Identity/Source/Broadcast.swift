// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// Hands the latest value to any number of readers. Sources of identities tell of their states with it.
package final class Broadcast<Element: Sendable>: Sendable {
    private struct Readers {
        var continuations: [UInt64: AsyncStream<Element>.Continuation] = [:]
        var next: UInt64 = 0
        var isFinished = false
    }

    private let readers = Mutex(Readers())

    /// A broadcast without readers.
    package init() {}

    /// A stream of all values from now on; of those that its reader has not taken only the latest is kept.
    package func stream(startingWith first: () -> Element?) -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(of: Element.self, bufferingPolicy: .bufferingNewest(1))
        let number = readers.withLock { readers -> UInt64? in
            guard !readers.isFinished else { return nil }
            readers.next &+= 1
            readers.continuations[readers.next] = continuation
            return readers.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.readers.withLock { $0.continuations.removeValue(forKey: number) }
        }
        if let value = first() { continuation.yield(value) }
        return stream
    }

    /// Hands a value to everybody who listens.
    package func send(_ value: Element) {
        let continuations = readers.withLock { Array($0.continuations.values) }
        for continuation in continuations { continuation.yield(value) }
    }

    /// Ends all streams, also those that are asked for later.
    package func finish() {
        let continuations = readers.withLock { readers in
            readers.isFinished = true
            return Array(readers.continuations.values)
        }
        for continuation in continuations { continuation.finish() }
    }
}
