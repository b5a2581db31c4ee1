// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import NIOCore
import NIOPosix
import NIOSSL
import PKI

/// A client of a test, which presents whatever it is told to.
final class TLSCaller: Sendable {
    private let channel: any Channel
    private let answers: Answers

    /// Connects.
    ///
    /// - Parameter leaf: What is presented; nothing without it.
    convenience init(_ port: Int, as leaf: TestAuthority.Leaf?, maximum: TLSVersion = .tlsv13) async throws {
        let key = try leaf.map { try NIOSSLPrivateKey(bytes: $0.pkcs8, format: .der) }
        let context = try Self.context(of: leaf, key: key, maximum: maximum)
        try await self.init(port) { try NIOSSLClientHandler(context: context, serverHostname: nil) }
    }

    init(_ port: Int, handler: @escaping @Sendable () throws -> NIOSSLClientHandler) async throws {
        let answers = Answers()
        self.answers = answers
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(20))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([try handler(), answers])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    /// Sends a line and waits for the answer; nil when the connection ends instead.
    func ask() async -> String? {
        let promise = channel.eventLoop.makePromise(of: String?.self)
        channel.eventLoop.execute { [answers, channel] in
            answers.waiting.append(promise)
            guard channel.isActive else { return answers.finish() }
            channel.writeAndFlush(ByteBuffer(string: "hello\n"), promise: nil)
        }
        let timeout = channel.eventLoop.scheduleTask(in: .seconds(20)) { [channel] in channel.close(promise: nil) }
        defer { timeout.cancel() }
        return try? await promise.futureResult.get()
    }

    func close() async { try? await channel.close().get() }

    /// Connects with a certificate whose key is somebody else's, asks once and closes.
    static func ask(_ port: Int, withoutKeyOf leaf: TestAuthority.Leaf) async -> String? {
        guard let context = try? Self.context(of: leaf, key: NIOSSLPrivateKey(customPrivateKey: WrongKey())),
            let caller = try? await TLSCaller(
                port, handler: { try NIOSSLClientHandler(context: context, serverHostname: nil) })
        else { return "no connection" }
        let answer = await caller.ask()
        await caller.close()
        return answer
    }

    private static func context(
        of leaf: TestAuthority.Leaf?, key: NIOSSLPrivateKey?, maximum: TLSVersion = .tlsv13
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.maximumTLSVersion = maximum
        configuration.applicationProtocols = ["http/1.1"]
        configuration.certificateChain =
            try leaf?.chain.map { .certificate(try NIOSSLCertificate(bytes: $0, format: .der)) } ?? []
        configuration.privateKey = key.map { .privateKey($0) }
        return try NIOSSLContext(configuration: configuration)
    }

    /// Connects, asks once and closes; nil when there is no answer.
    static func ask(_ port: Int, through tls: SVIDClientTLS, serverName: String? = nil) async -> String? {
        guard
            let caller = try? await TLSCaller(port, handler: { try tls.connection(serverName: serverName).handler })
        else { return nil }
        let answer = await caller.ask()
        await caller.close()
        return answer
    }

    /// Connects, asks once and closes; nil when there is no answer.
    static func ask(_ port: Int, as leaf: TestAuthority.Leaf?, maximum: TLSVersion = .tlsv13) async -> String? {
        guard let caller = try? await TLSCaller(port, as: leaf, maximum: maximum) else { return nil }
        let answer = await caller.ask()
        await caller.close()
        return answer
    }

    // Unchecked: used on the channel's event loop only.
    private final class Answers: ChannelInboundHandler, @unchecked Sendable {
        typealias InboundIn = ByteBuffer

        var waiting: [EventLoopPromise<String?>] = []
        private var received = ""

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            while let end = received.firstIndex(of: "\n") {
                let line = String(received[..<end])
                received.removeSubrange(...end)
                if !waiting.isEmpty { waiting.removeFirst().succeed(line) }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelInactive(context: ChannelHandlerContext) { finish() }

        func finish() {
            for promise in waiting { promise.succeed(nil) }
            waiting = []
        }
    }
}

/// A key of which only the certificate is known: what it signs is a signature of nothing.
private struct WrongKey: NIOSSLCustomPrivateKey, Hashable {
    var signatureAlgorithms: [SignatureAlgorithm] { [.ecdsaSecp256R1Sha256] }
    var derBytes: [UInt8] { [] }

    func sign(channel: any Channel, algorithm: SignatureAlgorithm, data: ByteBuffer) -> EventLoopFuture<ByteBuffer> {
        channel.eventLoop.makeSucceededFuture(ByteBuffer(bytes: [0x30, 6, 2, 1, 1, 2, 1, 1]))
    }

    func decrypt(channel: any Channel, data: ByteBuffer) -> EventLoopFuture<ByteBuffer> {
        channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
    }
}
