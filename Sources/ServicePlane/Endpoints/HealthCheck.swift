// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import NIOCore
import NIOSSL
import Outbound
import Resolver
import Transport

/// Asks one endpoint whether it is well, again and again. Used on one event loop only.
///
/// The operator named whom to ask, so there is no permit; but every address is judged by the guard in force, as it is for
/// requests, and the endpoint shows in TLS who it is.
final class HealthCheck {
    private let endpoint: ServiceEndpoint
    private let service: String
    private let rules: HealthRules
    private let loop: ServiceLoop
    private var next: Scheduled<Void>?
    private var isStopped = false

    private static let bodyBytes = 64 << 10

    init(_ endpoint: ServiceEndpoint, of service: String, _ rules: HealthRules, _ loop: ServiceLoop) {
        self.endpoint = endpoint
        self.service = service
        self.rules = rules
        self.loop = loop
    }

    /// Asks for the first time after so many nanoseconds.
    func start(after delay: Int64) {
        next = loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(delay)) { self.ask() }
    }

    /// Asks no more; an answer that is under way says nothing.
    func stop() {
        isStopped = true
        next?.cancel()
        next = nil
    }

    private func ask() {
        guard !isStopped else { return }
        let request: OutboundRequest
        do {
            request = try self.request
        } catch {
            return take("\(error)")
        }
        client.send(request, on: loop.eventLoop).assumeIsolated().whenComplete { result in
            guard !self.isStopped else { return }
            self.take(self.problem(with: result))
            self.start(after: self.rules.interval)
        }
    }

    private var request: OutboundRequest {
        get throws(OutboundError) {
            let url = try OutboundURL(endpoint.place, target: rules.path, isSecure: endpoint.security.isOn)
            var request = OutboundRequest(url, fields: [("accept", "*/*")])
            request.authority = String(decoding: endpoint.authority, as: UTF8.self)
            return request
        }
    }

    private var client: OutboundClient {
        let security = endpoint.security
        let (resolver, dialer) = (loop.shared.resolver, loop.shared.dialer)
        let timeout = TimeAmount.nanoseconds(rules.timeout)
        return OutboundClient(
            addressGuard: loop.shared.authorizer.snapshot.addressGuard,
            lookup: { name, done in resolver.resolve(name) { done($0.map(\.addresses).mapError { $0 }) } },
            trust: OutboundTrust { _ in
                guard let handler = try security.handler().handler as? NIOSSLClientHandler else {
                    throw OutboundError.tls("the service has none")
                }
                return handler
            },
            limits: OutboundLimits(total: timeout, connect: timeout, bodyBytes: Self.bodyBytes), group: loop.eventLoop,
            route: { try dialer.place(of: $0) })
    }

    /// What is wrong; `nil` for a good answer.
    private func problem(with result: Result<OutboundResponse, any Error>) -> String? {
        switch result {
        case .success(let response):
            200...299 ~= response.status ? nil : "the answer to \(rules.path) has status \(response.status)"
        case .failure(let error as OutboundError): "\(error)"
        case .failure: "it cannot be asked"
        }
    }

    private func take(_ problem: String?) {
        guard let isWell = endpoint.state.answered(problem, by: rules) else { return }
        var event = AuditEvent(kind: .observation, time: loop.context.clock.wall())
        event.plane = Plane.service.rawValue
        event.service = service
        event.cause = isWell ? "endpoint_healthy" : "endpoint_unhealthy"
        event.detail =
            isWell
            ? "\(endpoint.name) answers well again" : "\(endpoint.name) gets no requests: \(problem ?? "no answer")"
        loop.context.record(event)
    }
}
