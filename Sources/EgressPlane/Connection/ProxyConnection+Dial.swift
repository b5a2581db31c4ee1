// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import NIOCore
import Transport

/// Phase `dialing`: the permit becomes a connection, new or kept.
extension ProxyConnection {
    func openUpstream() {
        guard let request, let addresses = request.addresses, let permit = request.permit.take() else { return }
        var facts = request.facts
        facts.destination.addresses = addresses.map(\.address)
        let live = LivePermit(
            connection: id, decision: request.decision, facts: facts, grant: request.verdict.grant,
            openedAt: loop.now, cutter: self)
        guard loop.shared.register(live, limit: loop.settings.connectionsPerAgent) else {
            refuseLate(.limitReached, detail: "egress.limits.tunnels_per_agent is reached")
            return
        }
        self.live = live
        guard stillHolds(request) else { return }
        if !request.isTunnel, let kept = loop.upstreams.take(permit, key: UpstreamKey(request.facts)) {
            kept.attach(to: self)
            upstream = kept
            startExchange()
            return
        }
        guard loop.pending < loop.settings.pendingDials else {
            refuseLate(.limitReached, detail: "egress.limits.pending_dials is reached")
            return
        }
        loop.pending &+= 1
        phase = .dialing
        deadline = Int64.max
        let opened = UpstreamConnection(client: self, pool: loop.upstreams)
        upstream = opened
        let handler = LoopBound(opened, on: loop.eventLoop)
        loop.shared.dialer.dial(
            permit, to: addresses, on: loop.eventLoop, timeout: .nanoseconds(loop.settings.dialTime)
        ) { channel in
            channel.eventLoop.makeCompletedFuture { try handler.unwrapped.install(on: channel) }
        }.assumeIsolated().whenComplete { result in
            self.dialled(result, opened)
        }
    }

    /// Whether the verdict still stands now that a change would find the permit in the registry; refuses when it does not.
    private func stillHolds(_ request: ProxyRequest) -> Bool {
        let authorizer = loop.shared.authorizer
        guard authorizer.generation != request.generation else { return true }
        let verdict = authorizer.reconsider(request.facts, at: loop.context.clock.wall() / 1_000_000)
        guard verdict.effect != .allow else { return true }
        refuseLate(verdict.reason, detail: verdict.detail ?? verdict.reason.title)
        return false
    }

    private func dialled(_ result: Result<Dialled, any Error>, _ opened: UpstreamConnection) {
        loop.pending &-= 1
        guard phase == .dialing, let request, upstream === opened else {
            if case .success(let dialled) = result { dialled.channel.close(promise: nil) }
            return
        }
        switch result {
        case .failure(let error):
            upstream = nil
            refuseLate(
                .upstreamUnreachable,
                detail: DialFailure.describe(error, request.facts.destination, limit: "egress.limits.dial_time"))
        case .success(let dialled):
            opened.address = dialled.address
            opened.key = UpstreamKey(request.facts)
            if request.isTunnel {
                startTunnel()
            } else {
                startExchange()
            }
        }
    }
}
