// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// What a tool server, or the gate itself, demands of a tool token.
public struct ToolTokenDemands: Sendable {
    /// `iss`, exactly.
    public var issuer: String
    /// `aud`, exactly and alone.
    public var audience: String
    /// The tool that is called; nil when only the token itself is judged, as introspection does.
    public var call: ToolCall?
    /// SHA-256 of the certificate that the presenter showed in its TLS handshake.
    public var certificateThumbprint: [UInt8]?
    /// The thumbprint of the key of a DPoP proof that was verified beside the token.
    public var proofKeyThumbprint: String?
    /// Whether a token without `cnf` is refused.
    public var requiresConfirmation: Bool

    /// Demands; a token must be bound unless the caller says otherwise.
    public init(
        issuer: String, audience: String, call: ToolCall? = nil, certificateThumbprint: [UInt8]? = nil,
        proofKeyThumbprint: String? = nil, requiresConfirmation: Bool = true
    ) {
        self.issuer = issuer
        self.audience = audience
        self.call = call
        self.certificateThumbprint = certificateThumbprint
        self.proofKeyThumbprint = proofKeyThumbprint
        self.requiresConfirmation = requiresConfirmation
    }
}

extension ToolToken {
    private static let headerMembers = ["alg", "kid", "typ"]

    /// Verifies a tool token that was presented. Whether it was revoked or used up is the caller's to know.
    ///
    /// - Parameters:
    ///   - keys: the keys for tool tokens, and no others.
    ///   - now: Unix seconds.
    ///   - leeway: seconds by which clocks may differ, 0 to 60.
    /// - Throws: ``ToolTokenError``.
    public static func verify(
        _ token: [UInt8], keys: VerificationKeys, demands: ToolTokenDemands, now: Int64, leeway: Int64 = 5
    ) throws(ToolTokenError) -> ToolTokenClaims {
        let claims = try open(token, keys: keys, now: now, leeway: leeway)
        do throws(ClaimsError) {
            try judge(claims, demands: demands)
        } catch {
            throw .claims(error)
        }
        return claims
    }

    /// Verifies a tool token for whoever does not receive it for a call, as introspection does: signature, form, times,
    /// issuer, and that it is for one of some audiences. What it is bound to is not looked at.
    ///
    /// - Throws: ``ToolTokenError``.
    public static func verify(
        _ token: [UInt8], keys: VerificationKeys, issuer: String, audiences: [String], now: Int64, leeway: Int64 = 5
    ) throws(ToolTokenError) -> ToolTokenClaims {
        let claims = try open(token, keys: keys, now: now, leeway: leeway)
        guard claims.issuer.isExactly(issuer) else { throw .claims(.issuer) }
        guard audiences.contains(where: { $0.isExactly(claims.audience) }) else { throw .claims(.audience) }
        return claims
    }

    private static func open(
        _ token: [UInt8], keys: VerificationKeys, now: Int64, leeway: Int64
    ) throws(ToolTokenError) -> ToolTokenClaims {
        let verified: VerifiedJWS
        do throws(JWSError) {
            let jws = try CompactJWS(parsing: token)
            guard jws.header.isType(ToolTokenClaims.type) else { throw JWSError.type }
            guard jws.header.algorithm == .es256 else { throw JWSError.algorithm }
            guard jws.header.hasOnly(headerMembers) else { throw JWSError.header }
            verified = try keys.verify(jws)
        } catch {
            throw .token(error)
        }
        do throws(ClaimsError) {
            return try read(TokenClaims(parsing: verified.payload), now: now, leeway: leeway)
        } catch {
            throw .claims(error)
        }
    }

