// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Synchronization

/// The host's end of a stream socket to a worker or a guest. Waits on the calling thread.
final class StreamChannel: Sendable {
    /// What a read came to.
    enum Read {
        case bytes([UInt8])
        case nothing
        case end
    }

    private let socket: SandboxDescriptor
    private let endsAtOnce: Bool
    private let isShut = Atomic(false)

    private static let chunk = 65_536

    /// A channel, and the worker's end of it, which the caller closes.
    static func open() throws(SandboxError) -> (channel: StreamChannel, workers: SandboxDescriptor) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .unavailable("making a channel", errno) }
        return (StreamChannel(SandboxDescriptor(ends[0])), SandboxDescriptor(ends[1]))
    }

    /// A channel over a connected socket.
    ///
    /// - Parameter endsAtOnce: Whether ``shut()`` ends it for the reader here as well, for a worker that may not heed it.
    init(_ socket: SandboxDescriptor, endsAtOnce: Bool = false) {
        self.socket = socket
        self.endsAtOnce = endsAtOnce
    }

    /// Tells the worker that nobody waits any more, which ends it.
    func shut() {
        let ends = Int32(endsAtOnce ? SHUT_RDWR : SHUT_WR)
        if !isShut.exchange(true, ordering: .relaxed) { shutdown(socket.number, ends) }
    }

    /// Whether nothing was said and nobody left: so it is with a worker that waits for its job.
    var isQuiet: Bool {
        var watched = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) == 0
    }

    /// Waits until there is something to read, or also room to write, or until the time comes, in microseconds of the
    /// steady clock.
    func wait(toWrite: Bool, until time: Int64) {
        let events = Int16(POLLIN) | (toWrite ? Int16(POLLOUT) : 0)
        var watched = pollfd(fd: socket.number, events: events, revents: 0)
        let left = max(0, time &- SteadyClock.microseconds())
        _ = poll(&watched, 1, Int32(clamping: (left &+ 999) / 1000))
    }

    /// Reads what is there.
    func read() -> Read {
        var bytes = [UInt8](repeating: 0, count: Self.chunk)
        let count = recv(socket.number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        if count > 0 { return .bytes(Array(bytes[..<count])) }
        if count < 0, errno == EAGAIN || errno == EINTR { return .nothing }
        return .end
    }

    /// Writes what there is room for, and takes it off the bytes; false when nobody reads.
    func write(_ bytes: inout ArraySlice<UInt8>) -> Bool {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let count = bytes.withUnsafeBytes { send(socket.number, $0.baseAddress, $0.count, flags) }
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        bytes = bytes.dropFirst(count)
        return true
    }
}

/// Clocks in microseconds.
enum SteadyClock {
    /// Never set, for spans.
    static func microseconds() -> Int64 { read(CLOCK_MONOTONIC) }

    /// Since 1970.
    static func wallMicroseconds() -> Int64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1000
    }
}
