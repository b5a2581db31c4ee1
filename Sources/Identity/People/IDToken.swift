// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import Protocols

/// What an ID token has to say for it to be believed.
public struct IDTokenDemands: Sendable {
    /// How `nonce` is judged.
    public enum Nonce: Sendable {
        /// It is there and is this one: the answer to a sign-in.
        case required(String)
        /// It is this one or is not there: a renewal.
        case ifPresent(String)
        /// It is not looked at: a token that was made for a front end of ours.
        case ignored
    }

    /// For whom the token may have been made; one of them.
    public var audiences: [String]
    /// How `nonce` is judged.
    public var nonce: Nonce
    /// How long ago the person may have authenticated, in seconds; `auth_time` has to be there then.
    public var maximumAge: Int64?
    /// The longest time since it was issued, in seconds; `nil` for as long as it lives.
    public var longestSinceIssue: Int64?
    /// The access token that came along, for `at_hash`.
    public var accessToken: String?

    /// Demands of the answer to a sign-in.
    public init(_ request: AuthorizationRequest) {
        audiences = [request.provider.clientID]
        nonce = .required(request.nonce)
        maximumAge = request.maximumAge
        longestSinceIssue = 600
    }

    /// Demands.
    public init(audiences: [String], nonce: Nonce) {
        self.audiences = audiences
        self.nonce = nonce
    }
}

/// ID tokens (OpenID Connect Core 1.0 section 3.1.3.7).
public enum IDToken {
    /// Seconds by which clocks may differ where a token would be good for too long.
    private static let leeway: Int64 = 5
    /// Seconds by which a foreign issuer's clock may be ahead.
    private static let foreignLeeway: Int64 = 60

    /// Reads a token that is signed as the provider is registered with and names its key, so that the key can be looked
    /// for. Nothing of it is verified.
    ///
    /// - Throws: ``IDTokenError``.
    public static func parse(_ token: [UInt8], of provider: OpenIDProvider) throws(IDTokenError) -> CompactJWS {
        let jws: CompactJWS
        do throws(JWSError) {
            jws = try CompactJWS(parsing: token)
        } catch {
            throw .token(error)
        }
        guard provider.algorithms.contains(jws.header.algorithm) else { throw .algorithm }
        // Access tokens and logout tokens are signed with the same keys and say so here.
        guard jws.header.type == nil || jws.header.isType("JWT") else { throw .token(.type) }
        guard let keyID = jws.header.keyID, !keyID.isEmpty else { throw .token(.keyID) }
        return jws
    }

    /// Whose token it says it is: good for choosing whom to ask for keys, and for nothing else.
    public static func claimedIssuer(of token: [UInt8]) -> String? {
        guard let jws = try? CompactJWS(parsing: token),
            let claims = try? TokenClaims(parsing: jws.unverifiedPayload)
        else { return nil }
        return try? claims.text("iss")
    }

    /// Verifies a token with the key that its `kid` names.
    ///
    /// - Parameter now: Unix seconds.
    /// - Throws: ``IDTokenError``.
    public static func verify(
        _ jws: CompactJWS, of provider: OpenIDProvider, key: VerificationKey, demands: IDTokenDemands, now: Int64
    ) throws(IDTokenError) -> (claims: PersonClaims, expiry: Int64) {
        guard provider.algorithms.contains(jws.header.algorithm) else { throw .algorithm }
        guard let keyID = jws.header.keyID, key.jsonWebKey.keyID?.isExactly(keyID) == true else {
            throw .token(.unknownKey)
        }
        let verified: VerifiedJWS
        do throws(JWSError) {
            verified = try jws.verified(with: key)
        } catch {
            throw .token(error)
        }
        do throws(ClaimsError) {
            let claims = try TokenClaims(parsing: verified.payload)
            return try judge(claims, algorithm: jws.header.algorithm, provider, demands, now)
        } catch {
            throw .claims(error)
        }
    }

