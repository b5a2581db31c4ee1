// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Who is asking the token endpoint, as the connection shows it and never as a parameter says.
public struct ExchangeClient: Sendable, Hashable {
    /// The SPIFFE ID of the verified certificate, or of whatever else the listener takes for proof.
    public let id: SPIFFEID
    /// SHA-256 of the client's certificate, if it showed one.
    public let certificateThumbprint: [UInt8]?
    /// When that certificate ends, in Unix seconds.
    public let certificateExpiry: Int64?
    /// What its proof rests on.
    public let basis: ProofBasis

    /// Names a client.
    public init(
        id: SPIFFEID, certificateThumbprint: [UInt8]? = nil, certificateExpiry: Int64? = nil,
        basis: ProofBasis = ProofBasis()
    ) {
        self.id = id
        self.certificateThumbprint = certificateThumbprint
        self.certificateExpiry = certificateExpiry
        self.basis = basis
    }
}

/// A chain of delegation that was verified: for whom, by whom, for how long, within which task.
public struct ExchangeSubject: Sendable, Hashable {
    /// `sub` of the new token: the person, or the agent when nobody asked.
    public var subject: String
    /// The agents that acted before the one that asks now, nearest first.
    public var actors: [SPIFFEID]
    /// `txn`: the task.
    public var transaction: String
    /// When what the subject rests on ends, in Unix seconds.
    public var expiry: Int64
    /// The only clients that the subject lets act for it (`may_act`), or `nil` for no such limit.
    public var mayAct: [String]?
    /// What an earlier link of the chain limits the call to.
    public var call: ToolCall?
    /// What holds for the person, where a provider said so itself.
    public var person: PersonClaims?
    /// `auth_time` of the person.
    public var authenticationTime: Int64?
    /// `acr` of the person.
    public var authenticationContext: String?

    /// Describes a chain.
    public init(subject: String, actors: [SPIFFEID] = [], transaction: String, expiry: Int64) {
        self.subject = subject
        self.actors = actors
        self.transaction = transaction
        self.expiry = expiry
    }

    /// The chain that a tool token shows, to be made longer by whoever presents it.
    public init(_ claims: ToolTokenClaims) {
        self.init(
            subject: claims.subject, actors: claims.actors, transaction: claims.transaction, expiry: claims.expiry)
        call = claims.call
        authenticationTime = claims.authenticationTime
        authenticationContext = claims.authenticationContext
    }
}

/// What the new token is bound to.
public enum ExchangeBinding: Sendable, Hashable {
    /// The certificate that the presenter shows, which ends at a time in Unix seconds.
    case certificate(thumbprint: [UInt8], expiry: Int64)
    /// The key of the DPoP proof that came with the request.
    case key(thumbprint: String)

    var confirmation: TokenConfirmation {
        switch self {
        case .certificate(let thumbprint, _): .certificate(thumbprint: thumbprint)
        case .key(let thumbprint): .key(thumbprint: thumbprint)
        }
    }

    var certificateExpiry: Int64? {
        if case .certificate(_, let expiry) = self { expiry } else { nil }
    }
}

/// The rules of RFC 8693 as far as they need no key, no clock and no grant.
public enum TokenExchange {
    /// Makes the claims of a new token.
    ///
    /// Whether task and grants allow the call is judged by the caller, before this.
    ///
    /// - Parameters:
    ///   - client: Who asks; it becomes the outermost actor.
    ///   - presenter: Who will show the token, which is the client itself unless the gate carries the call.
    ///   - tokenID: A new `jti`.
    ///   - now: Unix seconds.
    /// - Throws: ``OAuthError``.
    public static func claims(
        for request: ExchangeRequest, client: ExchangeClient, subject: ExchangeSubject, binding: ExchangeBinding,
        presenter: SPIFFEID? = nil, issuer: String, tokenID: String, now: Int64
    ) throws(OAuthError) -> ToolTokenClaims {
        if let mayAct = subject.mayAct, !mayAct.contains(where: { $0.isExactly(client.id.description) }) {
            throw .unauthorizedClient
        }
        let actors = try chain(client.id, subject)
        let call = try narrowed(request.call, within: subject.call)
        guard subject.expiry > now,
            let expiry = ToolTokenClaims.expiry(
                now: now, call: call, lifetime: request.lifetime, subjectExpiry: subject.expiry,
                certificateExpiry: binding.certificateExpiry)
        else { throw .invalidGrant }
        var claims = ToolTokenClaims(
            issuer: issuer, subject: subject.subject, audience: request.resource, clientID: presenter ?? client.id,
            actors: actors, call: call, transaction: subject.transaction, tokenID: tokenID, issuedAt: now,
            expiry: expiry, confirmation: binding.confirmation)
        claims.authenticationTime = subject.authenticationTime
        claims.authenticationContext = subject.authenticationContext
        return claims
    }

    /// The actors of the new token: who asks now, then those before. Nobody stands there twice, except that an agent which
    /// acts already goes on acting.
    private static func chain(_ client: SPIFFEID, _ subject: ExchangeSubject) throws(OAuthError) -> [SPIFFEID] {
        if subject.actors.first == client { return subject.actors }
        guard !subject.actors.contains(client), subject.actors.count < ToolTokenClaims.maximumActors else {
            throw .invalidGrant
        }
        return [client] + subject.actors
    }

    /// The call, when it is no more than an earlier link allows.
    private static func narrowed(_ call: ToolCall, within outer: ToolCall?) throws(OAuthError) -> ToolCall {
        guard let outer else { return call }
        guard call.server.isExactly(outer.server), call.tool.isExactly(outer.tool) else { throw .invalidScope }
        if let hash = outer.argumentsHash, call.argumentsHash != hash { throw .invalidScope }
        if let most = outer.maximumCalls {
            guard let calls = call.maximumCalls, calls <= most else { throw .invalidScope }
        }
        return call
    }
}
