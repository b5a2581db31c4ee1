// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
public import Identity
internal import NIOCore
internal import PKI
public import Resolver
internal import Synchronization
public import Transport

/// The forward proxy: HTTP `CONNECT`, absolute-form HTTP/1.1 and SOCKS5, over TCP and Unix sockets.
///
/// Order of every request: parse strictly, identify, decide on the name, resolve, judge every address, check the TLS
/// server name where the grant asks for it, record, dial the judged address, relay.
public final class EgressPlane: Sendable {
    private let loops: LoopGroup
    private let shared: PlaneShared
    private let state: Mutex<State>

    private struct State {
        var settings: EgressSettings
        var listeners: [BoundListener] = []
    }

    private let perLoop: [LoopBound<EgressLoop>]

    /// Makes the plane; it listens nowhere yet.
    ///
    /// - Parameters:
    ///   - resolver: Looks names up, after the verdict.
    ///   - dialer: Opens connections to judged addresses.
    ///   - isAuditAvailable: Whether records can be written at this moment.
    public init(
        loops: LoopGroup, authorizer: Authorizer, registry: Registry, resolver: any NameResolver, dialer: Dialer,
        settings: EgressSettings, isAuditAvailable: @escaping @Sendable () -> Bool
    ) {
        self.loops = loops
        let shared = PlaneShared(
            authorizer: authorizer, registry: registry, resolver: resolver, dialer: dialer,
            isAuditAvailable: isAuditAvailable)
        self.shared = shared
        state = Mutex(State(settings: settings))
        perLoop = loops.mapContexts { context in
            LoopBound(EgressLoop(context: context, shared: shared, settings: settings), on: context.eventLoop)
        }
    }

    /// Opens a listener.
    public func listen(on specification: ListenerSpecification) async throws -> BoundListener {
        let listener: BoundListener
        switch specification.address {
        case .tcp(let address):
            listener = try await BoundListener.bind(tcp: address, on: loops.group) { [self] channel in
                accept(channel, specification, fixed: .none)
            }
        case .unix(let path, let mode):
            listener = try await BoundListener.bind(unix: path, mode: mode, on: loops.group) { [self] channel in
                guard let process = PeerCredentials.read(from: channel) else {
                    return channel.eventLoop.makeFailedFuture(ChannelError.connectPending)
                }
                return accept(channel, specification, fixed: .process(process))
            }
        }
        state.withLock { $0.listeners.append(listener) }
        return listener
    }

    /// Opens the socket of one launch: whoever may connect there is the launched agent.
    ///
    /// - Parameters:
    ///   - identity: The launched agent.
    ///   - socketPath: Where the socket appears; mode 0600.
    ///   - uid: The user who launches; the socket is given to that user.
    ///   - launchUsers: The users whose processes may connect. The first that does is the only one from then on.
    ///   - task: The task that everything of the launch belongs to.
    public func openLaunch(
        _ identity: VerifiedIdentity, socketPath: String, uid: UInt32, launchUsers: ClosedRange<UInt32>,
        task: TaskContext? = nil
    ) async throws -> BoundListener {
        let peer = LaunchPeer(users: launchUsers)
        let specification = ListenerSpecification(
            address: .unix(path: socketPath, mode: 0o600), identification: .process)
        return try await BoundListener.bind(unix: socketPath, mode: 0o600, owner: uid, on: loops.group) {
            [self] channel in
            guard let process = PeerCredentials.read(from: channel), peer.admits(process) else {
                return channel.eventLoop.makeFailedFuture(ChannelError.inputClosed)
            }
            return accept(channel, specification, fixed: .launched(identity), process: process, task: task)
        }
    }

    /// Applies new limits to connections from now on, and closes unused upstream connections.
    public func update(settings: EgressSettings) {
        state.withLock { $0.settings = settings }
        for loop in perLoop { loop.run { $0.apply(settings) } }
    }

    /// Connections open at this moment.
    public var openConnections: Int { shared.openConnections }

    /// Stops accepting, lets what is open finish, and cuts the rest when `grace` is over.
    public func drain(grace: Duration) async {
        shared.startDraining()
        let listeners = state.withLock { state in
            defer { state.listeners.removeAll() }
            return state.listeners
        }
        for listener in listeners { await listener.close() }
        for loop in perLoop { loop.run { $0.upstreams.closeIdle() } }
        let clock = ContinuousClock()
        let end = clock.now + grace
        while shared.registry.count > 0, clock.now < end {
            try? await Task.sleep(for: .milliseconds(20))
        }
        shared.registry.cut(where: { $0.facts.plane == .egress }, CutReason(.draining))
    }

    private func accept(
        _ channel: any Channel, _ specification: ListenerSpecification, fixed: Caller.Evidence,
        process: ProcessCredentials? = nil, task: TaskContext? = nil
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard let index = loops.index(of: channel.eventLoop) else { throw ChannelError.unknownLocalAddress }
            let source: Source
            if let endpoint = channel.remoteAddress?.endpoint {
                source = .tcp(endpoint.address, port: endpoint.port)
            } else if case .process(let credentials) = fixed {
                source = .process(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid)
            } else if let process {
                source = .process(pid: process.pid, uid: process.uid, gid: process.gid)
            } else {
                source = .unknown
            }
            var evidence = fixed
            if let tls = specification.tls {
                let (security, client) = try tls.connection()
                try channel.pipeline.syncOperations.addHandler(security)
                if case .none = fixed { evidence = .certificate(ClientCertificate(client, of: tls)) }
            }
            let caller = Caller(
                source: source, identification: specification.identification, protocols: specification.protocols,
                fixed: evidence, task: task)
            let handler = ProxyConnection(loop: perLoop[index].unwrapped, caller: caller)
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }
}
