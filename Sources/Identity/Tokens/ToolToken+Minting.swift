// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
public import Protocols

/// Tool tokens: making them, and judging those that are presented.
public enum ToolToken {
    /// Signs a tool token.
    ///
    /// Whether the grants allow the call is the caller's to know; this keeps the form, the chain of actors and the lifetime.
    ///
    /// - Returns: the compact form.
    /// - Throws: ``SigningError/invalid(_:)`` that names the rule which the claims break.
    public static func mint(
        _ claims: ToolTokenClaims, signer: some TokenSigner
    ) throws(SigningError) -> [UInt8] {
        try check(claims)
        guard signer.algorithm == .es256 else { throw .invalid("tool tokens are signed with ES256") }
        return try signer.sign(payload(of: claims).bytes, type: ToolTokenClaims.type)
    }

    /// The claims as introspection shows them.
    public static func json(of claims: ToolTokenClaims) -> JSONValue { payload(of: claims) }

    /// SHA-256 of a call's arguments in their canonical form (RFC 8785).
    public static func argumentsHash(_ arguments: JSONValue) -> [UInt8] {
        Array(SHA256.hash(data: arguments.canonicalBytes))
    }

    /// A random 128-bit value as `jti` and `txn` have it.
    public static func identifier(using generator: inout some RandomNumberGenerator) -> String {
        let bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return StrictBase64.url.text(bytes)
    }

    private static func check(_ claims: ToolTokenClaims) throws(SigningError) {
        let texts = [claims.issuer, claims.subject, claims.audience, claims.transaction, claims.tokenID]
        guard texts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 2048 }) else {
            throw .invalid("a claim is empty or too long")
        }
        guard isName(claims.call.server), isName(claims.call.tool) else {
            throw .invalid("the server or the tool has characters that a scope cannot have")
        }
        let lifetime = claims.expiry.subtractingReportingOverflow(claims.issuedAt)
        guard !lifetime.overflow, (1...ToolTokenClaims.maximumLifetime).contains(lifetime.partialValue) else {
            throw .invalid("the lifetime is out of range")
        }
        guard claims.actors.count <= ToolTokenClaims.maximumActors else { throw .invalid("too many actors") }
        guard Set(claims.actors).count == claims.actors.count else { throw .invalid("an actor stands there twice") }
        if let hash = claims.call.argumentsHash, hash.count != 32 { throw .invalid("the arguments' hash is none") }
        if let calls = claims.call.maximumCalls, calls < 1 { throw .invalid("no call is allowed") }
        if case .certificate(let thumbprint) = claims.confirmation, thumbprint.count != 32 {
            throw .invalid("the certificate's thumbprint is none")
        }
    }

    /// Whether a name can stand in a scope (RFC 6749 section 3.3): visible ASCII without quote and backslash.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
    }

    private static func payload(of claims: ToolTokenClaims) -> JSONValue {
        var object = JSONObject()
        object["iss"] = .string(claims.issuer)
        object["sub"] = .string(claims.subject)
        object["aud"] = .string(claims.audience)
        object["client_id"] = .string(claims.clientID.description)
        object["scope"] = .string(claims.call.scope)
        object["authorization_details"] = [details(of: claims.call)]
        object["txn"] = .string(claims.transaction)
        object["jti"] = .string(claims.tokenID)
        object["iat"] = .integer(claims.issuedAt)
        object["nbf"] = .integer(claims.issuedAt &- ToolTokenClaims.backdating)
        object["exp"] = .integer(claims.expiry)
        object["act"] = actors(claims.actors)
        object["cnf"] = claims.confirmation?.json
        object["auth_time"] = claims.authenticationTime.map { .integer($0) }
        object["acr"] = claims.authenticationContext.map { .string($0) }
        object["urn:gw:decision"] = claims.decision.map { .string($0) }
        return .object(object)
    }

    private static func details(of call: ToolCall) -> JSONValue {
        var object = JSONObject()
        object["type"] = .string(ToolCall.type)
        object["server"] = .string(call.server)
        object["tool"] = .string(call.tool)
        object["args_sha256"] = call.argumentsHash.map { .string(StrictBase64.url.text($0)) }
        object["max_calls"] = call.maximumCalls.map { .integer($0) }
        return .object(object)
    }

    /// The chain, the innermost actor last; nil without actors.
    static func actors(_ actors: [SPIFFEID]) -> JSONValue? {
        var inner: JSONValue?
        for actor in actors.reversed() {
            var object = JSONObject()
            object["sub"] = .string(actor.description)
            object["act"] = inner
            inner = .object(object)
        }
        return inner
    }
}
