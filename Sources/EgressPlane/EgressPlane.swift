// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
package import Identity
internal import NIOCore
public import Resolver
public import Transport

/// The forward proxy: HTTP `CONNECT`, absolute-form HTTP/1.1 and SOCKS5, over TCP and Unix sockets.
///
/// Order of every request: parse strictly, identify, decide on the name, resolve, judge every address, check the TLS
/// server name where the grant asks for it, record, dial the judged address, relay.
public final class EgressPlane: Sendable {
    private let shared: PlaneShared
    private let listeners: PlaneListeners
    private let perLoop: [LoopBound<EgressLoop>]

    /// Makes the plane; it listens nowhere yet.
    ///
    /// - Parameters:
    ///   - resolver: Looks names up, after the verdict.
    ///   - dialer: Opens connections to judged addresses.
    ///   - isAuditAvailable: Whether records can be written at this moment.
    ///   - leaks: Looks for what must not get out.
    public init(
        loops: LoopGroup, authorizer: Authorizer, registry: Registry, resolver: any NameResolver, dialer: Dialer,
        settings: EgressSettings, isAuditAvailable: @escaping @Sendable () -> Bool,
        leaks: LeakInspector = LeakInspector()
    ) {
        let shared = PlaneShared(
            authorizer: authorizer, registry: registry, resolver: resolver, dialer: dialer,
            isAuditAvailable: isAuditAvailable, leaks: leaks)
        self.shared = shared
        let perLoop = loops.mapContexts { context in
            LoopBound(EgressLoop(context: context, shared: shared, settings: settings), on: context.eventLoop)
        }
        self.perLoop = perLoop
        listeners = PlaneListeners(loops: loops) { channel, index, caller in
            let handler = ProxyConnection(loop: perLoop[index].unwrapped, caller: caller)
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }

    /// Opens a listener.
    public func listen(on specification: ListenerSpecification) async throws -> BoundListener {
        try await listeners.listen(on: specification)
    }

    /// Opens the socket of one launch: whoever may connect there is the launched agent.
    ///
    /// - Parameters:
    ///   - identity: The launched agent.
    ///   - socketPath: Where the socket appears; mode 0600.
    ///   - uid: The user who launches; the socket is given to that user.
    ///   - launchUsers: The users whose processes may connect. The first that does is the only one from then on.
    ///   - task: The task that everything of the launch belongs to.
    ///   - direct: Takes over connections whose first request is not one for a proxy; without it they are refused.
    package func openLaunch(
        _ identity: VerifiedIdentity, socketPath: String, uid: UInt32, launchUsers: ClosedRange<UInt32>,
        task: TaskContext? = nil, direct: PlaneListeners.Accept? = nil
    ) async throws -> BoundListener {
        try await listeners.openLaunch(
            identity, socketPath: socketPath, uid: uid, launchUsers: launchUsers, task: task
        ) { [perLoop] channel, index, caller in
            let handler = ProxyConnection(loop: perLoop[index].unwrapped, caller: caller)
            if let direct {
                let front = DirectRequests(before: handler) { try direct($0, index, caller) }
                try channel.pipeline.syncOperations.addHandler(front)
            }
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }

    /// Applies new limits to connections from now on, and closes unused upstream connections.
    public func update(settings: EgressSettings) {
        for loop in perLoop { loop.run { $0.apply(settings) } }
    }

    /// Connections open at this moment.
    public var openConnections: Int { shared.openConnections }

    /// Whether no new request is taken.
    public var isDraining: Bool { shared.isDraining }

    /// Stops accepting, lets what is open finish, and cuts the rest when `grace` is over.
    public func drain(grace: Duration) async {
        await listeners.close()
        await shared.startDraining(grace: grace)
        for loop in perLoop { loop.run { $0.upstreams.closeIdle() } }
        await shared.drain(.egress, grace: grace)
    }
}
