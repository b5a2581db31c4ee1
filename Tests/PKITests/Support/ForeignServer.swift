// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import NIOCore
import NIOPosix
import NIOSSL

/// A TLS server of somebody else: presents whatever it is told to, asks for nothing, and greets each line.
final class ForeignServer: Sendable {
    private let channel: any Channel

    init(_ leaf: TestAuthority.Leaf, maximum: TLSVersion = .tlsv13) async throws {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try leaf.chain.map { .certificate(try NIOSSLCertificate(bytes: $0, format: .der)) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: leaf.pkcs8, format: .der)))
        configuration.maximumTLSVersion = maximum
        let context = try NIOSSLContext(configuration: configuration)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([NIOSSLServerHandler(context: context), Greeter()])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func stop() async { try? await channel.close().get() }

    private final class Greeter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(NIOAny(ByteBuffer(string: "welcome\n")), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
