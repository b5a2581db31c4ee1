// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import GRPCClient
internal import NIOCore
internal import NIOHTTP2
public import NIOPosix
internal import NIOSSL
internal import PKI
internal import SwiftProtobuf

/// One connection to one member of an etcd cluster, with all its calls.
public struct EtcdConnection: Sendable {
    /// The member.
    public let endpoint: EtcdEndpoint
    let limits: EtcdLimits
    private let scheme: String
    private let channel: any Channel
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer

    /// Connects. With TLS, etcd is known for what it is before the first request goes out.
    public static func open(
        _ endpoint: EtcdEndpoint, _ protection: EtcdProtection, limits: EtcdLimits = EtcdLimits(),
        on group: MultiThreadedEventLoopGroup = .singleton
    ) async throws(CallFailure) -> EtcdConnection {
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(.milliseconds(limits.connectMilliseconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        do {
            let (channel, multiplexer) = try await bootstrap.connect(host: endpoint.host, port: Int(endpoint.port)) {
                channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    switch protection {
                    case .none: break
                    case .names(let context):
                        try pipeline.addHandler(
                            NIOSSLClientHandler(
                                context: context, serverHostname: endpoint.isAddress ? nil : endpoint.host))
                    case .identities(let tls):
                        let (handler, _) = try tls.connection(serverName: endpoint.isAddress ? nil : endpoint.host)
                        try pipeline.addHandler(handler)
                    }
                    let multiplexer = try CallerConnection.add(
                        to: channel, metadataBytes: limits.metadataBytes, windowBytes: 1 << 20)
                    return (channel, multiplexer)
                }
            }
            let isPlain = if case .none = protection { true } else { false }
            return EtcdConnection(
                endpoint: endpoint, limits: limits, scheme: isPlain ? "http" : "https", channel: channel,
                multiplexer: multiplexer)
        } catch {
            throw .unreachable(CallFailure.legible("\(error)"))
        }
    }

    /// Closes the connection; calls that are under way fail.
    public func close() { channel.close(promise: nil) }

    /// Asks for one answer.
    func call<Response: Message>(
        _ method: EtcdMethod, _ request: some Message, for _: Response.Type
    ) async throws(CallFailure) -> Response {
        let (stream, messages) = try await start(method, request)
        defer { stream.close(promise: nil) }
        do {
            var response: Response?
            // The status comes after the message, and decides.
            for try await message in messages {
                response = try Response(serializedBytes: Array(message.readableBytesView))
            }
            // Whoever gave the call up hears nothing of its end.
            guard let response else { throw CallFailure.silent }
            return response
        } catch let failure as CallFailure {
            throw failure
        } catch {
            throw .broken("an answer that cannot be read")
        }
    }

    /// Opens a stream and sends its first message. The side of a watch that asks stays open: etcd ends it otherwise.
    func start(
        _ method: EtcdMethod, _ request: some Message
    ) async throws(CallFailure) -> (stream: any Channel, messages: AsyncThrowingStream<ByteBuffer, any Error>) {
        let (messages, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(limits.waitingMessages))
        do {
            let bytes: [UInt8] = try request.serializedBytes()
            let stream = try await multiplexer.createStreamChannel { [limits] stream in
                stream.eventLoop.makeCompletedFuture {
                    try stream.pipeline.syncOperations.addHandler(
                        ReplyHandler(
                            messages: continuation, expected: method.answers, largestMessage: limits.messageBytes))
                }
            }.get()
            stream.triggerUserOutboundEvent(
                ReplyHandler.Deadline(time: .milliseconds(limits.answerMilliseconds)), promise: nil)
            let call = CallRequest(
                method.rawValue, scheme: scheme, authority: endpoint.description, message: bytes,
                isLast: method != .watch)
            call.send(on: stream)
            return (stream, messages)
        } catch {
            throw .unreachable(CallFailure.legible("\(error)"))
        }
    }
}
