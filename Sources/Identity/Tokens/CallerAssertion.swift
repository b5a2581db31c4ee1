// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// What the gate says to a service about who is asking: one agent, on whose behalf, how strongly known, for a minute.
///
/// It allows nothing. Its `typ` keeps it from being taken for one of the tokens that the same keys sign.
public struct CallerAssertion: Sendable, Hashable {
    /// The media type in `typ`.
    public static let type = "yett-identity+jwt"
    /// Seconds between `iat` and `exp`.
    public static let lifetime: Int64 = 60

    /// `iss`: the gate's issuer URL.
    public var issuer: String
    /// `aud`: the service's resource identifier, and only that.
    public var audience: String
    /// `sub`: the agent.
    public var agent: SPIFFEID
    /// `act`: who delegated to it, nearest first.
    public var delegators: [SPIFFEID] = []
    /// `proof` and `strength`: how the agent is known.
    public var proof: Proof
    /// `person`: on whose behalf it acts.
    public var person: Person?
    /// `task`: within which task.
    public var task: String?
    /// `decision`: which decision allowed the request, where the assertion is for one request only.
    public var decision: String?
    /// `jti`.
    public var assertionID: String
    /// `iat` in Unix seconds.
    public var issuedAt: Int64

    /// On whose behalf an agent acts.
    public struct Person: Sendable, Hashable {
        /// Who knows the person.
        public var issuer: String
        /// Its name for the person.
        public var subject: String
        /// When the person signed in; `nil` when nobody knows.
        public var authenticationTime: Int64?

        /// Names a person.
        public init(issuer: String, subject: String, authenticationTime: Int64?) {
            self.issuer = issuer
            self.subject = subject
            self.authenticationTime = authenticationTime
        }
    }

    /// Says who asks.
    public init(
        issuer: String, audience: String, agent: SPIFFEID, proof: Proof, assertionID: String, issuedAt: Int64
    ) {
        self.issuer = issuer
        self.audience = audience
        self.agent = agent
        self.proof = proof
        self.assertionID = assertionID
        self.issuedAt = issuedAt
    }

    /// Signs it.
    ///
    /// - Returns: the compact form.
    /// - Throws: ``SigningError``.
    public func signed(by signer: some TokenSigner) throws(SigningError) -> [UInt8] {
        let texts =
            [issuer, audience, assertionID] + [person?.issuer, person?.subject, task, decision].compactMap { $0 }
        guard texts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 2048 }) else {
            throw .invalid("a claim is empty or too long")
        }
        guard delegators.count < ToolTokenClaims.maximumActors else { throw .invalid("too many actors") }
        guard signer.algorithm == .es256 else { throw .invalid("assertions are signed with ES256") }
        var claims = JSONObject()
        claims["iss"] = .string(issuer)
        claims["aud"] = .string(audience)
        claims["sub"] = .string(agent.description)
        claims["act"] = ToolToken.actors(delegators)
        claims["proof"] = .string(proof.description)
        claims["strength"] = .integer(Int64(proof.strength))
        if let person {
            var object = JSONObject()
            object["iss"] = .string(person.issuer)
            object["sub"] = .string(person.subject)
            object["auth_time"] = person.authenticationTime.map { .integer($0) }
            claims["person"] = .object(object)
        }
        claims["task"] = task.map { .string($0) }
        claims["decision"] = decision.map { .string($0) }
        claims["jti"] = .string(assertionID)
        claims["iat"] = .integer(issuedAt)
        claims["nbf"] = .integer(issuedAt &- ToolTokenClaims.backdating)
        claims["exp"] = .integer(issuedAt &+ Self.lifetime)
        return try signer.sign(JSONValue.object(claims).bytes, type: Self.type)
    }
}
