// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import NIOCore
import Protocols
import Transport

/// Phase `head`: bytes become a request, or a refusal that names the rule they break.
extension ProxyConnection {
    func readHead() {
        guard let bytes = received, bytes.readableBytes > 0 else {
            if isInputClosed { end(CutReason(.closed), isOrderly: true) }
            return
        }
        if dialogue != nil || isSOCKS(bytes) {
            readSOCKS()
            return
        }
        guard caller.protocols.contains(.http) else {
            refuseConnection(.protocolViolation, detail: "this listener speaks only SOCKS5")
            return
        }
        var parser = self.parser.take() ?? loop.parsers.take()
        let result = bytes.withUnsafeReadableBytes { parser.parse($0) }
        switch result {
        case .needMore:
            if requests > 0 {
                // The idle time ends with the first byte of the next head.
                deadline = min(deadline, loop.now &+ loop.settings.handshakeTime)
            }
            self.parser = parser
            if isInputClosed {
                end(CutReason(.closed, detail: "the client closed in the middle of a request head"), isOrderly: false)
            } else {
                received?.reserveHeadroom()
                resumeReading()
            }
        case .refused(let refusal):
            loop.parsers.keep(parser)
            refuse(protocolError: refusal)
        case .complete(let count):
            requests &+= 1
            let draft = Draft(parser.head, in: bytes)
            if parser.head.method == .connect {
                received?.moveReaderIndex(forwardBy: count)
                loop.parsers.keep(parser)
                beginTunnel(draft)
            } else {
                beginExchange(draft, parser: parser, headBytes: count)
            }
        }
    }

    private func isSOCKS(_ bytes: ByteBuffer) -> Bool {
        caller.protocols.contains(.socks5) && requests == 0
            && bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == SOCKSDialogue.version
    }

    private func beginTunnel(_ draft: Draft) {
        guard let destination = destination(of: draft, scheme: draft.port == 443 ? .https : .tcp) else { return }
        guard let identity = identify(draft.credentials) else { return }
        var facts = facts(identity, Operation(.tunnel), destination)
        facts.http = HTTPFacts(method: "CONNECT", path: nil)
        decide(ProxyRequest(form: .connect, decision: loop.context.nextDecision(), facts: facts, startedAt: loop.now))
    }

    func beginSOCKSTunnel(to endpoint: Endpoint, _ credentials: BearerCredentials) {
        requests &+= 1
        guard let identity = identify(credentials) else { return }
        let destination = Destination(
            host: endpoint.host, port: endpoint.port, scheme: endpoint.port == 443 ? .https : .tcp)
        let facts = facts(identity, Operation(.tunnel), destination)
        decide(ProxyRequest(form: .socks5, decision: loop.context.nextDecision(), facts: facts, startedAt: loop.now))
    }

    private func beginExchange(_ draft: Draft, parser: consuming HTTP1RequestParser, headBytes: Int) {
        guard draft.form == .absolute else {
            loop.parsers.keep(parser)
            refuseConnection(
                .protocolViolation, status: 400,
                detail: "this is a forward proxy: it takes CONNECT host:port or a full http:// address, not a path")
            return
        }
        guard let destination = destination(of: draft, scheme: .http), let bytes = received else {
            loop.parsers.keep(parser)
            return
        }
        guard let identity = identify(draft.credentials) else {
            loop.parsers.keep(parser)
            return
        }
        let prepared = HTTPExchange.prepare(
            parser.head, in: bytes, destination: destination, settings: loop.settings,
            isSearched: loop.shared.leaks.isOn, tracer: loop.context.tracer)
        let readsFields = loop.shared.authorizer.snapshot.policy?.readsFields ?? false
        let fields = readsFields ? ForwardedFields.collect(parser.head, in: bytes) : nil
        loop.parsers.keep(parser)
        switch prepared {
        case .failure(let refusal):
            refuse(protocolError: refusal)
        case .success(let exchange):
            received?.moveReaderIndex(forwardBy: headBytes)
            var facts = facts(identity, Operation(exchange.asksForUpgrade ? .websocket : .request), destination)
            facts.http = HTTPFacts(method: draft.method, path: exchange.path, query: exchange.query)
            facts.http?.sentPath = exchange.sentPath
            facts.http?.fields = fields
            let request = ProxyRequest(
                form: .http, decision: loop.context.nextDecision(), facts: facts, startedAt: loop.now)
            request.exchange = exchange
            decide(request)
        }
    }

    private func facts(
        _ identity: VerifiedIdentity?, _ operation: Operation, _ destination: Destination
    ) -> Facts {
        var facts = Facts(
            identity: identity, plane: .egress, operation: operation, destination: destination,
            time: loop.context.clock.wall() / 1_000_000, source: caller.source)
        caller.task?.apply(to: &facts)
        return facts
    }

    private func destination(of draft: Draft, scheme: Destination.Scheme) -> Destination? {
        switch draft.host {
        case .success(let host):
            return Destination(host: host, port: draft.port, scheme: scheme)
        case .failure(let error):
            refuseConnection(.hostInvalid, status: 400, detail: error.description)
            return nil
        }
    }

    /// Who is asking: the strongest evidence that the listener accepts and that gives an answer.
    ///
    /// - Returns: `nil` when the request was refused here. The inner optional is the identity, absent when nobody could
    ///   be identified, which the decision turns into a denial.
    func identify(_ credentials: BearerCredentials) -> VerifiedIdentity?? {
        let directory = loop.shared.authorizer.snapshot.agents
        if !caller.fixed.isAbsent {
            let certified = certificate?.standing(at: loop.context.clock.wall() / 1_000_000)
            if let identity = caller.identity(in: directory, certificate: certified) {
                return .some(identity)
            }
        }
        if caller.identification.contains(.token) {
            switch credentials {
            case .token(let digest):
                if let identity = directory.identify(tokenDigest: digest) { return .some(caller.established(identity)) }
                refuseConnection(
                    .identityTokenUnknown, status: 403, detail: "the token in Proxy-Authorization belongs to no agent")
                return nil
            case .malformed:
                refuseConnection(
                    .protocolViolation, status: 400, detail: "Proxy-Authorization is neither Bearer nor Basic")
                return nil
            case .absent: break
            }
        }
        if let identity = caller.sourceIdentity(in: directory) { return .some(identity) }
        if caller.identification.contains(.token), caller.fixed.isAbsent {
            askForToken()
            return nil
        }
        return .some(nil)
    }
}

extension ByteBuffer {
    /// Makes room for the rest of a head, so that a client that sends it byte by byte does not make the buffer grow once
    /// for each byte.
    fileprivate mutating func reserveHeadroom() {
        if writableBytes < 512 { reserveCapacity(minimumWritableBytes: 1024) }
    }
}
