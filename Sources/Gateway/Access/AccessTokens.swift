// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Identity
internal import IdentityPlane
internal import ServicePlane
internal import Synchronization
internal import YettConfiguration

/// An authorization server whose tokens count.
struct RegisteredIssuer: Sendable {
    let issuer: AccessTokenIssuer
    let keys: IssuerKeys
}

/// Judges the signed tokens that agents bring to services: the gate's own, and those of registered authorization servers.
///
/// Each is verified as a whole before anything of it counts: algorithm, key, signature, issuer, audience, times, what it is
/// bound to, whether it was revoked. Nothing of a token is ever kept.
final class AccessTokens: AccessTokenJudge {
    private struct State {
        var issuers: [[UInt8]: RegisteredIssuer] = [:]
        var proofs = ReplayCache()
        var calls = ReplayCache()
    }

    private let own: GateTokenService?
    /// Issuers of people, whom tokens name by a digest.
    private let people: [String]
    private let authorizer: Authorizer
    private let state = Mutex(State())

    /// - Parameters:
    ///   - own: What signs the gate's own tokens; `nil` where none are issued.
    ///   - people: Who knows the people on whose behalf the gate issues tokens.
    ///   - authorizer: Who knows what was revoked.
    init(own: GateTokenService?, people: PeopleConfiguration?, authorizer: Authorizer) {
        self.own = own
        self.authorizer = authorizer
        self.people = people?.providers.map(\.provider.issuer.description) ?? []
    }

    /// Takes over the authorization servers of another configuration.
    func replace(with issuers: [RegisteredIssuer]) {
        state.withLock { state in
            state.issuers = Dictionary(
                issuers.map { (Array($0.issuer.issuer.description.utf8), $0) }
            ) { first, _ in first }
        }
    }

    func judge(
        _ presented: PresentedToken, directory: AgentDirectory, at time: Int64,
        then done: @escaping @Sendable (Result<AcceptedToken, TokenRefusal>) -> Void
    ) -> Result<AcceptedToken, TokenRefusal>? {
        let jws: CompactJWS
        let claimed: String
        do throws(ToolTokenError) {
            (jws, claimed) = try AccessToken.parse(presented.token)
        } catch {
            return .failure(TokenRefusal(error))
        }
        if let own, own.authority.issuer.utf8.elementsEqual(claimed.utf8) {
            return Result { () throws(TokenRefusal) in
                try judge(presented, jws, of: own, directory: directory, at: time)
            }
        }
        guard let registered = state.withLock({ $0.issuers[Array(claimed.utf8)] }) else {
            return .failure(
                TokenRefusal(
                    .tokenIssuer, "obtain a token from an authorization server that the service's metadata name"))
        }
        guard registered.issuer.algorithms.contains(jws.header.algorithm) else {
            return .failure(TokenRefusal(.token(.algorithm)))
        }
        let finish: @Sendable (IssuerKeys.Answer) -> Result<AcceptedToken, TokenRefusal>? = { [self] answer in
            switch answer {
            case .known(let key):
                return Result { () throws(TokenRefusal) in
                    try judge(presented, jws, of: registered.issuer, key: key, directory: directory, at: time)
                }
            case .unknown: return .failure(TokenRefusal(.token(.unknownKey)))
            case .unavailable(let why):
                return .failure(TokenRefusal(.tokenKeysUnavailable, "\(why); ask again later"))
            case .later: return nil
            }
        }
        return finish(
            registered.keys.key(jws.header.keyID ?? "", now: time) { answer in
                if let result = finish(answer) { done(result) }
            })
    }

    /// Whether one of the registered servers has a key of this name, as far as its keys are known.
    func knows(key: String, now: Int64) -> Bool {
        state.withLock { $0.issuers.values.map(\.keys) }.contains { $0.knows(key, now: now) }
    }

    func admitCall(of token: AcceptedToken, at time: Int64) -> Bool {
        guard case .call(let call) = token.reach, let most = call.maximumCalls else { return true }
        let key = ReplayCache.Key(issuer: token.issuer, tokenID: token.tokenID)
        return state.withLock { $0.calls.admit(key, until: token.expiry &+ 10, limit: most, now: time) }
    }

    // MARK: The gate's own

    private func judge(
        _ presented: PresentedToken, _ jws: CompactJWS, of own: GateTokenService, directory: AgentDirectory,
        at time: Int64
    ) throws(TokenRefusal) -> AcceptedToken {
        let claims: ToolTokenClaims
        do throws(ToolTokenError) {
            claims = try ToolToken.verify(
                presented.token, keys: own.authority.keys.verificationKeys, issuer: own.authority.issuer,
                audiences: presented.resources.flatMap(\.audiences), now: time)
        } catch {
            throw TokenRefusal(error)
        }
        guard let confirmation = claims.confirmation else {
            throw TokenRefusal(.tokenBinding, "a token of the gate that is bound to nobody is not for agents to show")
        }
        // What the gate shows to services is not for anybody else to show.
        guard let agent = claims.actors.first, agent == claims.clientID else {
            throw TokenRefusal(.tokenBinding, "the token was made for somebody else than the agent to show")
        }
        try checkPresenter(presented, confirmation, at: time)
        guard own.service.isGood(claims, keyID: jws.header.keyID) else {
            throw TokenRefusal(.tokenRevoked, "the token, its task or its agent was stopped; obtain another one")
        }
        let basis = ProofBasis(
            tokenIssuedAt: claims.issuedAt, tokenID: claims.tokenID, keyID: jws.header.keyID)
        guard let identity = directory.identify(ownTokenOf: agent)?.resting(on: basis) else {
            throw TokenRefusal(.identityUnknown, "the agent of the token is not known by certificates here")
        }
        var accepted = AcceptedToken(
            identity: identity, reach: .call(claims.call), issuer: claims.issuer, tokenID: claims.tokenID,
            expiry: claims.expiry)
        accepted.delegators = Array(claims.actors.dropFirst())
        accepted.person = person(of: claims)
        accepted.task = TaskID(claims.transaction)
        return accepted
    }

