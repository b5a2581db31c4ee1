// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// A JWT-SVID that this program may present.
public struct JWTSVID: Sendable, Hashable {
    /// Who it speaks for.
    public let id: SPIFFEID
    /// Whom it is for.
    public let audience: [String]
    /// Unix seconds at which it was issued, when it says so.
    public let issuedAt: Int64?
    /// Unix seconds at which it ends.
    public let expiry: Int64
    /// What the issuer calls this identity; at most 1024 bytes.
    public let hint: String
    private let token: [UInt8]

    /// Takes a token whose claims are these.
    public init(
        token: [UInt8], id: SPIFFEID, audience: [String], issuedAt: Int64?, expiry: Int64, hint: String = ""
    ) {
        self.token = token
        self.id = id
        self.audience = audience
        self.issuedAt = issuedAt
        self.expiry = expiry
        self.hint = hint
    }

    /// The token in compact form, for the wire and nothing else.
    public func secretToken() -> [UInt8] { token }
}

extension JWTSVID: CustomStringConvertible, CustomReflectable {
    /// The identity; nothing of the token.
    public var description: String { "JWT-SVID \(id)" }
    /// The identity and nothing else.
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}

/// What a JWT-SVID of somebody else says, after it was verified.
public struct VerifiedJWTSVID: Sendable, Hashable {
    /// Who it speaks for.
    public let id: SPIFFEID
    /// Whom it is for; the verifier is among them.
    public let audience: [String]
    /// Unix seconds at which it ends.
    public let expiry: Int64
    /// Every claim, as it was signed.
    public let claims: JSONObject
    /// The key that signed it, by `kid`.
    public let keyID: String

    package init(verified id: SPIFFEID, audience: [String], expiry: Int64, claims: JSONObject, keyID: String) {
        self.id = id
        self.audience = audience
        self.expiry = expiry
        self.claims = claims
        self.keyID = keyID
    }

    /// How old it is, and its key. One that does not say when it was issued is as old as can be.
    public var basis: ProofBasis {
        ProofBasis(tokenIssuedAt: claims["iat"]?.integer ?? .min, tokenID: claims["jti"]?.string, keyID: keyID)
    }
}