    private static func judge(_ claims: ToolTokenClaims, demands: ToolTokenDemands) throws(ClaimsError) {
        guard claims.issuer.isExactly(demands.issuer) else { throw .issuer }
        guard claims.audience.isExactly(demands.audience) else { throw .audience }
        if let call = demands.call {
            guard claims.call.server.isExactly(call.server), claims.call.tool.isExactly(call.tool) else {
                throw .mismatch("scope")
            }
            if let hash = claims.call.argumentsHash, hash != call.argumentsHash { throw .mismatch("args_sha256") }
        }
        switch claims.confirmation {
        case nil: if demands.requiresConfirmation { throw .missing("cnf") }
        case .certificate(let thumbprint):
            guard thumbprint == demands.certificateThumbprint else { throw .mismatch("cnf") }
        case .key(let thumbprint):
            guard let proof = demands.proofKeyThumbprint, thumbprint.isExactly(proof) else { throw .mismatch("cnf") }
        }
    }

    private static func read(
        _ claims: TokenClaims, now: Int64, leeway: Int64
    ) throws(ClaimsError) -> ToolTokenClaims {
        let expiry = try claims.checkTimes(at: now, leeway: leeway)
        let issuedAt = try claims.time("iat")
        guard expiry > issuedAt, expiry &- issuedAt <= ToolTokenClaims.maximumLifetime else { throw .lifetime }
        // One text, not a list: a token for two servers would be good at the wrong one.
        let audience = try claims.text("aud")
        guard let clientID = try? SPIFFEID(parsing: claims.text("client_id")), !clientID.path.isEmpty else {
            throw .malformed("client_id")
        }
        var result = ToolTokenClaims(
            issuer: try claims.text("iss"), subject: try claims.text("sub"), audience: audience, clientID: clientID,
            actors: try actors(claims.members["act"]), call: try call(claims), transaction: try claims.text("txn"),
            tokenID: try claims.text("jti"), issuedAt: issuedAt, expiry: expiry,
            confirmation: try TokenConfirmation(claims))
        result.authenticationTime = try claims.optionalTime("auth_time")
        result.authenticationContext = try claims.optionalText("acr")
        result.decision = try claims.optionalText("urn:gw:decision")
        return result
    }

    private static func call(_ claims: TokenClaims) throws(ClaimsError) -> ToolCall {
        guard let details = claims.members["authorization_details"] else { throw .missing("authorization_details") }
        guard let entries = details.array, entries.count == 1, let entry = entries.first?.object,
            entry["type"]?.string?.isExactly(ToolCall.type) == true, let server = entry["server"]?.string,
            let tool = entry["tool"]?.string
        else { throw .malformed("authorization_details") }
        var hash: [UInt8]?
        if let value = entry["args_sha256"] {
            guard let text = value.string, let bytes = StrictBase64.url.decode(text.utf8), bytes.count == 32 else {
                throw .malformed("authorization_details")
            }
            hash = bytes
        }
        var maximum: Int?
        if let value = entry["max_calls"] {
            guard let integer = value.integer, integer > 0, let calls = Int(exactly: integer) else {
                throw .malformed("authorization_details")
            }
            maximum = calls
        }
        let call = ToolCall(server: server, tool: tool, argumentsHash: hash, maximumCalls: maximum)
        guard try claims.text("scope").isExactly(call.scope) else { throw .mismatch("scope") }
        return call
    }

    private static func actors(_ value: JSONValue?) throws(ClaimsError) -> [SPIFFEID] {
        var actors: [SPIFFEID] = []
        var rest = value
        while let value = rest {
            guard actors.count < ToolTokenClaims.maximumActors, let object = value.object,
                let text = object["sub"]?.string, let id = try? SPIFFEID(parsing: text), !actors.contains(id)
            else { throw .malformed("act") }
            actors.append(id)
            rest = object["act"]
        }
        return actors
    }
}

/// Why a tool token is refused.
public enum ToolTokenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no token of this kind, or its signature is wrong.
    case token(JWSError)
    /// A claim is missing, malformed or does not fit.
    case claims(ClaimsError)

    /// What is wrong; nothing of the token.
    public var description: String {
        switch self {
        case .token(let error): "\(error)"
        case .claims(let error): "\(error)"
        }
    }
}
