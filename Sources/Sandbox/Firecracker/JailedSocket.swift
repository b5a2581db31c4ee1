// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox
internal import Glibc

/// Sockets that a jailed process listens on, in a directory that it can change: whatever lies there under the name may be
/// a link to a socket of somebody else's.
enum JailedSocket {
    private static let pauseMilliseconds: Int32 = 2

    /// A connection, and the process at the other end.
    struct Connection {
        let socket: SandboxDescriptor
        let process: pid_t
    }

    /// Connects, and tries again while nobody listens.
    ///
    /// - Parameters:
    ///   - directory: A descriptor of the directory.
    ///   - user: The only user who may have made the socket and listen on it.
    ///   - last: When to give up, in microseconds of the steady clock.
    ///   - isOver: Whether there is nothing to wait for any more.
    /// - Returns: `nil` when nobody listens.
    /// - Throws: `setUp` when it is something else than a socket of that user's.
    static func connect(
        _ name: String, in directory: Int32, of user: UInt32, until last: Int64, isOver: () -> Bool
    ) throws(SandboxError) -> Connection? {
        repeat {
            if let connection = try once(name, directory, user) { return connection }
            guard !isOver() else { return nil }
            poll(nil, 0, pauseMilliseconds)
        } while SteadyClock.microseconds() < last
        return nil
    }

    private static func once(_ name: String, _ directory: Int32, _ user: UInt32) throws(SandboxError) -> Connection? {
        var process: pid_t = 0
        let number = yett_connect_jailed(directory, name, user, &process)
        let error = errno
        guard number < 0 else { return Connection(socket: SandboxDescriptor(number), process: process) }
        switch error {
        case ENOENT, ECONNREFUSED, EAGAIN: return nil
        case EPERM: throw .refused(.setUp, "\(name) of Firecracker is no socket of its own")
        default: throw .refused(.setUp, "\(name) of Firecracker: \(String(cString: strerror(error)))")
        }
    }

    /// Writes everything; false when nobody reads, or not in time.
    static func write(_ bytes: [UInt8], to socket: Int32, until last: Int64) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EAGAIN && errno != EINTR || !wait(socket, POLLOUT, until: last) {
                return false
            }
        }
        return true
    }

    /// What a read came to.
    enum Read {
        case bytes(ArraySlice<UInt8>)
        case end
        case late
    }

    /// Reads what comes next, so many bytes at most.
    static func read(_ socket: Int32, most: Int, until last: Int64) -> Read {
        var piece = [UInt8](repeating: 0, count: most)
        while true {
            let count = recv(socket, &piece, piece.count, Int32(MSG_DONTWAIT))
            if count > 0 { return SteadyClock.microseconds() < last ? .bytes(piece[..<count]) : .late }
            guard count < 0, errno == EAGAIN || errno == EINTR else { return .end }
            guard wait(socket, POLLIN, until: last) else { return .late }
        }
    }

    private static func wait(_ socket: Int32, _ events: Int32, until last: Int64) -> Bool {
        let left = last &- SteadyClock.microseconds()
        var watched = pollfd(fd: socket, events: Int16(events), revents: 0)
        guard left > 0 else { return false }
        return poll(&watched, 1, Int32(clamping: (left &+ 999) / 1000)) != 0 || SteadyClock.microseconds() < last
    }
}
