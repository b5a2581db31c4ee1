// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Dispatch
internal import Glibc
internal import Synchronization

/// Writes lines to a descriptor, one after the other. Whoever writes waits until the reader has room.
final class LineWriter: Sendable {
    /// Why a line was not written.
    enum Failure: Error {
        /// Nobody reads any more.
        case closed
        /// More waits to be written than is kept.
        case full
    }

    private struct State {
        var isOpen = true
        var waiting = 0
    }

    private let descriptor: CInt
    private let limit: Int
    private let queue: DispatchQueue
    private let state = Mutex(State())

    /// - Parameters:
    ///   - descriptor: Closed at the end by ``close()`` only.
    ///   - limit: The most bytes that wait, besides one line.
    init(_ descriptor: CInt, limit: Int, label: String) {
        self.descriptor = descriptor
        self.limit = limit
        queue = DispatchQueue(label: label)
    }

    /// Writes a line; returns when it is with the system.
    func write(_ line: [UInt8]) async throws(Failure) {
        let hasRoom = state.withLock { state -> Bool? in
            guard state.isOpen else { return nil }
            guard state.waiting == 0 || state.waiting &+ line.count <= limit else { return false }
            state.waiting &+= line.count &+ 1
            return true
        }
        guard let hasRoom else { throw .closed }
        guard hasRoom else { throw .full }
        let isWritten = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.writeAll(line + [0x0A])) }
        }
        guard isWritten else { throw .closed }
    }

    /// Closes the descriptor behind what was written.
    func close() {
        let wasOpen = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        guard wasOpen else { return }
        queue.async { Glibc.close(self.descriptor) }
    }

    private func writeAll(_ bytes: [UInt8]) -> Bool {
        defer { state.withLock { $0.waiting &-= bytes.count } }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&watched, 1, -1)
            } else if count == 0 || errno != EINTR {
                state.withLock { $0.isOpen = false }
                return false
            }
        }
        return true
    }
}

/// Reads lines of a descriptor on a thread of its own, each when the one before it was taken.
enum LineReading {
    /// Begins to read; `ended` comes once, after the last line.
    static func start(
        _ descriptor: CInt, limit: Int, label: String, take: @escaping @Sendable (LineSplitter.Line) async -> Void,
        ended: @escaping @Sendable () async -> Void
    ) {
        DispatchQueue(label: label).async {
            var splitter = LineSplitter(limit: limit)
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &chunk, chunk.count)
                if count > 0 {
                    for line in splitter.feed(chunk[..<count]) { wait { await take(line) } }
                } else if count < 0, errno == EAGAIN {
                    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    _ = poll(&watched, 1, -1)
                } else if count == 0 || errno != EINTR {
                    break
                }
            }
            for line in splitter.end() { wait { await take(line) } }
            wait { await ended() }
        }
    }

    private static func wait(_ body: @escaping @Sendable () async -> Void) {
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            await body()
            done.signal()
        }
        done.wait()
    }
}
