// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import PKI

/// Bytes over TLS, and everything that comes back.
enum PlainTLS {
    static func exchange(port: UInt16, authority: [UInt8], _ request: [UInt8]) async throws -> String {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authority))
        let context = try NIOSSLContext(configuration: configuration)
        let done = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: String.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers([
                            NIOSSLClientHandler(context: context, serverHostname: "bundles.test"), Collector(done),
                        ])
                    }
                }
                .connect(host: "127.0.0.1", port: Int(port)).get()
        } catch {
            done.fail(error)
            throw error
        }
        channel.writeAndFlush(ByteBuffer(bytes: request), promise: nil)
        return try await done.futureResult.get()
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let done: EventLoopPromise<String>
    private var text = ""

    init(_ done: EventLoopPromise<String>) { self.done = done }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { text += String(buffer: unwrapInboundIn(data)) }

    func channelInactive(context: ChannelHandlerContext) {
        if text.isEmpty { done.fail(ChannelError.eof) } else { done.succeed(text) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if text.isEmpty { done.fail(error) }
        context.close(promise: nil)
    }
}

/// A TLS connection between two identities.
enum Handshake {
    /// - Returns: Whom the client and the server took each other for.
    static func run(_ client: SVIDClientTLS, _ server: SVIDServerTLS) async throws -> (SPIFFEID?, SPIFFEID?) {
        let group = MultiThreadedEventLoopGroup.singleton
        let accepted = group.next().makePromise(of: (any Channel).self)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try server.add(to: channel)
                    accepted.succeed(channel)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let finished = group.next().makePromise(of: Void.self)
        let connection = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (handler, peer) = try client.connection(serverName: nil)
                    try channel.pipeline.syncOperations.addHandlers([handler, peer, HandshakeEnd(finished)])
                }
            }
            .connect(to: listener.localAddress ?? SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
        try await finished.futureResult.get()
        let peer = try await accepted.futureResult.get()
        let seenByClient = try await connection.eventLoop.submit { TLSPeer.of(connection)?.identity?.id }.get()
        var seenByServer: SPIFFEID?
        // The server finishes after the client.
        for _ in 0..<1000 where seenByServer == nil {
            seenByServer = try await peer.eventLoop.submit { TLSPeer.of(peer)?.identity?.id }.get()
        }
        try await connection.close()
        try await listener.close()
        return (seenByClient, seenByServer)
    }
}

private final class HandshakeEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let finished: EventLoopPromise<Void>

    init(_ finished: EventLoopPromise<Void>) { self.finished = finished }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { finished.succeed() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finished.fail(error)
        context.close(promise: nil)
    }
}
