// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

extension JWTSVID {
    /// Header members that a JWT-SVID may have (SPIFFE JWT-SVID, section 2).
    private static let headerMembers = ["alg", "kid", "typ"]

    /// Verifies a token that somebody presented.
    ///
    /// The bundle is chosen by the trust domain of `sub`, the key by `kid`; nothing else is tried.
    ///
    /// - Parameters:
    ///   - audience: the recipient that must be among the token's.
    ///   - now: Unix seconds.
    ///   - leeway: seconds by which clocks may differ, 0 to 60.
    /// - Throws: ``JWTSVIDError``.
    public static func verify(
        _ token: [UInt8], audience: String, bundles: TrustBundles, now: Int64, leeway: Int64 = 5
    ) throws(JWTSVIDError) -> VerifiedJWTSVID {
        let jws = try parse(token)
        let id = try subject(of: try claims(jws.unverifiedPayload))
        guard let bundle = bundles[id.trustDomain] else { throw .untrustedDomain(id.trustDomain) }
        guard let keyID = jws.header.keyID, !keyID.isEmpty else { throw .token(.keyID) }
        guard let key = bundle.jwt[keyID] else { throw .unknownKey }
        let verified: VerifiedJWS
        do throws(JWSError) {
            verified = try jws.verified(with: key)
        } catch {
            throw .token(error)
        }
        return try judge(claims(verified.payload), keyID, audience: audience, now: now, leeway: leeway)
    }

    private static func parse(_ token: [UInt8]) throws(JWTSVIDError) -> CompactJWS {
        let jws: CompactJWS
        do throws(JWSError) {
            jws = try CompactJWS(parsing: token)
        } catch {
            throw .token(error)
        }
        guard jws.header.hasOnly(headerMembers) else { throw .headerMember }
        guard JWSAlgorithm.svid.contains(jws.header.algorithm) else { throw .algorithm }
        if let type = jws.header.type, !["JWT", "JOSE"].contains(where: { $0.isExactly(type) }) { throw .token(.type) }
        return jws
    }

    private static func claims(_ payload: [UInt8]) throws(JWTSVIDError) -> TokenClaims {
        do throws(ClaimsError) {
            return try TokenClaims(parsing: payload)
        } catch {
            throw .claims(error)
        }
    }

    private static func subject(of claims: TokenClaims) throws(JWTSVIDError) -> SPIFFEID {
        let text: String
        do throws(ClaimsError) {
            text = try claims.text("sub")
        } catch {
            throw .claims(error)
        }
        let id: SPIFFEID
        do throws(SPIFFEIDError) {
            id = try SPIFFEID(parsing: text)
        } catch {
            throw .id(error)
        }
        guard !id.path.isEmpty else { throw .noPath }
        return id
    }

    private static func judge(
        _ claims: TokenClaims, _ keyID: String, audience: String, now: Int64, leeway: Int64
    ) throws(JWTSVIDError) -> VerifiedJWTSVID {
        let id = try subject(of: claims)
        do throws(ClaimsError) {
            let recipients = try claims.audience()
            guard recipients.contains(where: { $0.isExactly(audience) }) else { throw ClaimsError.audience }
            let expiry = try claims.checkTimes(at: now, leeway: leeway)
            return VerifiedJWTSVID(
                verified: id, audience: recipients, expiry: expiry, claims: claims.members, keyID: keyID)
        } catch {
            throw .claims(error)
        }
    }
}

extension JWTSVID {
    /// Takes a token that an issuer handed to this program, to present it. It is read as strictly as a stranger's, but for
    /// the signature, which is its recipients' to judge.
    ///
    /// - Parameters:
    ///   - audience: the recipients that it was asked for; each must be among the token's.
    ///   - now: Unix seconds.
    /// - Throws: ``JWTSVIDError``.
    public init(
        received token: [UInt8], audience: [String], now: Int64, hint: String = ""
    ) throws(JWTSVIDError) {
        let jws = try Self.parse(token)
        guard let keyID = jws.header.keyID, !keyID.isEmpty else { throw .token(.keyID) }
        let claims = try Self.claims(jws.unverifiedPayload)
        let id = try Self.subject(of: claims)
        do throws(ClaimsError) {
            let recipients = try claims.audience()
            for recipient in audience where !recipients.contains(where: { $0.isExactly(recipient) }) {
                throw ClaimsError.audience
            }
            let expiry = try claims.checkTimes(at: now, leeway: 5)
            self.init(
                token: token, id: id, audience: recipients, issuedAt: try claims.optionalTime("iat"), expiry: expiry,
                hint: hint)
        } catch {
            throw .claims(error)
        }
    }
}

extension JWTSVID {
    /// The longest life that is issued, in seconds.
    public static let maximumLifetime: Int64 = 300

    /// Issues a token.
    ///
    /// - Parameters:
    ///   - id: whose identity; it has a path.
    ///   - audience: one to 32 recipients.
    ///   - lifetime: seconds, at most ``maximumLifetime``.
    ///   - tokenID: `jti`, 128 random bits.
    ///   - now: Unix seconds.
    /// - Throws: ``SigningError``.
    public static func issue(
        _ id: SPIFFEID, audience: [String], lifetime: Int64, tokenID: [UInt8], now: Int64,
        signer: some TokenSigner, hint: String = ""
    ) throws(SigningError) -> JWTSVID {
        guard !id.path.isEmpty else { throw .invalid("the SPIFFE ID has no path") }
        guard (1...32).contains(audience.count), audience.allSatisfy({ !$0.isEmpty }) else {
            throw .invalid("the audience is empty or too large")
        }
        guard (1...maximumLifetime).contains(lifetime) else { throw .invalid("the lifetime is out of range") }
        guard JWSAlgorithm.svid.contains(signer.algorithm) else { throw .invalid("the key is none for JWT-SVIDs") }
        let claims: JSONValue = [
            "sub": .string(id.description), "aud": .array(audience.map { .string($0) }), "iat": .integer(now),
            "exp": .integer(now &+ lifetime), "jti": .string(StrictBase64.url.text(tokenID)),
        ]
        let token = try signer.sign(claims.bytes, type: "JWT")
        return JWTSVID(
            token: token, id: id, audience: audience, issuedAt: now, expiry: now &+ lifetime, hint: hint)
    }
}
