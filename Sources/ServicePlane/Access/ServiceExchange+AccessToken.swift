// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import NIOCore
import Protocols
import Transport

/// The signed token of a request.
struct AccessState {
    /// What it is worth, once that is known.
    var accepted: AcceptedToken?
    /// Whether it was shown with the scheme of proofs.
    var hasProofScheme = false
    /// The request, while the keys of the token's issuer are fetched.
    var suspended: (head: HTTP1RequestHead, message: ByteBuffer)?
}

/// Phase `head`: tokens that are verified, and not only looked up.
extension ServiceExchange {
    /// A signed token in `Authorization`, which is not one that an agent is simply known by.
    func presented(_ field: HTTP1Field, in bytes: UnsafeRawBufferPointer) -> (token: [UInt8], isProof: Bool)? {
        guard loop.core.judge != nil else { return nil }
        let value = field.value.slice(of: bytes)
        guard let space = value.firstIndex(of: 0x20) else { return nil }
        let scheme = String(decoding: value[..<space], as: UTF8.self).lowercased()
        let isProof = scheme.utf8.elementsEqual("dpop".utf8)
        guard isProof || scheme.utf8.elementsEqual("bearer".utf8) else { return nil }
        let token = value[(space &+ 1)...]
        guard isProof || AccessToken.hasForm(token) else { return nil }
        if !isProof, case .token(let digest) = BearerCredentials(parsing: value),
            loop.shared.authorizer.snapshot.agents.identify(tokenDigest: digest) != nil
        {
            return nil
        }
        return (Array(token), isProof)
    }

    /// Has a signed token judged.
    ///
    /// - Returns: Whether the request goes on now; false, too, when it waits.
    func judge(
        _ token: (token: [UInt8], isProof: Bool), _ route: ServiceRoute?, _ head: HTTP1RequestHead,
        in bytes: UnsafeRawBufferPointer
    ) -> Bool {
        guard let judge = loop.core.judge else { return false }
        access.hasProofScheme = token.isProof
        let resources = route.map { [$0.service] } ?? loop.core.table.all
        let proofs = head.fields.all.compactMap { field -> [UInt8]? in
            let name = field.name.slice(of: bytes)
            guard name.count == 4, String(decoding: name, as: UTF8.self).lowercased().utf8.elementsEqual("dpop".utf8)
            else { return nil }
            return Array(field.value.slice(of: bytes))
        }
        let known = resources.compactMap(\.description.resource)
        guard !known.isEmpty else {
            refuseEarly(
                .identityTokenUnknown, "the token in Authorization belongs to no agent",
                challenge: TokenChallenge(error: "invalid_token"))
            return false
        }
        let presented = PresentedToken(
            token: token.token, hasProofScheme: token.isProof, proofs: proofs,
            method: head.method == .other ? head.methodRange.text(in: bytes) : head.method.name,
            target: target(of: head, isByHost: route?.isByHost ?? false, known.first?.origin, in: bytes),
            certificateThumbprint: caller.thumbprint(at: loop.time), resources: known)
        let bound = LoopBound(self, on: loop.eventLoop)
        let result = judge.judge(
            presented, directory: loop.shared.authorizer.snapshot.agents, at: loop.time
        ) { result in
            bound.run { $0.resume(with: result) }
        }
        guard let result else {
            access.suspended = (copy head, ByteBuffer(bytes: bytes))
            return false
        }
        return take(result)
    }

    /// The URI of the request as its client knows it, without query.
    private func target(
        of head: HTTP1RequestHead, isByHost: Bool, _ origin: String?, in bytes: UnsafeRawBufferPointer
    ) -> String {
        let path = head.path.withForwardBytes(in: bytes) { String(decoding: $0, as: UTF8.self) }
        if let origin, !isByHost { return origin + path }
        let host = (head.target.form == .absolute ? head.target.host : head.fields.host)?.text(in: bytes) ?? ""
        let isSecure = caller.caller.isEncrypted || origin?.utf8.starts(with: "https:".utf8) ?? false
        return "\(isSecure ? "https" : "http")://\(host)\(path)"
    }

    /// The keys of the token's issuer came, or did not.
    private func resume(with result: Result<AcceptedToken, TokenRefusal>) {
        guard !isOver, phase == .head, let suspended = access.suspended.take(), take(result) else { return }
        suspended.message.withUnsafeReadableBytes { read(suspended.head, in: $0) }
        guard phase == .collecting, isBodyReceived || body != nil else { return }
        // What came meanwhile.
        let isComplete = isBodyReceived
        if let bytes = body.take() { receive(body: bytes) }
        if isComplete, phase == .collecting { receiveEnd(trailers: []) }
    }

