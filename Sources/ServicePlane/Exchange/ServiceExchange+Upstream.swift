// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Credentials
import Decision
import NIOCore
import Protocols
import Transport

/// Phase `dialing` and the way up: the permit becomes a connection, the credential is added, the request goes out.
extension ServiceExchange {
    func openUpstream() {
        guard let facts, let addresses, let service, let permit = permit.take() else { return }
        var stored = facts
        stored.destination.addresses = addresses.map(\.address)
        let live = LivePermit(
            connection: id, decision: decision, facts: stored, grant: verdict.grant, openedAt: loop.now, cutter: self)
        guard loop.shared.register(live, limit: loop.settings.requestsPerAgent) else {
            return refuseLate(.limitReached, detail: "service_proxy.limits.requests_per_agent is reached")
        }
        self.live = live
        accounts = loop.shared.authorizer.byteAccounts(of: live)
        guard stillHolds(facts) else { return }
        if let kept = loop.upstreams.take(permit, key: UpstreamKey(facts)) {
            kept.attach(to: self)
            upstream = kept
            return sendRequest()
        }
        guard loop.pending < loop.settings.pendingDials else {
            return refuseLate(.limitReached, detail: "service_proxy.limits.pending_dials is reached")
        }
        loop.pending &+= 1
        phase = .dialing
        deadline = Int64.max
        let opened = UpstreamConnection(client: self, pool: loop.upstreams)
        upstream = opened
        let handler = LoopBound(opened, on: loop.eventLoop)
        let security = service.description.security
        loop.shared.dialer.dial(
            permit, to: addresses, on: loop.eventLoop, timeout: .nanoseconds(loop.settings.dialTime)
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                let (tls, stands) = try security.handler()
                handler.unwrapped.stands = stands
                try handler.unwrapped.install(on: channel, behind: tls)
            }
        }.assumeIsolated().whenComplete { result in
            self.dialled(result, opened)
        }
    }

    /// Whether the verdict still stands now that a change would find the permit in the registry; refuses when it does not.
    private func stillHolds(_ facts: Facts) -> Bool {
        let authorizer = loop.shared.authorizer
        guard authorizer.generation != generation else { return true }
        let verdict = authorizer.reconsider(facts, at: loop.time)
        guard verdict.effect != .allow else { return true }
        refuseLate(verdict.reason, detail: verdict.detail ?? verdict.reason.title)
        return false
    }

    private func dialled(_ result: Result<Dialled, any Error>, _ opened: UpstreamConnection) {
        loop.pending &-= 1
        guard phase == .dialing, upstream === opened, let facts else {
            if case .success(let dialled) = result { dialled.channel.close(promise: nil) }
            return
        }
        switch result {
        case .failure(let error):
            upstream = nil
            refuseLate(
                .upstreamUnreachable,
                detail: DialFailure.describe(error, facts.destination, limit: "service_proxy.limits.dial_time"))
        case .success(let dialled):
            opened.address = dialled.address
            opened.key = UpstreamKey(facts)
            sendRequest()
        }
    }

    private func sendRequest() {
        guard let upstream, let service else { return }
        phase = .exchanging
        deadline = loop.now &+ loop.settings.answerTime
        lastActivity = loop.now
        if let secrets = service.description.secrets { scanner = SecretScanner(secrets) }
        if let credential = service.description.credential { head.writeBytes(credential.line) }
        head.writeStaticString("\r\n")
        let head = self.head
        self.head = ByteBuffer()
        guard carry(up: head.readableBytes) else { return }
        upstream.startExchange(reading: loop.settings.http)
        // Starting may have found that the connection is of no use.
        guard phase == .exchanging else { return }
        upstream.write(head)
        if let body = body.take() { sendUp(body) }
        guard phase == .exchanging else { return }
        if isBodyReceived || mediation != nil { endUp() }
        upstream.flush()
        stream?.resumeBody()
        upstream.resumeReading()
    }

    /// Sends a piece of the body.
    func sendUp(_ bytes: ByteBuffer) {
        guard let upstream, bytes.readableBytes > 0, carry(up: bytes.readableBytes) else { return }
        upstream.write(bytes, framing: framing)
        upstream.flush()
    }

    /// The body is complete.
    func endUp() {
        guard !isBodySent, let upstream else { return }
        isBodySent = true
        if framing == .chunked { upstream.writeLastChunk() }
        upstream.flush()
        deadline = loop.now &+ loop.settings.answerTime
    }

    // MARK: What is carried

    func carry(up count: Int) -> Bool {
        bytesUp &+= count
        return pay(for: count)
    }

    func carry(down count: Int) -> Bool {
        bytesDown &+= count
        return pay(for: count)
    }

    private func pay(for count: Int) -> Bool {
        live?.report(up: bytesUp, down: bytesDown)
        guard !accounts.isEmpty, count > 0 else { return true }
        let paid = loop.shared.authorizer.ledger.reserveBytes(count, from: accounts, at: loop.time)
        guard paid < count else { return true }
        let name = live?.grant?.description ?? "the grant"
        end(CutReason(.budgetExhausted, detail: "the byte budget of \(name) is spent"))
        return false
    }
}