    private static func judge(
        _ claims: TokenClaims, algorithm: JWSAlgorithm, _ provider: OpenIDProvider, _ demands: IDTokenDemands,
        _ now: Int64
    ) throws(ClaimsError) -> (claims: PersonClaims, expiry: Int64) {
        guard try claims.text("iss").isExactly(provider.issuer.description) else { throw .issuer }
        try checkAudience(claims, demands)
        let expiry = try checkTimes(claims, demands, now)
        try checkNonce(claims, demands.nonce)
        if let accessToken = demands.accessToken, let hash = try claims.optionalText("at_hash"),
            let expected = half(of: accessToken, algorithm), !SecretComparison.isSame(hash.utf8, expected.utf8)
        {
            throw .mismatch("at_hash")
        }
        guard let person = PersonIdentifier(issuer: provider.issuer.description, subject: try claims.text("sub"))
        else { throw .malformed("sub") }
        var result = PersonClaims(person: person)
        result.groups = try PersonClaims.groups(in: claims.members, claim: provider.groupsClaim)
        result.authenticationTime = try authenticationTime(claims, demands, now)
        result.authenticationContext = try claims.optionalText("acr")
        result.names = PersonClaims.names(in: claims.members)
        result.issuedAt = try claims.time("iat")
        return (result, expiry)
    }

    private static func checkAudience(_ claims: TokenClaims, _ demands: IDTokenDemands) throws(ClaimsError) {
        let audience = try claims.audience()
        let ours = demands.audiences.filter { wanted in audience.contains { $0.isExactly(wanted) } }
        guard !ours.isEmpty else { throw .audience }
        // A token for several says who asked for it, and that was one of ours.
        if let party = try claims.optionalText("azp") {
            guard ours.contains(where: { $0.isExactly(party) }) else { throw .mismatch("azp") }
        } else if audience.count > 1 {
            throw .missing("azp")
        }
    }

    private static func checkTimes(
        _ claims: TokenClaims, _ demands: IDTokenDemands, _ now: Int64
    ) throws(ClaimsError) -> Int64 {
        let expiry = try claims.time("exp")
        guard now < expiry &+ leeway else { throw .expired }
        let issued = try claims.time("iat")
        guard issued <= now &+ foreignLeeway else { throw .notYetValid }
        if let longest = demands.longestSinceIssue, issued &+ longest < now { throw .expired }
        if let start = try claims.optionalTime("nbf"), start > now &+ foreignLeeway { throw .notYetValid }
        return expiry
    }

    private static func checkNonce(_ claims: TokenClaims, _ demand: IDTokenDemands.Nonce) throws(ClaimsError) {
        let nonce = try claims.optionalText("nonce")
        switch demand {
        case .required(let wanted):
            guard let nonce else { throw .missing("nonce") }
            guard SecretComparison.isSame(nonce.utf8, wanted.utf8) else { throw .mismatch("nonce") }
        case .ifPresent(let wanted):
            if let nonce, !SecretComparison.isSame(nonce.utf8, wanted.utf8) { throw .mismatch("nonce") }
        case .ignored: break
        }
    }

    private static func authenticationTime(
        _ claims: TokenClaims, _ demands: IDTokenDemands, _ now: Int64
    ) throws(ClaimsError) -> Int64? {
        let time = try claims.optionalTime("auth_time")
        if let time, time > now &+ foreignLeeway { throw .notYetValid }
        if let maximumAge = demands.maximumAge {
            guard let time else { throw .missing("auth_time") }
            guard now <= time &+ maximumAge &+ foreignLeeway else { throw .mismatch("auth_time") }
        }
        return time.map { min($0, now) }
    }

    /// `at_hash` as it has to be; `nil` for algorithms that name no hash.
    private static func half(of accessToken: String, _ algorithm: JWSAlgorithm) -> String? {
        let bytes = Array(accessToken.utf8)
        let digest: [UInt8]
        switch algorithm {
        case .es256, .rs256, .ps256: digest = Array(SHA256.hash(data: bytes))
        case .es384, .rs384, .ps384: digest = Array(SHA384.hash(data: bytes))
        case .es512, .rs512, .ps512: digest = Array(SHA512.hash(data: bytes))
        case .edDSA: return nil
        }
        return StrictBase64.url.text(digest.prefix(digest.count / 2))
    }
}

/// Why an ID token is refused.
public enum IDTokenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no acceptable signed token.
    case token(JWSError)
    /// It is signed with an algorithm that the provider is not registered with.
    case algorithm
    /// What it says is not acceptable.
    case claims(ClaimsError)

    /// What is wrong; nothing of the token.
    public var description: String {
        switch self {
        case .token(let error): "\(error)"
        case .algorithm: "its alg is not one that the provider is registered with"
        case .claims(let error): "\(error)"
        }
    }
}
