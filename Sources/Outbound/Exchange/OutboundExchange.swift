// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// One request to one place: the name, the verdict on its addresses, the connection, the answer. Everything happens on one
/// event loop, and whatever comes first decides: the answer, a failure, the deadline.
final class OutboundExchange: Sendable {
    private let client: OutboundClient
    private let request: OutboundRequest
    private let bytes: ByteBuffer
    private let loop: any EventLoop
    private let promise: EventLoopPromise<OutboundResponse>

    init(_ client: OutboundClient, _ request: OutboundRequest, on loop: any EventLoop) throws(OutboundError) {
        self.client = client
        self.request = request
        bytes = ByteBuffer(bytes: try request.head() + request.body)
        self.loop = loop
        promise = loop.makePromise()
    }

    func start(by deadline: NIODeadline) -> EventLoopFuture<OutboundResponse> {
        let timer = loop.scheduleTask(deadline: deadline) { [self] in fail(.timeout) }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        switch request.url.host {
        case .address(let address): judge(.success([address]))
        case .name(let name): client.lookup(name) { [self] result in loop.execute { [self] in judge(result) } }
        }
        return promise.futureResult
    }

    func cancel() { fail(.cancelled) }

    /// The first outcome counts; whatever still runs is ended by it.
    private func fail(_ error: OutboundError) { promise.fail(error) }

    private func judge(_ result: Result<[IPAddress], any Error>) {
        switch result {
        case .failure(let error): fail(.name(OutboundError.legible(error)))
        case .success(let addresses):
            switch client.addressGuard.judgeAll(addresses, host: request.url.host, port: request.url.port) {
            case .refused(let refusal): fail(.address(refusal))
            case .allowed(let judged): dial(judged.prefix(client.limits.addresses))
            }
        }
    }

    private func dial(_ addresses: ArraySlice<JudgedAddress>) {
        guard let first = addresses.first else { return fail(.unreachable("there is no address left to try")) }
        let target: SocketAddress
        do {
            target = try client.route(first)
        } catch {
            return fail(.unreachable(OutboundError.legible(error)))
        }
        ClientBootstrap(group: loop)
            .connectTimeout(client.limits.connect)
            .channelInitializer { [self] channel in open(channel) }
            .connect(to: target)
            .whenFailure { [self] error in
                let rest = addresses.dropFirst()
                guard rest.isEmpty else { return dial(rest) }
                fail(.unreachable(OutboundError.legible(error)))
            }
    }

    private func open(_ channel: any Channel) -> EventLoopFuture<Void> {
        // An exchange that is over leaves no connection behind.
        promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        guard request.url.isSecure else { return add(nil, to: channel) }
        let name: String? = if case .name(let name) = request.url.host { name.description } else { nil }
        let tls: NIOSSLClientHandler
        do {
            tls = try client.trust.handler(name)
        } catch {
            let failure = OutboundError.tls(OutboundError.legible(error))
            fail(failure)
            return channel.eventLoop.makeFailedFuture(failure)
        }
        return add(tls, to: channel)
    }

    private func add(_ tls: NIOSSLClientHandler?, to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let reader = ReplyReader(url: request.url, isGet: request.isGet, limits: client.limits)
            if let tls { try channel.pipeline.syncOperations.addHandler(tls) }
            try channel.pipeline.syncOperations.addHandler(
                OutboundHandler(request: bytes, reader: reader, promise: promise, isSecured: tls != nil))
        }
    }
}
