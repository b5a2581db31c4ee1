// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
internal import NIOCore
internal import NIOHTTP2
internal import NIOTLS
internal import PKI
internal import Protocols
public import Resolver
internal import Synchronization
public import Transport

/// The identity-aware reverse proxy in front of named services: HTTP/1.1 and HTTP/2, over TLS with client certificates,
/// TCP and Unix sockets.
///
/// Order of every request: parse strictly, identify, find the service, read what it asks for, decide, resolve, judge every
/// address, record, dial the judged address, add the credential, forward what was judged.
public final class ServicePlane: Sendable {
    private let loops: LoopGroup
    private let shared: PlaneShared
    private let core: ServiceCore
    private let listeners = Mutex<[BoundListener]>([])
    private let perLoop: [LoopBound<ServiceLoop>]

    /// Makes the plane; it listens nowhere yet and has no services.
    ///
    /// - Parameters:
    ///   - resolver: Looks names up, after the verdict.
    ///   - dialer: Opens connections to judged addresses.
    ///   - now: Unix seconds.
    ///   - isAuditAvailable: Whether records can be written at this moment.
    public init(
        loops: LoopGroup, authorizer: Authorizer, registry: Registry, resolver: any NameResolver, dialer: Dialer,
        settings: ServiceSettings, now: @escaping @Sendable () -> Int64,
        isAuditAvailable: @escaping @Sendable () -> Bool
    ) {
        self.loops = loops
        let shared = PlaneShared(
            authorizer: authorizer, registry: registry, resolver: resolver, dialer: dialer,
            isAuditAvailable: isAuditAvailable)
        let core = ServiceCore(sessions: MCPSessions(now: now))
        self.shared = shared
        self.core = core
        perLoop = loops.mapContexts { context in
            LoopBound(
                ServiceLoop(context: context, shared: shared, core: core, settings: settings), on: context.eventLoop)
        }
    }

    /// Serves these services from now on. Requests under way keep what they began with.
    public func serve(_ services: [ServiceDescription]) {
        core.replace(services)
        for loop in perLoop { loop.run { $0.upstreams.closeIdle() } }
    }

    /// Applies new limits to connections from now on, and closes unused upstream connections.
    public func update(settings: ServiceSettings) {
        for loop in perLoop { loop.run { $0.apply(settings) } }
    }

    /// Connections open at this moment.
    public var openConnections: Int { shared.openConnections }

    /// Forgets what tasks have seen; they are over.
    public func forget(_ tasks: [TaskID]) {
        for task in tasks { core.book.forget(.task(task)) }
    }

    /// Takes the tools of a service into use as their server defined them last; an operator asks for it.
    ///
    /// - Returns: How many tools could be, or `nil` when no such service speaks MCP.
    public func approveTools(of service: String) -> Int? {
        core.table.service(named: Array(service.utf8))?.tools?.approveAll()
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
        listeners.withLock { $0.append(listener) }
        return listener
    }

    /// Stops accepting, lets what is open finish, and cuts the rest when `grace` is over.
    public func drain(grace: Duration) async {
        shared.startDraining()
        let open = listeners.withLock { open in
            defer { open.removeAll() }
            return open
        }
        for listener in open { await listener.close() }
        for loop in perLoop {
            loop.run { loop in
                loop.upstreams.closeIdle()
                for connection in loop.multiplexed.values { connection.drain() }
            }
        }
        let clock = ContinuousClock()
        let end = clock.now + grace
        while shared.registry.all().contains(where: { $0.facts.plane == .service }), clock.now < end {
            try? await Task.sleep(for: .milliseconds(20))
        }
        shared.registry.cut(where: { $0.facts.plane == .service }, CutReason(.draining))
    }

    private func accept(
        _ channel: any Channel, _ specification: ListenerSpecification, fixed: Caller.Evidence
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard let index = loops.index(of: channel.eventLoop) else { throw ChannelError.unknownLocalAddress }
            let loop = perLoop[index].unwrapped
            var evidence = fixed
            if let tls = specification.tls {
                let (security, client) = try tls.connection()
                try channel.pipeline.syncOperations.addHandler(security)
                if case .none = fixed { evidence = .certificate(ClientCertificate(client, of: tls)) }
            }
            let caller = ServiceCaller(
                Caller(
                    source: Self.source(of: channel, fixed), identification: specification.identification,
                    protocols: specification.protocols, fixed: evidence))
            guard specification.tls != nil else {
                try Self.speak(.fallback, on: channel, loop, caller)
                return
            }
            let watch = HandshakeWatch(loop: loop)
            let bound = LoopBound(watch, on: channel.eventLoop)
            try channel.pipeline.syncOperations.addHandler(watch)
            try channel.pipeline.syncOperations.addHandler(
                ApplicationProtocolNegotiationHandler { result, channel in
                    channel.eventLoop.makeCompletedFuture {
                        channel.pipeline.syncOperations.removeHandler(bound.unwrapped, promise: nil)
                        try Self.speak(result, on: channel, loop, caller)
                    }
                })
        }
    }

    private static func speak(
        _ result: ALPNResult, on channel: any Channel, _ loop: ServiceLoop, _ caller: ServiceCaller
    ) throws {
        guard case .negotiated("h2") = result else {
            let isOpen = if case .fallback = result, !caller.hasCertificate { true } else { false }
            let connection = HTTP1Connection(
                loop: loop, caller: caller,
                multiplex: isOpen ? { try Self.speak(.negotiated("h2"), on: $0, loop, caller) } : nil)
            try channel.pipeline.syncOperations.addHandler(connection)
            return
        }
        guard loop.shared.enter(limit: loop.settings.connections) else {
            channel.close(promise: nil)
            return
        }
        var limits = HTTP2Limits()
        limits.heads = loop.settings.http
        let connection = try HTTP2Connection.install(
            on: channel, limits: limits, loop: loop.context, clock: loop.context.clock
        ) { stream in
            loop.shared.isDraining ? nil : ServiceExchange(loop: loop, caller: caller, stream: stream)
        }
        let key = ObjectIdentifier(connection)
        loop.multiplexed[key] = connection
        channel.closeFuture.assumeIsolated().whenComplete { _ in
            loop.multiplexed[key] = nil
            loop.shared.leave()
        }
    }

    private static func source(of channel: any Channel, _ evidence: Caller.Evidence) -> Source {
        if let endpoint = channel.remoteAddress?.endpoint { return .tcp(endpoint.address, port: endpoint.port) }
        guard case .process(let process) = evidence else { return .unknown }
        return .process(pid: process.pid, uid: process.uid, gid: process.gid)
    }
}
