// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// A second way for log lines: a bounded buffer for whoever brings them elsewhere. Closed until somebody opens it.
public final class LogTap: Sendable {
    private struct State {
        var lines: [LogLine] = []
        var dropped = 0
    }

    private let state = Mutex(State())
    private let isOpenFlag = Atomic<Bool>(false)
    private let limit: Int

    /// The most lines that may wait.
    public static let defaultLimit = 2048

    /// A closed tap.
    public init(limit: Int = LogTap.defaultLimit) { self.limit = limit }

    /// Whether lines are kept.
    public var isOpen: Bool { isOpenFlag.load(ordering: .relaxed) }

    /// Keeps lines from now on.
    public func open() { isOpenFlag.store(true, ordering: .relaxed) }

    /// Keeps no more lines, and forgets those that wait.
    public func close() {
        isOpenFlag.store(false, ordering: .relaxed)
        state.withLock { $0 = State() }
    }

    /// Takes a line in, or counts it as lost.
    func offer(_ line: LogLine) {
        state.withLock { state in
            if state.lines.count < limit { state.lines.append(line) } else { state.dropped += 1 }
        }
    }

    /// Gives the waiting lines out, with how many were lost since the last time.
    public func take() -> (lines: [LogLine], dropped: Int) {
        state.withLock { state in
            defer { state = State() }
            return (state.lines, state.dropped)
        }
    }
}
