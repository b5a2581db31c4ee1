// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
internal import Glibc
public import NIOCore

/// Reads what the kernel says about the process at the other end of a Unix socket.
public enum PeerCredentials {
    /// `struct ucred` of unix(7).
    private struct Credentials: Sendable {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// `SO_PEERPIDFD`, Linux 6.5.
    private static let peerPidfd: CInt = 77

    /// Reads `SO_PEERCRED` and the executable's path.
    ///
    /// Where the kernel offers a pidfd for the peer, the path is used only if that very process still lives after the
    /// path was read, so that a recycled process id cannot lend its executable.
    ///
    /// - Parameter channel: An accepted Unix-socket connection, on its event loop.
    /// - Returns: `nil` when the channel has no peer credentials.
    public static func read(from channel: any Channel) -> ProcessCredentials? {
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        let future: EventLoopFuture<Credentials> = provider.unsafeGetSocketOption(
            level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(SO_PEERCRED))
        guard let credentials = immediateValue(of: future), credentials.pid > 0 else { return nil }
        return ProcessCredentials(
            pid: credentials.pid, uid: credentials.uid, gid: credentials.gid,
            path: executablePath(of: credentials.pid, provider: provider))
    }

    private static func executablePath(of pid: pid_t, provider: any SocketOptionProvider) -> String? {
        let future: EventLoopFuture<CInt> = provider.unsafeGetSocketOption(
            level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(peerPidfd))
        let pidfd = immediateValue(of: future)
        defer { if let pidfd { close(pidfd) } }
        guard let path = readLink("/proc/\(pid)/exe") else { return nil }
        guard let pidfd else { return path }
        // A pidfd becomes readable when its process ends; the path counts only if it has not.
        var poll = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) == 0 ? path : nil
    }

    private static func readLink(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            let count = readlink(path, base, buffer.count)
            guard count > 0, count < buffer.count else { return nil }
            return String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
        }
    }

    private static func immediateValue<Value: Sendable>(of future: EventLoopFuture<Value>) -> Value? {
        // NIO completes a socket option's future before it returns when called on the loop.
        var value: Value?
        future.assumeIsolated().whenSuccess { value = $0 }
        return value
    }
}
