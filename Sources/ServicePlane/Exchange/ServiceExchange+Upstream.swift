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
        guard let facts, let addresses else { return }
        var stored = facts
        // Where nothing was looked up there is nothing to judge again.
        if !addresses.isEmpty { stored.destination.addresses = addresses.map(\.address) }
        let live = LivePermit(
            connection: id, decision: decision, facts: stored, grant: verdict.grant, openedAt: loop.now, cutter: self)
        guard loop.shared.register(live, limit: loop.settings.requestsPerAgent) else {
            return refuseLate(.limitReached, detail: "service_proxy.limits.requests_per_agent is reached")
        }
        self.live = live
        accounts = loop.shared.authorizer.byteAccounts(of: live)
        guard stillHolds(facts) else { return }
        nameEndpoint()
        writeTraceParent()
        if place?.hasCredentials ?? false { connectUpstream() } else { obtainCredentials() }
    }

    /// Takes a connection that is open, or opens one. The permit is used up by either.
    func connectUpstream() {
        guard let facts, let addresses, let service else { return }
        if service.description.isAttached { return dialAttached() }
        if let server = service.description.builtIn { return askBuiltIn(server) }
        place?.hasCredentials = true
        switch place?.endpoint.http ?? service.description.http {
        case .http2(let security): open(security, isChosen: true, addresses, facts)
        case .negotiated(let security) where webSocket == nil: open(security, isChosen: false, addresses, facts)
        case .http1, .negotiated: dial(security(of: service), addresses, facts, reuses: repeatable == nil)
        }
    }

    private func security(of service: GateService) -> UpstreamSecurity {
        place?.endpoint.security ?? service.description.security
    }

    // MARK: HTTP/1.1

    private func dial(
        _ security: UpstreamSecurity, _ addresses: [JudgedAddress], _ facts: Facts, reuses: Bool
    ) {
        guard let permit = permit.take() else { return }
        if reuses, let kept = loop.upstreams.take(permit, key: UpstreamKey(facts)) {
            kept.attach(to: self)
            return reuse(.connection(kept), consume permit)
        }
        guard mayDial() else { return }
        loop.pending &+= 1
        phase = .dialing
        deadline = Int64.max
        let opened = UpstreamConnection(client: self, pool: loop.upstreams)
        upstream = .connection(opened)
        let handler = LoopBound(opened, on: loop.eventLoop)
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

    private func mayDial() -> Bool {
        guard loop.pending < loop.settings.pendingDials else {
            refuseLate(.limitReached, detail: "service_proxy.limits.pending_dials is reached")
            return false
        }
        return true
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
        guard phase == .dialing, case .connection(let connection)? = upstream, connection === opened, let facts else {
            if case .success(let dialled) = result { dialled.channel.close(promise: nil) }
            return
        }
        switch result {
        case .failure(let error):
            upstream = nil
            openingFailed(
                DialFailure.describe(error, facts.destination, limit: "service_proxy.limits.dial_time"), isFirst: true)
        case .success(let dialled):
            opened.address = dialled.address
            opened.key = UpstreamKey(facts)
            sendRequest()
        }
    }

    // MARK: HTTP/2, or what the service chooses

    /// - Parameter isChosen: Whether it is known that HTTP/2 will be spoken.
    private func open(
        _ security: UpstreamSecurity, isChosen: Bool, _ addresses: [JudgedAddress], _ facts: Facts
    ) {
        guard let permit = permit.take() else { return }
        let key = UpstreamKey(facts)
        if let session = loop.sessions.find(permit, key: key) {
            return reuse(.stream(session.makeStream(for: self)), consume permit)
        }
        if !isChosen, repeatable == nil, let kept = loop.upstreams.take(permit, key: key) {
            kept.attach(to: self)
            return reuse(.connection(kept), consume permit)
        }
        phase = .dialing
        deadline = Int64.max
        let isExpected = isChosen || key.service.map { loop.multiplexedServices.contains($0) } ?? false
        if isExpected, let opening = loop.sessions.opening(for: key) {
            self.permit = consume permit
            self.opening = opening
            return opening.join(self)
        }
        guard mayDial() else { return }
        let opening = UpstreamOpening(loop: loop, key: key, security: security, needsHTTP2: isChosen)
        self.opening = opening
        opening.join(self)
        opening.dial(permit, to: addresses, of: facts)
    }

    /// Uses what is open. It only lent itself the permit: whoever finds that it leads nowhere may dial with it.
    private func reuse(_ link: UpstreamLink, _ permit: consuming Permit) {
        self.permit = consume permit
        upstream = link
        sendRequest()
    }

    /// Whether the request still waits for this.
    func isWaiting(for opening: UpstreamOpening) -> Bool { phase == .dialing && self.opening === opening }

    /// What the request waited for is there.
    func opened(_ link: UpstreamLink) {
        opening = nil
        upstream = link
        sendRequest()
    }

    /// What the request waited for carries no more requests.
    func openAgain() {
        opening = nil
        connectUpstream()
    }

    /// What the request waited for did not come. Nothing of the request was sent.
    ///
    /// - Parameter isFirst: Whether it is the one of several requests that tells of the failure.
    func openingFailed(_ detail: String, isFirst: Bool) {
        opening = nil
        if isFirst { endpointFailed(detail) }
        guard !goElsewhere(.upstreamUnreachable, detail) else { return }
        refuseLate(.upstreamUnreachable, detail: detail)
    }

    // MARK: The request

    func sendRequest() {
        guard let upstream, let service else { return }
        phase = .exchanging
        let now = loop.now
        deadline = now &+ loop.settings.answerTime
        lastActivity = now
        timing.sentAt = now
        if let secrets { scanner = SecretScanner(secrets) }
        guard screenWaitingBody() else { return }
        let head = takeHead(service)
        guard carry(up: head.readableBytes) else { return }
        upstream.startExchange(reading: loop.settings.http)
        // Starting may have found that the connection is of no use.
        guard phase == .exchanging else { return }
        guard upstream.send(head: head, scheme: service.scheme.rawValue, acceptsTrailers: acceptsTrailers || isGRPC)
        else { return refuseLate(.protocolViolation, detail: "the request has a field that HTTP/2 cannot carry") }
        if let body = body.take() { pass(body) }
        guard phase == .exchanging else { return }
        if isBodyReceived || mediation != nil { endUp() }
        upstream.flush()
        stream?.resumeBody()
        upstream.resumeReading()
    }

    /// The head with everything in it, which is kept together with what is there of the body where both may be needed once
    /// more.
    private func takeHead(_ service: GateService) -> ByteBuffer {
        if let request = repeatable.take() {
            // The second time is the last one.
            permit = nil
            return request.head
        }
        if let line = service.description.credential?.line { head.writeBytes(line) }
        if acceptsTrailers, case .connection? = upstream, webSocket == nil {
            head.writeStaticString("TE: trailers\r\nConnection: TE\r\n")
        }
        head.writeStaticString("\r\n")
        let head = self.head
        self.head = ByteBuffer()
        if permit != nil || place != nil { repeatable = RepeatableRequest(head: head, body: body) }
        return head
    }

    /// Sends the request once more, to an address that was judged for it. The record of the decision stands.
    ///
    /// - Returns: False when that is not possible, because part of the request is gone, or this is the second time.
    func sendAgain() -> Bool {
        guard phase == .exchanging, let request = repeatable, permit != nil, let facts, let addresses, let service
        else {
            return false
        }
        upstream.take()?.reset()
        guard stillHolds(facts) else { return true }
        body = request.body
        isBodySent = false
        switch place?.endpoint.http ?? service.description.http {
        case .negotiated(let security) where webSocket == nil: open(security, isChosen: false, addresses, facts)
        case .http2(let security): open(security, isChosen: true, addresses, facts)
        case .http1, .negotiated: dial(security(of: service), addresses, facts, reuses: false)
        }
        return true
    }

    /// Sends a piece of the body, and keeps it where it may be needed once more and is small.
    func sendUp(_ bytes: ByteBuffer) {
        guard let bytes = screenUp(bytes) else { return }
        if repeatable != nil {
            let canRepeat: Bool =
                if case .stream? = upstream { true } else { state.method.isIdempotent }
            if !canRepeat || !(repeatable?.keep(bytes) ?? false) { repeatable = nil }
        }
        pass(bytes)
    }

    func pass(_ bytes: ByteBuffer) {
        guard let upstream, bytes.readableBytes > 0, carry(up: bytes.readableBytes) else { return }
        upstream.send(body: bytes, framing: framing)
        upstream.flush()
    }

    /// The body is complete.
    func endUp() {
        guard !isBodySent, upstream != nil, screenEndUp(), let upstream else { return }
        isBodySent = true
        upstream.finish(framing: framing, trailers: trailers)
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
