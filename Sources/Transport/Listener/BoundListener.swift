// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
public import Glibc
public import NIOCore
internal import NIOPosix
internal import Synchronization

/// A socket that accepts connections until it is closed.
public final class BoundListener: Sendable {
    /// The server channel.
    public let channel: any Channel
    private let path: String?
    /// Whether a Unix socket's file goes with the listener.
    private let removesFile: Mutex<Bool>

    /// How many connections may wait to be accepted.
    private static let backlog: CInt = 4096

    /// Whether it belongs to a socket unit of the service manager.
    private let belongsToUnit: Bool

    private init(channel: any Channel, path: String?, handed: HandedSocket? = nil) {
        self.channel = channel
        self.path = path
        removesFile = Mutex(handed == nil)
        belongsToUnit = handed.map { !$0.isKept } ?? false
    }

    /// `host:port`, or the path of a Unix socket.
    public var address: String {
        if let path { return path }
        guard let endpoint = channel.localAddress?.endpoint else { return "?" }
        return "\(Host.address(endpoint.address)):\(endpoint.port)"
    }

    /// The port, or `nil` for a Unix socket.
    public var port: UInt16? { channel.localAddress?.endpoint?.port }

    /// Stops accepting, and removes a Unix socket's file unless the socket lives on elsewhere.
    public func close() async {
        try? await channel.close()
        if let path, removesFile.withLock({ $0 }) { unlink(path) }
    }

    /// Makes a second descriptor of the socket, with which it lives on after ``close()``.
    ///
    /// - Returns: `nil` when it is closed already, or belongs to a socket unit, which keeps it anyway.
    public func keep() async -> CInt? {
        guard !belongsToUnit else { return nil }
        let copy = try? await channel.eventLoop.submit { [channel] in
            try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                fcntl($0, F_DUPFD_CLOEXEC, 0)
            }
        }.get()
        guard let copy, copy >= 0 else { return nil }
        removesFile.withLock { $0 = false }
        return copy
    }

    /// Accepts at a socket that was handed over and already listens.
    public static func take(
        _ socket: HandedSocket, path: String? = nil, on group: any EventLoopGroup,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> BoundListener {
        let channel = try await bootstrap(group, initializer).withBoundSocket(socket.descriptor).get()
        // NIO listens again, with a backlog of its own choice.
        guard listen(socket.descriptor, backlog) == 0 else {
            let code = errno
            try? await channel.close()
            throw ListenError.backlog("\(socket.address)", errno: code)
        }
        return BoundListener(channel: channel, path: path, handed: socket)
    }

    /// Binds a TCP address.
    ///
    /// - Parameter initializer: Builds the pipeline of each accepted connection, on its loop.
    public static func bind(
        tcp address: SocketAddress, on group: any EventLoopGroup,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> BoundListener {
        let channel = try await bootstrap(group, initializer)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(to: address).get()
        return BoundListener(channel: channel, path: nil)
    }

    /// Binds a Unix socket.
    ///
    /// The socket is made under a name of its own, gets owner and mode, and only then takes the final name, so that
    /// nobody can connect before the mode is right. A socket file left behind by a process that is gone is replaced; one
    /// that still answers is not.
    ///
    /// - Parameters:
    ///   - path: Where the socket appears; at most 100 bytes.
    ///   - mode: Its permission bits.
    ///   - owner: Its user, when the process may give it away.
    public static func bind(
        unix path: String, mode: mode_t, owner: uid_t? = nil, on group: any EventLoopGroup,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> BoundListener {
        guard path.utf8.count <= 100 else { throw ListenError.pathTooLong(path) }
        let bound = preparedPath(of: path)
        unlink(bound)
        guard await !isAnswered(path, on: group) else { throw ListenError.alreadyListening(path) }
        let channel = try await bootstrap(group, initializer).bind(unixDomainSocketPath: bound).get()
        guard chmod(bound, mode) == 0, owner.map({ chown(bound, $0, gid_t.max) == 0 }) ?? true,
            rename(bound, path) == 0
        else {
            let error = ListenError.ownership(path, errno: errno)
            try? await channel.close()
            unlink(bound)
            throw error
        }
        return BoundListener(channel: channel, path: path)
    }

    /// The name under which a Unix socket is made.
    static func preparedPath(of path: String) -> String { path + ".new" }

    private static func isAnswered(_ path: String, on group: any EventLoopGroup) async -> Bool {
        guard access(path, F_OK) == 0 else { return false }
        guard let channel = try? await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get() else {
            return false
        }
        try? await channel.close()
        return true
    }

    private static func bootstrap(
        _ group: any EventLoopGroup, _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: backlog)
            .childChannelInitializer { channel in
                RelayOptions.set(on: channel)
                return initializer(channel)
            }
    }
}

/// Why a listener could not be opened.
public enum ListenError: Error, CustomStringConvertible {
    /// A Unix socket's path does not fit into the kernel's structure.
    case pathTooLong(String)
    /// Another process listens there.
    case alreadyListening(String)
    /// Owner, mode or name of the socket could not be set.
    case ownership(String, errno: CInt)
    /// The kernel does not let connections wait at a socket that was handed over.
    case backlog(String, errno: CInt)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .pathTooLong(let path):
            "the socket path \(path) is longer than 100 bytes; choose a shorter directory"
        case .alreadyListening(let path):
            "another process already listens on \(path); stop it or choose another path"
        case .ownership(let path, let code):
            "owner and mode of \(path) could not be set: \(String(cString: strerror(code)))"
        case .backlog(let address, let code):
            "connections cannot wait at \(address): \(String(cString: strerror(code)))"
        }
    }
}
