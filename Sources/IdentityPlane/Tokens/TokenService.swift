// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import Protocols
internal import Synchronization

/// The OAuth 2.1 endpoints of the gate: exchange, introspection, revocation. HTTP is somebody else's business.
///
/// Who asks is an input, taken from the connection; no parameter and no header can say it.
public final class TokenService: Sendable {
    struct State {
        var revocations = RevocationTable()
        var proofs = ReplayCache()
        var limits: RateLimits
    }

    /// `iss` of the tokens: the URL under which the endpoints stand, without a slash at the end.
    public let issuer: String
    /// The gate's own ID, which may ask about every token.
    public let gate: SPIFFEID
    let authority: any TokenAuthority
    let state: Mutex<State>
    /// Public documents of others beside the endpoints' own, by path.
    let documents = Mutex<[String: JSONValue]>([:])

    /// Prepares the endpoints.
    ///
    /// - Parameter revocations: Those of the last run that still matter; without them nothing may be served.
    /// - Throws: `OAuthError.temporarilyUnavailable` when there are more than the table holds.
    public init(
        issuer: String, gate: SPIFFEID, authority: any TokenAuthority,
        revocations: [(entry: RevocationTable.Entry, expiry: Int64)], limits: RateLimits = RateLimits()
    ) throws(OAuthError) {
        self.issuer = issuer
        self.gate = gate
        self.authority = authority
        var state = State(limits: limits)
        for (entry, expiry) in revocations {
            guard state.revocations.insert(entry, until: expiry, now: 0) else { throw .temporarilyUnavailable }
        }
        self.state = Mutex(state)
    }

    /// Publishes a document of somebody else's.
    public func publish(_ document: JSONValue, at path: String) { documents.withLock { $0[path] = document } }

    /// The keys of what the gate signs.
    public var keySet: JSONWebKeySet { authority.keys.keySet }

    /// Where ``keySet`` is found.
    public var keysURL: String { issuer + TokenPath.toolKeys }

    private var now: Int64 { authority.time() / 1_000_000 }

    // MARK: Exchange

    /// Answers a token request (RFC 8693).
    func exchange(_ request: TokenRequest, client: ExchangeClient) async throws(OAuthError) -> TokenAnswer {
        let wanted = try ExchangeRequest(FormFields(parsing: request.body))
        let now = now
        guard
            let resource = authority.resources().first(where: { $0.identifier.isSpelled(wanted.resource) }
            ),
            resource.server.isSpelled(wanted.call.server)
        else { throw .invalidTarget }
        let proof = try proof(of: request, path: TokenPath.token, now: now)
        let binding = try binding(of: client, proof: proof, now: now)
        if let token = wanted.actorToken, try await authority.actor(of: token) != client.id {
            throw .unauthorizedClient
        }
        let subject: ExchangeSubject
        switch wanted.subjectType {
        case .accessToken: subject = try self.subject(toolToken: wanted, client: client, binding: binding, now: now)
        default: subject = try await authority.subject(of: wanted, client: client)
        }
        var claims = try TokenExchange.claims(
            for: wanted, client: client, subject: subject, binding: binding, issuer: issuer, tokenID: Self.identifier(),
            now: now)
        // A task or an agent that was revoked gets no new token either.
        guard isGood(claims, keyID: nil) else { throw .invalidGrant }
        claims.decision = try await authority.authorize(wanted, client: client, subject: subject, resource: resource)
        // What was stopped while the decision was made is stopped.
        guard isGood(claims, keyID: nil) else { throw .invalidGrant }
        do {
            try authority.record(claims)
        } catch {
            throw .temporarilyUnavailable
        }
        return try answer(claims, isProof: proof != nil)
    }

    private func answer(_ claims: ToolTokenClaims, isProof: Bool) throws(OAuthError) -> TokenAnswer {
        let token: [UInt8]
        do throws(SigningError) {
            token = try ToolToken.mint(claims, signer: authority.keys.signer)
        } catch {
            throw .temporarilyUnavailable
        }
        var body = JSONObject()
        body["access_token"] = .string(String(decoding: token, as: UTF8.self))
        body["issued_token_type"] = .string(ExchangeRequest.SubjectType.accessToken.rawValue)
        body["token_type"] = .string(isProof ? "DPoP" : "Bearer")
        body["expires_in"] = .integer(claims.expiry - claims.issuedAt)
        body["scope"] = .string(claims.call.scope)
        return TokenAnswer(body: .object(body))
    }

    /// The chain of one of our own tokens: good for the one who holds it, at the same server, for no more than it says.
    private func subject(
        toolToken request: ExchangeRequest, client: ExchangeClient, binding: ExchangeBinding, now: Int64
    ) throws(OAuthError) -> ExchangeSubject {
        var demands = ToolTokenDemands(issuer: issuer, audience: request.resource)
        switch binding {
        case .certificate(let thumbprint, _): demands.certificateThumbprint = thumbprint
        case .key(let thumbprint): demands.proofKeyThumbprint = thumbprint
        }
        let bytes = Array(request.subjectToken.utf8)
        guard
            let claims = try? ToolToken.verify(
                bytes, keys: authority.keys.verificationKeys, demands: demands, now: now),
            isGood(claims, keyID: Self.keyID(of: bytes))
        else { throw .invalidGrant }
        guard claims.clientID == client.id else { throw .unauthorizedClient }
        return ExchangeSubject(claims)
    }

