// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Credentials
internal import Decision
internal import Identity
internal import IdentityPlane
internal import ServicePlane
internal import Storage
internal import Telemetry
internal import Transport

/// What the gate signs itself for services that it forwards to: its own tool tokens, and assertions about who is asking.
///
/// Both are signed with the keys that the token endpoints publish, and recorded before they are sent.
struct OwnTokens: Sendable {
    private let gate: SPIFFEID
    private let endpoints: TokenService
    private let authority: GateTokens

    /// Uses the keys of the token endpoints.
    init(_ tokens: GateTokenService) {
        gate = tokens.service.gate
        endpoints = tokens.service
        authority = tokens.authority
    }

    /// Where tool tokens for a service come from: one for each agent, task, person and tool, used for half of its life.
    ///
    /// - Parameters:
    ///   - resource: Who the service is in tokens.
    ///   - isBound: Whether tokens are bound to the certificate that the gate presents there.
    ///   - isSearched: Whether answers are looked through for them.
    func toolTokens(for resource: TokenResource, isBound: Bool, isSearched: Bool) -> TokenSource {
        TokenSource(binding: .call, now: now) { request in
            do throws(CredentialFailure) {
                let (token, lifetime) = try toolToken(for: resource, isBound: isBound, request)
                return .success(try ready(token, lifetime, isSearched))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Where assertions for a service come from.
    ///
    /// - Parameter isShared: Whether the calls of one caller share one, which names no decision then.
    func assertions(for resource: TokenResource, isShared: Bool, isSearched: Bool) -> TokenSource {
        TokenSource(binding: isShared ? .caller : .decision, now: now) { request in
            do throws(CredentialFailure) {
                let token = try assertion(
                    to: resource.identifier, service: resource.server, request, namesDecision: !isShared)
                return .success(try ready(token, CallerAssertion.lifetime, isSearched))
            } catch {
                return .failure(error)
            }
        }
    }

    private var now: @Sendable () -> Int64 { { [authority] in authority.time() / 1_000_000 } }

    // MARK: Tool tokens

    /// Signs a token for one tool, or for what is no tool, within the request's task.
    func toolToken(
        for resource: TokenResource, isBound: Bool, _ request: CredentialRequest
    ) throws(CredentialFailure) -> (token: [UInt8], lifetime: Int64) {
        let facts = request.facts
        guard let agent = facts.identity?.id else { throw Self.nobody }
        let now = now()
        let call = ToolCall(server: resource.server, tool: Self.tool(of: facts.operation))
        let thumbprint = isBound ? try certificate() : nil
        guard let expiry = ToolTokenClaims.expiry(now: now, call: call, subjectExpiry: facts.task?.expires) else {
            throw CredentialFailure("the task is over, so there is no token for the service; start another task")
        }
        var generator = SystemRandomNumberGenerator()
        var claims = ToolTokenClaims(
            issuer: authority.issuer,
            subject: facts.person.map { PersonSubject.text(issuer: $0.issuer, subject: $0.subject) }
                ?? agent.description,
            audience: resource.identifier, clientID: gate, actors: [agent] + facts.actorChain, call: call,
            transaction: facts.task?.id ?? GateTokens.noTask + ToolToken.identifier(using: &generator),
            tokenID: ToolToken.identifier(using: &generator), issuedAt: now, expiry: expiry,
            confirmation: thumbprint.map { .certificate(thumbprint: $0) })
        claims.authenticationTime = Self.time(of: facts.person)
        guard endpoints.isGood(claims, keyID: nil) else {
            throw CredentialFailure(
                "tokens of this task, person or agent were revoked, so there is none for the service; "
                    + "the gate's operator knows why")
        }
        let token = try signed { () throws(SigningError) in
            try ToolToken.mint(claims, signer: authority.keys.signer)
        }
        do {
            try authority.record(claims)
        } catch {
            throw Self.unrecorded
        }
        return (token, expiry &- now)
    }

    /// The tool, or the kind of the operation behind a colon, which no tool's name begins with in the configuration.
    private static func tool(of operation: Operation) -> String {
        operation.tool ?? ":\(operation.name.rawValue)"
    }

    private func certificate() throws(CredentialFailure) -> [UInt8] {
        guard let leaf = try? authority.identities?.current().svid.chain.first else {
            throw CredentialFailure(
                "the gate has no certificate to bind a token to; its operator finds why with: yett status")
        }
        return SecretDigest.sha256(leaf.der)
    }

    // MARK: Assertions

    /// Signs a word about who is asking.
    ///
    /// - Parameters:
    ///   - audience: Who reads it.
    ///   - service: The service whose request it is for.
    func assertion(
        to audience: String, service: String, _ request: CredentialRequest, namesDecision: Bool
    ) throws(CredentialFailure) -> [UInt8] {
        let facts = request.facts
        guard let identity = facts.identity else { throw Self.nobody }
        var generator = SystemRandomNumberGenerator()
        var assertion = CallerAssertion(
            issuer: authority.issuer, audience: audience, agent: identity.id, proof: identity.proof,
            assertionID: ToolToken.identifier(using: &generator), issuedAt: now())
        assertion.delegators = facts.actorChain
        assertion.task = facts.task?.id
        assertion.person = facts.person.map {
            CallerAssertion.Person(
                issuer: $0.issuer, subject: $0.subject, authenticationTime: Self.time(of: $0))
        }
        assertion.decision = namesDecision ? request.decision.description : nil
        let token = try signed { [assertion] () throws(SigningError) in
            try assertion.signed(by: authority.keys.signer)
        }
        // One that names its decision is found by the record of the decision.
        guard !namesDecision else { return token }
        do {
            try authority.record(assertion, for: service)
        } catch {
            throw Self.unrecorded
        }
        return token
    }

    // MARK: Common

    private static func time(of person: Person?) -> Int64? {
        person.flatMap { $0.authenticationTime > 0 ? $0.authenticationTime : nil }
    }

    private func signed(_ sign: () throws(SigningError) -> [UInt8]) throws(CredentialFailure) -> [UInt8] {
        do throws(SigningError) {
            return try sign()
        } catch {
            throw CredentialFailure("the gate cannot sign a token for the service: \(error)")
        }
    }

    private func ready(
        _ token: [UInt8], _ lifetime: Int64, _ isSearched: Bool
    ) throws(CredentialFailure) -> ServiceToken {
        guard let token = ServiceToken(token, lifetime: lifetime, isSearched: isSearched) else {
            throw CredentialFailure(
                "the gate's token for the service is too long for a field; shorten the task's names")
        }
        return token
    }

    private static let nobody = CredentialFailure("nobody is identified, so there is nobody to make a token for")
    private static let unrecorded = CredentialFailure(
        "the token for the service cannot be recorded, so it is not sent; the gate's operator finds why in its log")
}

extension GateTokens {
    /// Writes down an assertion that several requests share, before anybody gets it.
    fileprivate func record(_ assertion: CallerAssertion, for service: String) throws {
        var event = AuditEvent(kind: .tokenIssue, time: time())
        event.plane = Plane.service.rawValue
        event.agent = assertion.agent.description
        event.actors = ([assertion.agent] + assertion.delegators).map(\.description)
        event.task = assertion.task
        event.person = assertion.person.map { "\($0.issuer)#\($0.subject)" }
        event.service = service
        event.operation = "assertion"
        event.detail =
            "assertion \(assertion.assertionID) until "
            + Timestamp.text(seconds: assertion.issuedAt &+ CallerAssertion.lifetime)
        try log.record(event)
    }
}
