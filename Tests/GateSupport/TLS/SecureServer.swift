// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A TLS server on loopback that answers each request with bytes from a script.
package final class SecureServer: Sendable {
    /// What is sent for a request, and whether the connection is closed then.
    package struct Answer: Sendable {
        let bytes: [UInt8]
        let closes: Bool

        /// A response with a body and its length.
        package static func ok(_ body: String = "{}", fields: String = "") -> Answer {
            Answer("HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")
        }

        /// A redirect.
        package static func redirect(_ location: String, status: Int = 302) -> Answer {
            Answer("HTTP/1.1 \(status) Elsewhere\r\nlocation: \(location)\r\ncontent-length: 0\r\n\r\n")
        }

        /// These bytes.
        package init(_ text: String, closes: Bool = true) {
            bytes = Array(text.utf8)
            self.closes = closes
        }
    }

    /// Where it listens.
    package let port: UInt16
    private let listener: any Channel
    private let received: Received

    /// Everything that was asked, one text a request.
    package var requests: [String] { received.texts.withLock { $0 } }

    fileprivate final class Received: Sendable {
        let texts = Mutex<[String]>([])
    }

    /// Starts to listen.
    package init(_ leaf: TestAuthority.Leaf, _ answer: @escaping @Sendable (String) -> Answer) async throws {
        let received = Received()
        self.received = received
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(leaf.certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(leaf.key.utf8), format: .pem)))
        configuration.applicationProtocols = ["http/1.1"]
        let context = try NIOSSLContext(configuration: configuration)
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: context), ScriptedReply(received: received, answer: answer),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = UInt16(listener.localAddress?.port ?? 0)
    }

    /// Stops listening.
    package func stop() async { try? await listener.close() }
}

private final class ScriptedReply: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let received: SecureServer.Received
    private let answer: @Sendable (String) -> SecureServer.Answer
    private var text = ""

    init(received: SecureServer.Received, answer: @escaping @Sendable (String) -> SecureServer.Answer) {
        self.received = received
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
        guard text.contains("\r\n\r\n") else { return }
        received.texts.withLock { $0.append(text) }
        let answer = answer(text)
        text = ""
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer.bytes)), promise: nil)
        if answer.closes { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
