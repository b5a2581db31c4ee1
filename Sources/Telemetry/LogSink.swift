// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Dispatch
internal import Glibc
internal import Synchronization

/// Where log lines go: a bounded buffer that a background queue writes to a file descriptor.
///
/// Whoever logs never waits for the reader of the log. When the buffer is full, lines are thrown away and counted, and
/// the count is logged as soon as there is room.
public final class LogSink: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var dropped = 0
        var isDraining = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "yett.log")
    private let descriptor: CInt
    private let capacity: Int

    /// The most bytes that may wait to be written.
    public static let defaultCapacity = 1 << 20

    /// Writes to an open file descriptor, which stays the caller's.
    public init(descriptor: CInt, capacity: Int = LogSink.defaultCapacity) {
        self.descriptor = descriptor
        self.capacity = capacity
    }

    /// Takes one line with its line feed.
    public func write(_ line: [UInt8]) {
        let mustStart = state.withLock { state in
            guard state.pending.count + line.count <= capacity else {
                state.dropped += 1
                return false
            }
            state.pending.append(contentsOf: line)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if mustStart { queue.async { self.drain() } }
    }

    /// Waits until everything taken so far is written.
    public func flush() { queue.sync { drain() } }

    private func drain() {
        while true {
            let bytes = state.withLock { state in
                var bytes = state.pending
                state.pending = []
                if state.dropped > 0 {
                    bytes +=
                        #"{"level":"warning","message":"log lines were lost","\#(LogField.dropped)":\#(state.dropped)}"#
                        .utf8
                    bytes.append(UInt8(ascii: "\n"))
                    state.dropped = 0
                }
                state.isDraining = !bytes.isEmpty
                return bytes
            }
            guard !bytes.isEmpty else { return }
            writeFully(bytes)
        }
    }

    private func writeFully(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
                if count > 0 {
                    offset += count
                } else if errno != EINTR {
                    // Nobody can be told that the log cannot be written.
                    return
                }
            }
        }
    }
}
