// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// An authorization server whose access tokens count, as the operator registered it.
public struct AccessTokenIssuer: Sendable, Hashable {
    /// What stands in `typ`.
    public enum TokenType: String, Sendable, Hashable, CaseIterable {
        /// RFC 9068.
        case accessToken = "at+jwt"
        /// A JWT that does not say what it is for. Only `aud` tells it from an ID token.
        case plain = "JWT"
    }

    /// `iss`, byte by byte.
    public var issuer: ProviderURL
    /// What tokens may be signed with, whatever their heads say.
    public var algorithms: Set<JWSAlgorithm>
    /// What may stand in `typ`.
    public var types: Set<TokenType>
    /// Tokens that were issued before this time are void, in Unix seconds.
    public var issuedAfter: Int64?

    /// Registers a server.
    public init(
        issuer: ProviderURL, algorithms: Set<JWSAlgorithm> = OpenIDProvider.standardAlgorithms,
        types: Set<TokenType> = [.accessToken], issuedAfter: Int64? = nil
    ) {
        self.issuer = issuer
        self.algorithms = algorithms
        self.types = types
        self.issuedAfter = issuedAfter
    }
}

/// What a verified access token of another issuer says.
public struct AccessTokenClaims: Sendable, Hashable {
    /// `jti`, where it has one.
    public let tokenID: String?
    /// `scope`, word by word.
    public let scopes: [String]
    /// `iat` in Unix seconds.
    public let issuedAt: Int64
    /// `exp` in Unix seconds.
    public let expiry: Int64
    /// `cnf`: what the presenter must prove.
    public let confirmation: TokenConfirmation?
    /// Every claim.
    public let members: JSONObject
}

/// Access tokens of authorization servers (RFC 9068), judged by the resource that they are shown to.
public enum AccessToken {
    /// The longest token that is read, in bytes; it fits into a field.
    public static let longest = 7168
    /// Seconds between `iat` and `exp` at most.
    public static let longestLife: Int64 = 86_400
    /// Seconds by which clocks may differ where a token would be good for too long.
    private static let leeway: Int64 = 5
    /// Seconds by which a foreign issuer's clock may be ahead.
    private static let foreignLeeway: Int64 = 60
    private static let mostScopes = 256

    /// Whether a text has the outer form of a compact JWS: three parts of base64url with dots between them.
    public static func hasForm(_ text: some Collection<UInt8>) -> Bool {
        var dots = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                dots &+= 1
                if dots > 2 { return false }
            } else if !(byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == 0x5F) {
                return false
            }
        }
        return dots == 2
    }

    /// Reads a token without verifying anything: its head, and whose it says that it is. Good for choosing a key.
    ///
    /// - Throws: ``ToolTokenError``.
    public static func parse(_ token: [UInt8]) throws(ToolTokenError) -> (jws: CompactJWS, issuer: String) {
        let jws: CompactJWS
        do throws(JWSError) {
            guard token.count <= longest else { throw JWSError.tooLong }
            jws = try CompactJWS(parsing: token)
            guard let keyID = jws.header.keyID, !keyID.isEmpty else { throw JWSError.keyID }
        } catch {
            throw .token(error)
        }
        do throws(ClaimsError) {
            return (jws, try TokenClaims(parsing: jws.unverifiedPayload).text("iss"))
        } catch {
            throw .claims(error)
        }
    }

    /// Verifies a token with the key that its `kid` names. Whether its presenter proves what `cnf` asks for is the
    /// caller's to judge.
    ///
    /// - Parameters:
    ///   - audiences: The identifiers of the resource; `aud` is one of them, and nothing beside it.
    ///   - now: Unix seconds.
    /// - Throws: ``ToolTokenError``.
    public static func verify(
        _ jws: CompactJWS, of issuer: AccessTokenIssuer, key: VerificationKey, audiences: [String], now: Int64
    ) throws(ToolTokenError) -> AccessTokenClaims {
        let verified: VerifiedJWS
        do throws(JWSError) {
            guard issuer.algorithms.contains(jws.header.algorithm) else { throw JWSError.algorithm }
            guard issuer.types.contains(where: { jws.header.isType($0.rawValue) }) else { throw JWSError.type }
            guard let keyID = jws.header.keyID, key.jsonWebKey.keyID?.isExactly(keyID) == true else {
                throw JWSError.unknownKey
            }
            verified = try jws.verified(with: key)
        } catch {
            throw .token(error)
        }
        do throws(ClaimsError) {
            return try judge(TokenClaims(parsing: verified.payload), issuer, audiences: audiences, now: now)
        } catch {
            throw .claims(error)
        }
    }

    private static func judge(
        _ claims: TokenClaims, _ issuer: AccessTokenIssuer, audiences: [String], now: Int64
    ) throws(ClaimsError) -> AccessTokenClaims {
        guard try claims.text("iss").isExactly(issuer.issuer.description) else { throw .issuer }
        // One recipient: a token for two would be good at the wrong one.
        let recipients = try claims.audience()
        guard recipients.count == 1, let recipient = recipients.first,
            audiences.contains(where: { $0.isExactly(recipient) })
        else { throw .audience }
        let expiry = try claims.time("exp")
        guard now < expiry &+ leeway else { throw .expired }
        let issued = try claims.time("iat")
        guard issued <= now &+ foreignLeeway else { throw .notYetValid }
        guard expiry > issued, expiry &- issued <= longestLife else { throw .lifetime }
        if let start = try claims.optionalTime("nbf"), start > now &+ foreignLeeway { throw .notYetValid }
        if let time = issuer.issuedAfter, issued < time { throw .mismatch("iat") }
        _ = try claims.text("sub")
        // Some servers write an empty text for none.
        let isEmpty = claims.members["scope"]?.string?.isEmpty ?? false
        let scopes = isEmpty ? [] : try claims.optionalText("scope")?.utf8.split(separator: 0x20) ?? []
        guard scopes.count <= mostScopes else { throw .malformed("scope") }
        return AccessTokenClaims(
            tokenID: try claims.optionalText("jti"), scopes: scopes.map { String(decoding: Array($0), as: UTF8.self) },
            issuedAt: issued, expiry: expiry, confirmation: try TokenConfirmation(claims), members: claims.members)
    }
}

extension AccessTokenClaims: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
