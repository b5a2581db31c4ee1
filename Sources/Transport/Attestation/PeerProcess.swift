// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Dispatch
internal import Glibc
public import NIOCore

/// The process at the other end of a Unix socket: what the kernel says of it, and a descriptor that means it alone.
///
/// Process ids are given out again. The descriptor was made from the connection itself, so that it says for certain
/// whether that process, and no later one, is alive.
public final class PeerProcess: Sendable {
    /// `struct ucred` of unix(7).
    struct Credentials: Sendable {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// `SO_PEERPIDFD`, Linux 6.5.
    private static let peerPidfd: CInt = 77

    /// The process id when it connected.
    public let pid: Int32
    /// Its effective user when it connected.
    public let uid: UInt32
    /// Its effective group when it connected.
    public let gid: UInt32
    /// `nil` where the kernel gives none.
    private let descriptor: CInt?

    /// Asks the kernel who is at the other end.
    ///
    /// - Parameter channel: An accepted Unix-socket connection, on its event loop.
    /// - Returns: `nil` when the channel has no peer credentials.
    public init?(of channel: any Channel) {
        guard let provider = channel as? any SocketOptionProvider,
            let credentials: Credentials = Self.option(SO_PEERCRED, of: provider), credentials.pid > 0
        else { return nil }
        pid = credentials.pid
        uid = credentials.uid
        gid = credentials.gid
        descriptor = Self.option(Self.peerPidfd, of: provider)
    }

    deinit { if let descriptor { close(descriptor) } }

    /// Whether the process lives; `nil` where the kernel gives no descriptor to ask.
    public var isAlive: Bool? {
        guard let descriptor else { return nil }
        // A pidfd becomes readable when its process ends.
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let count = Glibc.poll(&poll, 1, 0)
            if count >= 0 || errno != EINTR { return count == 0 }
        }
    }

    /// A descriptor of the process for somebody else to keep and to close.
    public func copyDescriptor() -> CInt? {
        guard let descriptor else { return nil }
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy >= 0 ? copy : nil
    }

    /// Tells when the process ends, once, on a queue of its own.
    ///
    /// - Returns: What stops watching when it is called; `nil` when the end cannot be seen.
    public func watch(ended: @escaping @Sendable () -> Void) -> (@Sendable () -> Void)? {
        guard let copy = copyDescriptor() else { return nil }
        // Dispatch sources may be used from any thread; the module does not say so.
        nonisolated(unsafe) let source: any DispatchSourceRead = DispatchSource.makeReadSource(
            fileDescriptor: copy, queue: .global())
        source.setCancelHandler { close(copy) }
        source.setEventHandler {
            source.cancel()
            ended()
        }
        source.activate()
        return { source.cancel() }
    }

    private static func option<Value: Sendable>(_ name: CInt, of provider: any SocketOptionProvider) -> Value? {
        let future: EventLoopFuture<Value> = provider.unsafeGetSocketOption(
            level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(name))
        // NIO completes a socket option's future before it returns when called on the loop.
        var value: Value?
        future.assumeIsolated().whenSuccess { value = $0 }
        return value
    }
}
