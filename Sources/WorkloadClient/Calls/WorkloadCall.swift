// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRPCClient
internal import Identity
internal import NIOCore
internal import NIOHTTP2
internal import NIOPosix

/// One call of the Workload API, on a connection of its own: what befalls one call is not felt by another.
struct WorkloadCall: Sendable {
    /// What the agent answers. Of messages that nobody has taken yet only the latest is kept: each one says everything.
    let messages: AsyncThrowingStream<ByteBuffer, any Error>
    private let connection: any Channel
    private let stream: any Channel

    /// Sends a request.
    static func open(
        _ method: WorkloadMethod, _ request: [UInt8], to socket: WorkloadSocket, limits: WorkloadClientLimits,
        on group: any EventLoopGroup
    ) async throws(CallFailure) -> WorkloadCall {
        let (messages, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        let connection: any Channel
        let multiplexer: NIOHTTP2Handler.StreamMultiplexer
        do {
            (connection, multiplexer) = try await connect(to: socket, limits: limits, on: group)
        } catch {
            throw .unreachable(CallFailure.legible("\(error)"))
        }
        do {
            let stream = try await multiplexer.createStreamChannel { stream in
                stream.eventLoop.makeCompletedFuture {
                    let handler = ReplyHandler(
                        messages: continuation, expected: method.answers, mayLose: true,
                        largestMessage: limits.messageBytes)
                    try stream.pipeline.syncOperations.addHandler(handler)
                }
            }.get()
            let call = WorkloadCall(messages: messages, connection: connection, stream: stream)
            call.expectNext(within: limits.answer)
            call.send(request, by: method)
            return call
        } catch {
            connection.close(promise: nil)
            throw .unreachable(CallFailure.legible("\(error)"))
        }
    }

    private static func connect(
        to socket: WorkloadSocket, limits: WorkloadClientLimits, on group: any EventLoopGroup
    ) async throws -> (any Channel, NIOHTTP2Handler.StreamMultiplexer) {
        let bootstrap = ClientBootstrap(group: group).connectTimeout(limits.connect)
        let open: @Sendable (any Channel) -> EventLoopFuture<(any Channel, NIOHTTP2Handler.StreamMultiplexer)> = {
            channel in
            channel.eventLoop.makeCompletedFuture {
                (channel, try CallerConnection.add(to: channel, metadataBytes: limits.metadataBytes))
            }
        }
        switch socket {
        case .unix(let path): return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: open)
        case .tcp(let address, let port):
            let address = try SocketAddress(ipAddress: "\(address)", port: Int(port))
            return try await bootstrap.connect(to: address, channelInitializer: open)
        }
    }

    private func send(_ request: [UInt8], by method: WorkloadMethod) {
        let call = CallRequest(
            method.path, scheme: "http", authority: "localhost", metadata: [("workload.spiffe.io", "true")],
            message: request)
        call.send(on: stream)
    }

    /// Ends the call unless another message arrives in time.
    func expectNext(within time: TimeAmount) {
        stream.triggerUserOutboundEvent(ReplyHandler.Deadline(time: time), promise: nil)
    }

    /// Gives the call up, and its connection with it.
    func close() { connection.close(promise: nil) }
}