    private func binding(
        of client: ExchangeClient, proof: DPoPProof?, now: Int64
    ) throws(OAuthError) -> ExchangeBinding {
        if let proof { return .key(thumbprint: proof.keyThumbprint) }
        guard let thumbprint = client.certificateThumbprint, let expiry = client.certificateExpiry else {
            // A token that is bound to nothing is a password.
            throw .invalidDPoPProof
        }
        guard expiry > now else { throw .invalidClient }
        return .certificate(thumbprint: thumbprint, expiry: expiry)
    }

    private func proof(of request: TokenRequest, path: String, now: Int64) throws(OAuthError) -> DPoPProof? {
        guard !request.proofs.isEmpty else { return nil }
        guard request.proofs.count == 1, let text = request.proofs.first,
            let proof = try? DPoPProof.verify(
                Array(text.utf8), method: request.method, target: issuer + path, now: now)
        else { throw .invalidDPoPProof }
        let key = ReplayCache.Key(issuer: proof.keyThumbprint, tokenID: proof.tokenID)
        let isNew = state.withLock { state in
            state.proofs.admit(key, until: proof.issuedAt + DPoPProof.window + 10, now: now)
        }
        guard isNew else { throw .invalidDPoPProof }
        return proof
    }

    // MARK: Introspection and revocation

    /// Answers whether a token is good (RFC 7662): to its audience and to the gate, and to nobody else.
    func introspect(_ request: TokenRequest, client: ExchangeClient) throws(OAuthError) -> TokenAnswer {
        let fields = try FormFields(parsing: request.body)
        guard let token = fields["token"] else { throw .invalidRequest }
        let bytes = Array(token.utf8)
        let inactive = TokenAnswer(body: ["active": false])
        guard let claims = verify(bytes), mayAsk(client, about: claims), isGood(claims, keyID: Self.keyID(of: bytes)),
            var body = ToolToken.json(of: claims).object
        else { return inactive }
        body["active"] = true
        body["token_type"] = claims.confirmation.map(Self.tokenType)
        return TokenAnswer(body: .object(body))
    }

    private static func tokenType(_ confirmation: TokenConfirmation) -> JSONValue {
        if case .key = confirmation { "DPoP" } else { "Bearer" }
    }

    /// Revokes a token (RFC 7009) for one of those who act with it. One that is not good needs no revocation.
    func revoke(_ request: TokenRequest, client: ExchangeClient) throws(OAuthError) -> TokenAnswer {
        let fields = try FormFields(parsing: request.body)
        guard let token = fields["token"] else { throw .invalidRequest }
        guard let claims = verify(Array(token.utf8)) else { return TokenAnswer() }
        guard client.id == gate || client.id == claims.clientID || claims.actors.contains(client.id) else {
            throw .unauthorizedClient
        }
        try revoke(.init(.tokenID, claims.tokenID), until: claims.expiry)
        return TokenAnswer()
    }

    /// Revokes by any claim: a task, a person, an agent, a key. Holds as long as any token issued before can live.
    ///
    /// - Throws: `OAuthError.temporarilyUnavailable` when it cannot be kept; it holds until the next start even then.
    public func revoke(_ entry: RevocationTable.Entry) throws(OAuthError) {
        try revoke(entry, until: now + ToolTokenClaims.maximumLifetime)
    }

    /// Withdraws a key: nothing that it signed is good any more, and verifiers are not told of it.
    ///
    /// - Returns: Whether there was one.
    public func withdraw(key: String) -> Bool { authority.keys.withdraw(key, now: now) }

    /// Does what time asks for; to be called once a second.
    public func maintain() { authority.keys.maintain(now: now) }

    private func revoke(_ entry: RevocationTable.Entry, until expiry: Int64) throws(OAuthError) {
        let end = expiry + 60
        let isKept = state.withLock { $0.revocations.insert(entry, until: end, now: now) }
        do {
            try authority.keep(entry, until: end)
        } catch {
            throw .temporarilyUnavailable
        }
        guard isKept else { throw .temporarilyUnavailable }
    }

    /// Whether the claims are not revoked and what they rest on still stands.
    public func isGood(_ claims: ToolTokenClaims, keyID: String?) -> Bool {
        state.withLock { $0.revocations.revocation(of: claims, keyID: keyID) } == nil
            && authority.stands(claims, keyID: keyID)
    }

    /// A token of ours, for whichever of our audiences, without a look at what it is bound to.
    private func verify(_ token: [UInt8]) -> ToolTokenClaims? {
        guard token.count <= ExchangeRequest.longestToken else { return nil }
        return try? ToolToken.verify(
            token, keys: authority.keys.verificationKeys, issuer: issuer,
            audiences: authority.resources().map(\.identifier),
            now: now)
    }

    private func mayAsk(_ client: ExchangeClient, about claims: ToolTokenClaims) -> Bool {
        if client.id == gate { return true }
        return authority.resources().contains { resource in
            resource.identifier.isSpelled(claims.audience) && resource.id == client.id
        }
    }

    private static func keyID(of token: [UInt8]) -> String? { (try? CompactJWS(parsing: token))?.header.keyID }

    private static func identifier() -> String {
        var generator = SystemRandomNumberGenerator()
        return ToolToken.identifier(using: &generator)
    }
}