    private func take(_ result: Result<AcceptedToken, TokenRefusal>) -> Bool {
        let token: AcceptedToken
        switch result {
        case .success(let accepted): token = accepted
        case .failure(let refusal):
            refuse(refusal)
            return false
        }
        identity = caller.caller.established(token.identity)
        // The connection itself proves more, and it must prove the same.
        if let proved = caller.connectionIdentity(in: loop.shared.authorizer.snapshot.agents, at: loop.time) {
            guard proved.id == token.identity.id else {
                refuse(TokenRefusal(.tokenBinding, "the connection belongs to another agent than the token"))
                return false
            }
            identity = proved.resting(on: token.identity.basis)
        }
        access.accepted = token
        return true
    }

    private func refuse(_ refusal: TokenRefusal) {
        var challenge = TokenChallenge(error: "invalid_token", description: refusal.reason.title)
        challenge.isProof = access.hasProofScheme
        if refusal.isAboutProof { challenge.error = "invalid_dpop_proof" }
        refuseEarly(
            refusal.reason, refusal.detail, challenge: refusal.reason.status == 401 ? challenge : nil)
    }

    // MARK: What it says of the request

    /// The task of the token, where the request names none.
    ///
    /// - Returns: False when the request was refused here.
    func joinTaskOfToken(_ id: TaskID) -> Bool {
        let tasks = loop.shared.authorizer.snapshot.tasks
        guard let context = tasks.context(of: id), let links = tasks.links(of: id) else {
            refuseEarly(.taskUnknown, "the task of the token is over")
            return false
        }
        task = context
        taskLinks = links
        return true
    }

    /// Writes what the token says into the facts; a task says it all.
    func applyToken(to facts: inout Facts) {
        guard let token = access.accepted, facts.task == nil else { return }
        facts.person = token.person
        facts.actorChain = token.delegators
    }

    /// What the token lacks for an operation.
    func tokenNeed(for operation: Operation) -> TokenNeed? {
        guard let token = access.accepted, let service else { return nil }
        return token.missing(for: operation, of: service.name, service.description.resource)
    }

    /// Refuses what the token is not good for, and says what it would need.
    func refuse(_ need: TokenNeed) {
        permit = nil
        verdict = .deny(
            .tokenScope,
            detail: "\(need.detail): ask the authorization server for \(need.scopes.joined(separator: " "))",
            grant: verdict.grant)
        recordDecision(isWaitedFor: false)
        let problem = Problem(verdict, decision: decision, status: verdict.reason.status)
        if isGRPC { return complete(with: GRPCRefusal.answer(problem)) }
        var answer = Self.answer(problem)
        var challenge = TokenChallenge(error: "insufficient_scope", scopes: need.scopes)
        challenge.isProof = access.hasProofScheme
        answer.fields.append(MCPField("www-authenticate", challenge.text(service?.description.resource)))
        complete(with: answer)
    }

    /// Counts a call that is allowed, where the token is good for so many.
    func countsForToken(_ operation: Operation) -> Bool {
        guard let token = access.accepted, token.isCounted, operation.name != .session else { return true }
        return loop.core.judge?.admitCall(of: token, at: loop.time) ?? false
    }

    // MARK: The document about a service

    /// Answers who asks for the document of RFC 9728 about a service.
    ///
    /// - Returns: Whether it was asked for.
    func describesResource(_ head: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard caller.acceptsTokens, method == .get || method == .head, head.target.query == nil else { return false }
        let prefix = ProtectedResource.metadataPrefix
        let name: [UInt8]? = head.path.withDecisionBytes(in: bytes) { path in
            guard path.starts(with: prefix), !head.path.hasParameters else { return nil }
            return Array(path.dropFirst(prefix.count))
        }
        guard let name, let document = loop.core.table.service(named: name)?.description.resource?.metadata else {
            return false
        }
        complete(
            with: MediatedAnswer(
                status: 200,
                fields: [
                    MCPField("content-type", "application/json"), MCPField("cache-control", "public, max-age=300"),
                    // Pages read it too; nothing in it is for somebody in particular.
                    MCPField("access-control-allow-origin", "*"),
                ], body: document))
        return true
    }
}