    /// The person of a token: one whose issuer is known here.
    private func person(of claims: ToolTokenClaims) -> Person? {
        for issuer in people {
            let prefix = PersonSubject.text(issuer: issuer, subject: "")
            guard claims.subject.utf8.starts(with: prefix.utf8) else { continue }
            return Person(
                issuer: issuer,
                subject: String(decoding: Array(claims.subject.utf8.dropFirst(prefix.utf8.count)), as: UTF8.self),
                authenticationTime: claims.authenticationTime ?? 0)
        }
        return nil
    }

    // MARK: Those of others

    private func judge(
        _ presented: PresentedToken, _ jws: CompactJWS, of issuer: AccessTokenIssuer, key: VerificationKey,
        directory: AgentDirectory, at time: Int64
    ) throws(TokenRefusal) -> AcceptedToken {
        let claims: AccessTokenClaims
        do throws(ToolTokenError) {
            claims = try AccessToken.verify(
                jws, of: issuer, key: key, audiences: presented.resources.compactMap(\.identifier), now: time)
        } catch {
            throw TokenRefusal(error)
        }
        try checkPresenter(presented, claims.confirmation, at: time)
        let name = issuer.issuer.description
        switch directory.identify(issuedBy: name, claims: claims.members) {
        case .agent(let known):
            let basis = ProofBasis(
                tokenIssuedAt: claims.issuedAt, tokenID: claims.tokenID, keyID: jws.header.keyID)
            let identity = known.resting(on: basis)
            if let refusal = authorizer.snapshot.revocations.refusal(of: identity) {
                throw TokenRefusal(.tokenRevoked, refusal.detail ?? refusal.reason.title)
            }
            return AcceptedToken(
                identity: identity, reach: .scopes(claims.scopes), issuer: name, tokenID: claims.tokenID ?? "",
                expiry: claims.expiry)
        case .nobody: throw TokenRefusal(.identityUnknown, "no agent has 'attest: jwt' with what the token says")
        case .several: throw TokenRefusal(.identityUnknown, "what the token says fits several agents")
        }
    }

    // MARK: Who shows it

    /// Checks what a token is bound to. A bound token that is shown without its proof is worth nothing, and so is a
    /// proof beside a token that is bound to nothing.
    private func checkPresenter(
        _ presented: PresentedToken, _ confirmation: TokenConfirmation?, at time: Int64
    ) throws(TokenRefusal) {
        switch confirmation {
        case nil:
            guard !presented.hasProofScheme else {
                throw TokenRefusal(.tokenBinding, "the token is bound to no key; show it with the scheme Bearer")
            }
        case .certificate(let thumbprint):
            guard !presented.hasProofScheme, let own = presented.certificateThumbprint, own == thumbprint else {
                throw TokenRefusal(
                    .tokenBinding, "the token is bound to a certificate that this connection does not show")
            }
        case .key(let thumbprint): try checkProof(presented, thumbprint, at: time)
        }
    }

    private func checkProof(
        _ presented: PresentedToken, _ thumbprint: String, at time: Int64
    ) throws(TokenRefusal) {
        guard presented.hasProofScheme, presented.proofs.count == 1, let bytes = presented.proofs.first else {
            throw TokenRefusal(
                .tokenBinding, "the token is bound to a key; show it with the scheme DPoP and one proof",
                isAboutProof: presented.hasProofScheme)
        }
        let proof: DPoPProof
        do throws(DPoPError) {
            proof = try DPoPProof.verify(
                bytes, method: presented.method, target: presented.target, accessToken: presented.token, now: time)
        } catch {
            throw TokenRefusal(.tokenBinding, "the proof: \(error)", isAboutProof: true)
        }
        guard proof.keyThumbprint.utf8.elementsEqual(thumbprint.utf8) else {
            throw TokenRefusal(.tokenBinding, "the proof is made with another key", isAboutProof: true)
        }
        let key = ReplayCache.Key(issuer: proof.keyThumbprint, tokenID: proof.tokenID)
        let isNew = state.withLock { state in
            state.proofs.admit(key, until: proof.issuedAt &+ DPoPProof.window &+ 10, now: time)
        }
        guard isNew else {
            throw TokenRefusal(.tokenReplayed, "a proof is good once; make one for each request", isAboutProof: true)
        }
    }
}

extension TokenRefusal {
    /// Why a token cannot be believed.
    fileprivate init(_ error: ToolTokenError) {
        self.init(Self.reason(of: error), error.description)
    }

    private static func reason(of error: ToolTokenError) -> ReasonCode {
        switch error {
        case .token(let error):
            switch error {
            case .tooLong: .tokenTooLong
            case .algorithm, .otherAlgorithm: .tokenAlgorithm
            case .unknownKey: .tokenKeyUnknown
            case .signature: .tokenSignature
            case .notCompact, .encoding, .header, .critical, .payloadForm, .type, .keyID: .tokenMalformed
            }
        case .claims(let error):
            switch error {
            case .expired: .tokenExpired
            case .notYetValid: .tokenNotYetValid
            case .audience: .tokenAudience
            case .issuer: .tokenIssuer
            case .mismatch("iat"): .tokenRevoked
            case .mismatch("cnf"), .malformed("cnf"): .tokenBinding
            case .notAnObject, .missing, .malformed, .mismatch, .lifetime: .tokenMalformed
            }
        }
    }
}
