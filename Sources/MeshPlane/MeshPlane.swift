// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
internal import Identity
internal import NIOCore
internal import NIOHTTP2
internal import Synchronization
public import Transport

/// Decisions for Envoys: external authorization (`envoy.service.auth.v3`) over gRPC, on TCP with certificates of both sides
/// and on a Unix socket.
///
/// Envoy carries the bytes. What it says of a request is believed because it has shown that it is one of the configured
/// Envoys; who asks is what it verified in TLS, and nothing that the request itself says.
public final class MeshPlane: Sendable {
    let core: MeshCore
    private let listeners: PlaneListeners

    /// Makes the plane; it listens nowhere yet.
    ///
    /// - Parameter isAuditAvailable: Whether records can be written at this moment.
    public init(
        loops: LoopGroup, authorizer: Authorizer, settings: MeshSettings,
        isAuditAvailable: @escaping @Sendable () -> Bool
    ) {
        let core = MeshCore(authorizer: authorizer, settings: settings, isAuditAvailable: isAuditAvailable)
        self.core = core
        let contexts = loops.mapContexts { LoopBound($0, on: $0.eventLoop) }
        listeners = PlaneListeners(loops: loops) { channel, index, caller in
            try Self.accept(channel, MeshConnection(core, contexts[index].unwrapped, caller))
        }
    }

    /// Applies other settings from the next request on.
    public func replace(_ settings: MeshSettings) { core.settings = settings }

    /// Opens a listener.
    public func listen(on specification: ListenerSpecification) async throws -> BoundListener {
        try await listeners.listen(on: specification)
    }

    /// Stops accepting and answers nothing more: Envoys refuse what they cannot ask about.
    public func close() async {
        core.close()
        await listeners.close()
    }

    private static func accept(_ channel: any Channel, _ connection: MeshConnection) throws {
        guard connection.mayStay, connection.core.enter(channel) else {
            channel.close(promise: nil)
            return
        }
        channel.closeFuture.whenComplete { [core = connection.core] _ in core.leave(channel) }
        var settings = NIOHTTP2Handler.ConnectionConfiguration()
        settings.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: MeshLimits.checksOfConnection),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 16 * 1024),
            HTTP2Setting(parameter: .enablePush, value: 0),
            HTTP2Setting(parameter: .initialWindowSize, value: 1 << 20),
        ]
        settings.maximumBufferedControlFrames = 1000
        let bound = LoopBound(connection, on: channel.eventLoop)
        let handler = NIOHTTP2Handler(
            mode: .server, eventLoop: channel.eventLoop, connectionConfiguration: settings,
            streamConfiguration: NIOHTTP2Handler.StreamConfiguration()
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(CheckStream(bound.unwrapped))
            }
        }
        try channel.pipeline.syncOperations.addHandlers([handler, ConnectionEnd()])
    }
}

/// How much Envoys may hold at once.
enum MeshLimits {
    /// Connections.
    static let connections = 1024
    /// Questions of one connection at one time.
    static let checksOfConnection = 4096
    /// A question, the body of its request with it, in bytes.
    static let requestBytes = 4 << 20
    /// Within which a question has to be complete.
    static let request = TimeAmount.seconds(10)
}

/// Closes a connection that broke the rules of HTTP/2 or TLS.
private final class ConnectionEnd: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// What all connections share. Safe from any thread.
final class MeshCore: Sendable {
    let authorizer: Authorizer
    let isAuditAvailable: @Sendable () -> Bool
    private let current: Mutex<MeshSettings>
    private let channels = Mutex<(open: [ObjectIdentifier: any Channel], isClosed: Bool)>(([:], false))

    init(authorizer: Authorizer, settings: MeshSettings, isAuditAvailable: @escaping @Sendable () -> Bool) {
        self.authorizer = authorizer
        self.isAuditAvailable = isAuditAvailable
        current = Mutex(settings)
    }

    /// The settings in force.
    var settings: MeshSettings {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// Whether questions are answered.
    var isServing: Bool { isAuditAvailable() && !channels.withLock { $0.isClosed } }

    func enter(_ channel: any Channel) -> Bool {
        channels.withLock { channels in
            guard !channels.isClosed, channels.open.count < MeshLimits.connections else { return false }
            channels.open[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    func leave(_ channel: any Channel) {
        channels.withLock { channels in _ = channels.open.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    func close() {
        let open = channels.withLock { channels in
            channels.isClosed = true
            return Array(channels.open.values)
        }
        for channel in open { channel.close(promise: nil) }
    }
}

/// One Envoy's connection. Used on its loop only.
final class MeshConnection {
    let core: MeshCore
    let context: LoopContext
    private let caller: Caller
    private var certificate: ClientCertificate?

    init(_ core: MeshCore, _ context: LoopContext, _ caller: Caller) {
        self.core = core
        self.context = context
        self.caller = caller
        if case .certificate(let certificate) = caller.fixed { self.certificate = certificate }
    }

    /// Unix seconds.
    var time: Int64 { context.clock.wall() / 1_000_000 }

    /// Whether the connection can be an Envoy's at all, before its handshake.
    var mayStay: Bool {
        switch caller.fixed {
        case .process(let process): core.settings.users.contains(process.uid)
        case .certificate: true
        case .none, .launched: false
        }
    }

    /// Whether the other end is a configured Envoy at this moment.
    func isEnvoy() -> Bool {
        switch caller.fixed {
        case .process(let process): return core.settings.users.contains(process.uid)
        case .certificate:
            guard let standing = certificate?.standing(at: time), core.settings.envoys.contains(standing.id) else {
                return false
            }
            let identity = VerifiedIdentity(proved: standing.id, by: .x509SVID, basis: standing.basis)
            return core.authorizer.snapshot.revocations.refusal(of: identity) == nil
        case .none, .launched: return false
        }
    }
}
