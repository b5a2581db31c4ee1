// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
package import NIOCore
internal import NIOHTTP2
internal import NIOTLS
internal import Protocols
public import Resolver
public import Transport

/// The identity-aware reverse proxy in front of named services: HTTP/1.1 and HTTP/2, over TLS with client certificates,
/// TCP and Unix sockets.
///
/// Order of every request: parse strictly, identify, find the service, read what it asks for, decide, resolve, judge every
/// address, record, dial the judged address, add the credential, forward what was judged.
public final class ServicePlane: Sendable {
    let shared: PlaneShared
    let core: ServiceCore
    private let listeners: PlaneListeners
    private let perLoop: [LoopBound<ServiceLoop>]
    /// On the first loop.
    private let health: LoopBound<HealthChecks>?

    /// Makes the plane; it listens nowhere yet and has no services.
    ///
    /// - Parameters:
    ///   - resolver: Looks names up, after the verdict.
    ///   - dialer: Opens connections to judged addresses.
    ///   - approvals: The questions to people about calls that are held.
    ///   - now: Unix seconds.
    ///   - tools: What an earlier run left of the tools of MCP servers, by service.
    ///   - keeper: Where what is known of tools is kept; `nil` when it ends with this run.
    ///   - isAuditAvailable: Whether records can be written at this moment.
    ///   - signer: Signs what the gate says of services, such as agents' cards: bytes to the compact form of a JWS.
    ///   - judge: Judges the signed tokens that agents bring; `nil` where none count.
    ///   - leaks: Looks for what must not get out.
    public init(
        loops: LoopGroup, authorizer: Authorizer, registry: Registry, resolver: any NameResolver, dialer: Dialer,
        settings: ServiceSettings, approvals: Approvals = Approvals(), now: @escaping @Sendable () -> Int64,
        tools: [String: [MCPToolRecord]] = [:], keeper: (any MCPToolKeeper)? = nil,
        isAuditAvailable: @escaping @Sendable () -> Bool,
        signer: (@Sendable ([UInt8]) -> [UInt8]?)? = nil, judge: (any AccessTokenJudge)? = nil,
        leaks: LeakInspector = LeakInspector()
    ) {
        let shared = PlaneShared(
            authorizer: authorizer, registry: registry, resolver: resolver, dialer: dialer,
            isAuditAvailable: isAuditAvailable, leaks: leaks)
        let core = ServiceCore(
            sessions: MCPSessions(now: now), approvals: approvals, tools: MCPToolStates(kept: tools, keeper: keeper),
            loops: loops.count, signer: signer, judge: judge)
        self.shared = shared
        self.core = core
        var count = 0
        var health: LoopBound<HealthChecks>?
        let perLoop = loops.mapContexts { context in
            defer { count += 1 }
            let loop = ServiceLoop(context: context, index: count, shared: shared, core: core, settings: settings)
            if count == 0 { health = LoopBound(HealthChecks(on: loop), on: context.eventLoop) }
            return LoopBound(loop, on: context.eventLoop)
        }
        self.perLoop = perLoop
        self.health = health
        listeners = PlaneListeners(loops: loops) { channel, index, caller in
            try Self.accept(channel, perLoop[index].unwrapped, ServiceCaller(caller))
        }
    }

    /// Serves these services from now on. Requests under way keep what they began with.
    public func serve(_ services: [ServiceDescription]) {
        core.replace(services)
        let table = core.table
        health?.run { $0.ask(table.all) }
        for loop in perLoop { loop.run { $0.closeIdle() } }
    }

    /// Applies new limits to connections from now on, and closes unused upstream connections.
    public func update(settings: ServiceSettings) {
        for loop in perLoop { loop.run { $0.apply(settings) } }
    }

    /// How the endpoints fare of each service that has several, by name.
    public func endpointReports() async -> [(service: String, endpoints: [EndpointReport])] {
        guard let loop = perLoop.first else { return [] }
        let services = core.table.all.sorted { $0.name < $1.name }
        return await withCheckedContinuation { waiting in
            loop.run { loop in
                let now = loop.now
                waiting.resume(
                    returning: services.compactMap { service in
                        service.endpoints.map { endpoints in
                            (service.name, endpoints.all.map { $0.state.report(of: $0.name, at: now) })
                        }
                    })
            }
        }
    }

    /// Connections open at this moment.
    public var openConnections: Int { shared.openConnections }

    /// Forgets what tasks have seen; they are over.
    public func forget(_ tasks: [TaskID]) {
        for task in tasks { core.book.forget(.task(task)) }
    }

    /// Forgets what tasks have seen that are over by the clock, and what agents have seen that rest.
    public func forgetEnded(at time: Int64) { core.book.forgetEnded(at: time) }

    /// How many tasks, and agents without a task, are followed.
    public var followed: Int { core.book.count }

    /// Opens a listener.
    public func listen(on specification: ListenerSpecification) async throws -> BoundListener {
        try await listeners.listen(on: specification)
    }

    /// Opens the socket of one client that brought its server along.
    ///
    /// - Parameter socketPath: Where the socket appears; mode 0600, of the client's user.
    public func openAttached(_ server: AttachedServer, socketPath: String) async throws -> BoundListener {
        try await listeners.openAttached(server, socketPath: socketPath)
    }

    /// Stops accepting, lets what is open finish, and cuts the rest when `grace` is over.
    public func drain(grace: Duration) async {
        await listeners.close()
        await shared.startDraining(grace: grace)
        health?.run { $0.stop() }
        // Nobody will answer in the time that is left.
        shared.registry.cut(
            where: { $0.facts.plane == .service && $0.isHeld },
            CutReason(.draining, detail: "the gate is stopping; ask again after its restart"))
        for loop in perLoop {
            loop.run { loop in
                loop.closeIdle()
                for connection in loop.multiplexed.values { connection.drain() }
            }
        }
        await shared.drain(.service, grace: grace)
    }

    private static func accept(_ channel: any Channel, _ loop: ServiceLoop, _ caller: ServiceCaller) throws {
        guard caller.caller.isEncrypted else { return try speak(.fallback, on: channel, loop, caller) }
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

    /// Serves a connection that another plane accepted on one of the same event loops.
    package func adopt(_ channel: any Channel, loop: Int, _ caller: Caller) throws {
        try Self.speak(.fallback, on: channel, perLoop[loop].unwrapped, ServiceCaller(caller))
    }

    private static func speak(
        _ result: ALPNResult, on channel: any Channel, _ loop: ServiceLoop, _ caller: ServiceCaller
    ) throws {
        guard case .negotiated("h2") = result else {
            let isOpen = if case .fallback = result, !caller.caller.isEncrypted { true } else { false }
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
}
