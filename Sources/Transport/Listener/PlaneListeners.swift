// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision
package import Identity
package import NIOCore
internal import PKI
internal import Synchronization

/// The listeners of a data plane: each accepted connection becomes a ``Caller`` on its loop. Safe from any thread.
package final class PlaneListeners: Sendable {
    /// Builds the rest of a connection's pipeline, behind TLS where there is any, on the connection's loop.
    package typealias Accept = @Sendable (_ channel: any Channel, _ loop: Int, _ caller: Caller) throws -> Void

    private let loops: LoopGroup
    private let accept: Accept
    private let open = Mutex<[BoundListener]>([])

    /// Listens nowhere yet.
    package init(loops: LoopGroup, accept: @escaping Accept) {
        self.loops = loops
        self.accept = accept
    }

    /// Opens a listener, or goes on with the socket that was handed over for it.
    package func listen(on specification: ListenerSpecification) async throws -> BoundListener {
        let listener: BoundListener
        switch specification.address {
        case .tcp(let address):
            let initializer: @Sendable (any Channel) -> EventLoopFuture<Void> = { [self] channel in
                admit(channel, specification, fixed: .none)
            }
            listener =
                if let handed = specification.handed {
                    try await BoundListener.take(handed, on: loops.group, initializer: initializer)
                } else {
                    try await BoundListener.bind(tcp: address, on: loops.group, initializer: initializer)
                }
        case .unix(let path, let mode):
            let initializer: @Sendable (any Channel) -> EventLoopFuture<Void> = { [self] channel in
                guard let process = PeerCredentials.read(from: channel) else {
                    return channel.eventLoop.makeFailedFuture(ChannelError.connectPending)
                }
                return admit(channel, specification, fixed: .process(process), process: process)
            }
            listener =
                if let handed = specification.handed {
                    try await BoundListener.take(handed, path: path, on: loops.group, initializer: initializer)
                } else {
                    try await BoundListener.bind(unix: path, mode: mode, on: loops.group, initializer: initializer)
                }
        }
        open.withLock { $0.append(listener) }
        return listener
    }

    /// Opens the socket of one launch: whoever may connect there is the launched agent.
    ///
    /// The caller closes it when the launch is over; ``close()`` does not.
    ///
    /// - Parameters:
    ///   - identity: The launched agent.
    ///   - socketPath: Where the socket appears; mode 0600.
    ///   - uid: The user who launches; the socket is given to that user.
    ///   - launchUsers: The users whose processes may connect. The first that does is the only one from then on.
    ///   - task: The task that everything of the launch belongs to.
    ///   - accept: Builds the pipelines of its connections.
    package func openLaunch(
        _ identity: VerifiedIdentity, socketPath: String, uid: UInt32, launchUsers: ClosedRange<UInt32>,
        task: TaskContext?, accept: @escaping Accept
    ) async throws -> BoundListener {
        let peer = LaunchPeer(users: launchUsers)
        let specification = ListenerSpecification(
            address: .unix(path: socketPath, mode: 0o600), identification: .process)
        return try await BoundListener.bind(unix: socketPath, mode: 0o600, owner: uid, on: loops.group) {
            [self] channel in
            guard let process = PeerCredentials.read(from: channel), peer.admits(process) else {
                return channel.eventLoop.makeFailedFuture(ChannelError.inputClosed)
            }
            return admit(
                channel, specification, fixed: .launched(identity), process: process, task: task, accept: accept)
        }
    }

    /// Opens the socket of one client that brought its server along: nobody but that process may connect there.
    ///
    /// The caller closes it when the client is gone; ``close()`` does not.
    ///
    /// - Parameter socketPath: Where the socket appears; mode 0600, of the client's user.
    package func openAttached(_ server: AttachedServer, socketPath: String) async throws -> BoundListener {
        let specification = ListenerSpecification(
            address: .unix(path: socketPath, mode: 0o600), identification: [.process, .token], protocols: .http)
        return try await BoundListener.bind(unix: socketPath, mode: 0o600, owner: server.uid, on: loops.group) {
            [self] channel in
            guard let process = PeerCredentials.read(from: channel), process.pid == server.pid,
                process.uid == server.uid
            else { return channel.eventLoop.makeFailedFuture(ChannelError.inputClosed) }
            return admit(
                channel, specification, fixed: .process(process), process: process, attached: server)
        }
    }

    /// Closes what ``listen(on:)`` opened; connections stay.
    package func close() async {
        let listeners = open.withLock { open in
            defer { open.removeAll() }
            return open
        }
        for listener in listeners { await listener.close() }
    }

    private func admit(
        _ channel: any Channel, _ specification: ListenerSpecification, fixed: Caller.Evidence,
        process: ProcessCredentials? = nil, task: TaskContext? = nil, attached: AttachedServer? = nil,
        accept: Accept? = nil
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard let index = loops.index(of: channel.eventLoop) else { throw ChannelError.unknownLocalAddress }
            let source: Source =
                if let endpoint = channel.remoteAddress?.endpoint {
                    .tcp(endpoint.address, port: endpoint.port)
                } else if let process {
                    .process(pid: process.pid, uid: process.uid, gid: process.gid)
                } else {
                    .unknown
                }
            var evidence = fixed
            if let tls = specification.tls {
                let (security, client) = try tls.connection()
                try channel.pipeline.syncOperations.addHandler(security)
                if case .none = fixed { evidence = .certificate(ClientCertificate(client, of: tls)) }
            }
            let caller = Caller(
                source: source, identification: specification.identification, protocols: specification.protocols,
                fixed: evidence, isEncrypted: specification.tls != nil,
                establishedAt: loops.clock.wall(), task: task, attached: attached)
            try (accept ?? self.accept)(channel, index, caller)
        }
    }
}
