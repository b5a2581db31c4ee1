// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Protocols
internal import Synchronization

/// Speaks with one provider: its metadata and keys, codes, refresh tokens, userinfo.
public final class ProviderClient: Sendable {
    private struct State {
        var metadata: ProviderMetadata?
        var metadataAt: Int64 = 0
        var askedAt: Int64?
        var keys = ProviderKeys()
        /// When it did not answer the last time.
        var failedAt: Int64?
    }

    /// The registration.
    public let provider: OpenIDProvider
    private let secret: [UInt8]?
    private let fetcher: any ProviderFetcher
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())
    private let turnstile = Turnstile()

    /// How long metadata are believed, in seconds.
    static let metadataLife: Int64 = 3600
    /// The least time between two questions for metadata, in seconds.
    static let interval: Int64 = 5
    /// How long a provider that did not answer is left alone, in seconds: those who wait do not wait one after the other.
    static let rest: Int64 = 3

    /// Prepares a client; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - secret: The client's secret; `nil` for a public client, which PKCE alone protects.
    ///   - now: Unix seconds.
    public init(
        _ provider: OpenIDProvider, secret: [UInt8]?, fetcher: any ProviderFetcher,
        now: @escaping @Sendable () -> Int64
    ) {
        self.provider = provider
        self.secret = secret
        self.fetcher = fetcher
        self.now = now
    }

    // MARK: What the provider says of itself

    /// The provider's metadata.
    ///
    /// - Throws: `ProviderError`.
    public func metadata() async throws(ProviderError) -> ProviderMetadata {
        if let metadata = fresh() { return metadata }
        return try await turnstile.pass { () async throws(ProviderError) in
            if let metadata = fresh() { return metadata }
            let now = now()
            let mayAsk = state.withLock { state in
                if let askedAt = state.askedAt, now >= askedAt, now < askedAt &+ Self.interval { return false }
                state.askedAt = now
                return true
            }
            guard mayAsk else { throw .unreachable("it was asked a moment ago, in vain") }
            guard let url = ProviderURL(provider.metadataURL) else {
                throw .metadata("have no address")
            }
            let answer = try await ask(ProviderFetch(url, largestAnswer: ProviderMetadata.limits.bytes))
            guard answer.status == 200 else { throw .unreachable("its metadata have status \(answer.status)") }
            let metadata = try ProviderMetadata(parsing: answer.body, for: provider)
            state.withLock { state in
                state.metadata = metadata
                state.metadataAt = now
                state.askedAt = nil
            }
            return metadata
        }
    }

    private func fresh() -> ProviderMetadata? {
        let now = now()
        return state.withLock { state in
            now >= state.metadataAt && now < state.metadataAt &+ Self.metadataLife ? state.metadata : nil
        }
    }

    /// Verifies an ID token, after a look for its key where that is due.
    ///
    /// - Throws: `ProviderError`.
    public func verify(
        _ token: [UInt8], _ demands: IDTokenDemands
    ) async throws(ProviderError) -> (claims: PersonClaims, expiry: Int64) {
        let jws: CompactJWS
        do throws(IDTokenError) {
            jws = try IDToken.parse(token, of: provider)
        } catch {
            throw .token(error)
        }
        let key = try await key(jws.header.keyID ?? "")
        do throws(IDTokenError) {
            return try IDToken.verify(jws, of: provider, key: key, demands: demands, now: now())
        } catch {
            throw .token(error)
        }
    }

    private func key(_ keyID: String) async throws(ProviderError) -> VerificationKey {
        // Whoever has a known key does not wait behind those who made one up.
        let present = now()
        if let key = state.withLock({ $0.keys.known(keyID, now: present) }) { return key }
        let metadata = try await metadata()
        return try await turnstile.pass { () async throws(ProviderError) in
            let asked = now()
            switch state.withLock({ $0.keys.step(for: keyID, now: asked) }) {
            case .use(let key): return key
            case .unknown: throw .token(.token(.unknownKey))
            case .unavailable: throw .keysUnavailable
            case .fetch: break
            }
            let answer = try await ask(
                ProviderFetch(metadata.keySetURL, largestAnswer: JSONWebKeySet.limits.bytes))
            guard answer.status == 200 else { throw .unreachable("its keys have status \(answer.status)") }
            let outcome = state.withLock { state in
                Result { () throws(ProviderError) in try state.keys.take(answer.body, now: asked) }
            }
            try outcome.get()
            guard let key = state.withLock({ $0.keys.known(keyID, now: asked) }) else {
                throw .token(.token(.unknownKey))
            }
            return key
        }
    }

    // MARK: What it says of a person

    /// Redeems a code.
    ///
    /// - Throws: `ProviderError`.
    func redeem(_ code: String, of request: AuthorizationRequest) async throws(ProviderError) -> ProviderSignIn {
        let reply = try await token(request.redemption(of: code))
        guard let idToken = reply.idToken else { throw .malformed("answer without id_token") }
        var demands = IDTokenDemands(request)
        demands.accessToken = reply.accessToken
        var claims = try await verify(idToken, demands).claims
        if let person = request.person, claims.person != person { throw .otherPerson }
        try await complete(&claims, accessToken: reply.accessToken)
        return ProviderSignIn(
            claims: claims, nonce: request.nonce, accessToken: reply.accessToken, refreshToken: reply.refreshToken)
    }

    /// Asks again what holds for a person. Whatever was said before does not count.
    ///
    /// - Parameter signIn: Has new tokens as soon as the provider gave them, also when this throws: a refresh token that
    ///   was used is often good no more.
    /// - Throws: `ProviderError`; the claims are those of before then.
    func renew(_ signIn: inout ProviderSignIn) async throws(ProviderError) {
        var claims = signIn.claims
        claims.groups = nil
        if let refreshToken = signIn.refreshToken {
            let reply = try await token([("grant_type", "refresh_token"), ("refresh_token", refreshToken)])
            signIn.accessToken = reply.accessToken
            signIn.refreshToken = reply.refreshToken ?? refreshToken
            if let idToken = reply.idToken {
                var demands = IDTokenDemands(audiences: [provider.clientID], nonce: .ifPresent(signIn.nonce))
                demands.accessToken = reply.accessToken
                let said = try await verify(idToken, demands).claims
                guard said.person == claims.person else { throw .otherPerson }
                claims.groups = said.groups
            }
            try await complete(&claims, accessToken: signIn.accessToken)
        } else {
            guard try await metadata().userInfoEndpoint != nil else { throw .noCredential }
            claims.groups = try await userInfo(of: claims.person, accessToken: signIn.accessToken) ?? []
        }
        signIn.claims = claims
    }

    /// Asks for the groups where the ID token says nothing of them.
    private func complete(_ claims: inout PersonClaims, accessToken: String) async throws(ProviderError) {
        guard claims.groups == nil else { return }
        guard provider.groupsClaim != nil, try await metadata().userInfoEndpoint != nil else {
            claims.groups = []
            return
        }
        claims.groups = try await userInfo(of: claims.person, accessToken: accessToken) ?? []
    }

    private func userInfo(
        of person: PersonIdentifier, accessToken: String
    ) async throws(ProviderError) -> [String]? {
        guard let endpoint = try await metadata().userInfoEndpoint else { return nil }
        let answer = try await ask(ProviderFetch(endpoint, authorization: "Bearer \(accessToken)"))
        return try UserInfoReply.groups(
            status: answer.status, body: answer.body, of: person, provider: provider)
    }

    private func token(_ fields: [(name: String, value: String)]) async throws(ProviderError) -> TokenReply {
        let metadata = try await metadata()
        var fields = fields
        var authorization: String?
        if let secret {
            let secret = String(decoding: secret, as: UTF8.self)
            if metadata.takesSecretInForm {
                fields += [("client_id", provider.clientID), ("client_secret", secret)]
            } else {
                // RFC 6749 section 2.3.1: both are written as form values first.
                let pair = "\(FormText.escaped(provider.clientID)):\(FormText.escaped(secret))"
                authorization = "Basic \(StrictBase64.standard.text(Array(pair.utf8)))"
            }
        } else {
            fields.append(("client_id", provider.clientID))
        }
        let answer = try await ask(
            ProviderFetch(metadata.tokenEndpoint, authorization: authorization, form: FormText.encode(fields)))
        return try TokenReply(status: answer.status, body: answer.body)
    }

    private func ask(_ request: ProviderFetch) async throws(ProviderError) -> ProviderAnswer {
        let asked = now()
        let isResting = state.withLock { state in
            state.failedAt.map { asked >= $0 && asked < $0 &+ Self.rest } ?? false
        }
        guard !isResting else { throw .unreachable("it did not answer a moment ago") }
        let answer: ProviderAnswer
        do throws(ProviderFetchFailure) {
            answer = try await fetcher.fetch(request)
        } catch {
            let failed = now()
            state.withLock { $0.failedAt = failed }
            throw .unreachable(error.description)
        }
        guard answer.body.count <= request.largestAnswer else { throw .unreachable("its answer is too long") }
        return answer
    }
}

/// What a provider gave for a person: claims, and what to ask with again. Secrets.
struct ProviderSignIn: Sendable {
    var claims: PersonClaims
    let nonce: String
    var accessToken: String
    var refreshToken: String?
}

extension ProviderSignIn: CustomStringConvertible, CustomReflectable {
    var description: String { "[redacted]" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
