// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import Identity
import NIOCore
import NIOPosix
import NIOSSL
import PKI
import Synchronization

/// A listener of a test: answers each line with who the client is at that moment.
final class TLSListener: Sendable {
    private let channel: any Channel
    private let tls: SVIDServerTLS
    private let last: LastIdentity

    /// - Parameter group: Its event loops; those of all tests without it.
    init(_ tls: SVIDServerTLS, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) async throws {
        self.tls = tls
        let last = LastIdentity()
        self.last = last
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.backlog, value: 512)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try tls.add(to: channel)
                    try channel.pipeline.syncOperations.addHandler(Answers(tls, last))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    /// Who a client with this leaf is taken for.
    func identity(of leaf: TestAuthority.Leaf) async throws -> TLSPeerIdentity {
        guard await TLSCaller.ask(port, as: leaf) != nil, let identity = last.identity.withLock({ $0 }) else {
            throw ChannelError.eof
        }
        return identity
    }

    /// The client of the last request.
    private final class LastIdentity: Sendable {
        let identity = Mutex<TLSPeerIdentity?>(nil)
    }

    func stop() async { try? await channel.close().get() }

    private final class Answers: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let tls: SVIDServerTLS
        private let last: LastIdentity
        private var received: [UInt8] = []

        init(_ tls: SVIDServerTLS, _ last: LastIdentity) {
            self.tls = tls
            self.last = last
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += Array(unwrapInboundIn(data).readableBytesView)
            while let end = received.firstIndex(of: 10) {
                received.removeSubrange(...end)
                let identity = TLSPeer.of(context.channel)?.identity.flatMap { tls.standing(of: $0) }
                last.identity.withLock { $0 = identity }
                let answer = identity.map { "you are \($0.id)\n" } ?? "you are nobody\n"
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
