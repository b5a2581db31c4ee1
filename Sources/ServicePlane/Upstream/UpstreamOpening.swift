// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import NIOCore
import Transport

/// A connection to a service that may turn out to speak HTTP/2, while it is dialled and TLS says so. Requests for the same
/// destination join where it is known that one connection will carry them all.
final class UpstreamOpening: DeadlineWatched {
    private let loop: ServiceLoop
    private let key: UpstreamKey
    private let security: UpstreamSecurity
    /// Whether nothing but HTTP/2 will do; without TLS it is spoken without having been negotiated.
    private let needsHTTP2: Bool
    private var waiters: [ServiceExchange] = []
    private var deadline = Int64.max
    private var negotiation: UpstreamNegotiation?
    private var stands: (() -> Bool)?
    private var channel: (any Channel)?
    private var isOver = false
    var watchIndex = -1

    init(loop: ServiceLoop, key: UpstreamKey, security: UpstreamSecurity, needsHTTP2: Bool) {
        self.loop = loop
        self.key = key
        self.security = security
        self.needsHTTP2 = needsHTTP2
    }

    /// One more request waits for it.
    func join(_ exchange: ServiceExchange) { waiters.append(exchange) }

    /// Dials the addresses that were judged for the permit's destination.
    func dial(_ permit: consuming Permit, to addresses: [JudgedAddress], of facts: Facts) {
        loop.pending &+= 1
        loop.sessions.began(self, for: key)
        let bound = LoopBound(self, on: loop.eventLoop)
        loop.shared.dialer.dial(
            permit, to: addresses, on: loop.eventLoop, timeout: .nanoseconds(loop.settings.dialTime)
        ) { channel in
            channel.eventLoop.makeCompletedFuture { try bound.unwrapped.prepare(channel) }
        }.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let dialled): self.connected(dialled)
            case .failure(let error):
                self.fail(
                    DialFailure.describe(error, facts.destination, limit: "service_proxy.limits.dial_time"))
            }
        }
    }

    private func prepare(_ channel: any Channel) throws {
        let (tls, stands) = try security.handler()
        self.stands = stands
        guard let tls else { return }
        let negotiation = UpstreamNegotiation()
        try channel.pipeline.syncOperations.addHandlers([tls, negotiation])
        self.negotiation = negotiation
    }

    private func connected(_ dialled: Dialled) {
        channel = dialled.channel
        guard let negotiation else { return opened(dialled, isHTTP2: needsHTTP2) }
        deadline = loop.now &+ loop.settings.dialTime
        loop.context.watch(self)
        negotiation.whenDone { outcome in
            switch outcome {
            case .chosen(isHTTP2: false) where self.needsHTTP2:
                self.fail("the service does not speak HTTP/2, which services.<name>.http asks for")
                dialled.channel.close(promise: nil)
            case .chosen(let isHTTP2):
                self.opened(dialled, isHTTP2: isHTTP2)
                dialled.channel.pipeline.syncOperations.removeHandler(negotiation, promise: nil)
            case .failed:
                self.fail("TLS with the destination failed: it does not speak it, or its certificate is not accepted")
            }
        }
    }

    func sweep(now: Int64) {
        guard now >= deadline, let channel else { return }
        negotiation?.forget()
        fail("the service did not complete TLS within service_proxy.limits.dial_time")
        channel.close(promise: nil)
    }

    private func opened(_ dialled: Dialled, isHTTP2: Bool) {
        let waiting = finish().filter { $0.isWaiting(for: self) }
        do {
            if isHTTP2 {
                try openSession(dialled, for: waiting)
            } else {
                try openConnection(dialled, for: waiting)
            }
        } catch {
            dialled.channel.close(promise: nil)
            tell(waiting, "the connection could not be set up")
        }
    }

    private func openSession(_ dialled: Dialled, for waiting: [ServiceExchange]) throws {
        var limits = UpstreamLimits()
        limits.heads = loop.settings.http
        let session = UpstreamSession(
            key: key, address: dialled.address, limits: limits, loop: loop.context, stands: stands)
        try session.install(on: dialled.channel)
        loop.sessions.add(session)
        if let service = key.service { loop.multiplexedServices.insert(service) }
        for (index, exchange) in waiting.enumerated() {
            if session.isUsable {
                exchange.opened(.stream(session.makeStream(for: exchange)))
            } else if index == 0 {
                exchange.openingFailed("the service's certificate is not accepted any more", isFirst: true)
            } else {
                exchange.openAgain()
            }
        }
        if session.active == 0 { loop.sessions.becameIdle(session) }
    }

    private func openConnection(_ dialled: Dialled, for waiting: [ServiceExchange]) throws {
        if let service = key.service { loop.multiplexedServices.remove(service) }
        guard let first = waiting.first else { return dialled.channel.close(promise: nil) }
        let connection = UpstreamConnection(client: first, pool: loop.upstreams)
        try connection.install(on: dialled.channel)
        connection.stands = stands
        connection.address = dialled.address
        connection.key = key
        first.opened(.connection(connection))
        for exchange in waiting.dropFirst() { exchange.openAgain() }
    }

    private func fail(_ detail: String) {
        tell(finish().filter { $0.isWaiting(for: self) }, detail)
    }

    private func tell(_ waiting: [ServiceExchange], _ detail: String) {
        for (index, exchange) in waiting.enumerated() { exchange.openingFailed(detail, isFirst: index == 0) }
    }

    /// Nobody joins any more.
    private func finish() -> [ServiceExchange] {
        guard !isOver else { return [] }
        isOver = true
        loop.pending &-= 1
        loop.context.unwatch(self)
        loop.sessions.ended(self, for: key)
        defer { waiters.removeAll() }
        return waiters
    }
}
