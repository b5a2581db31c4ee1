// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// What a tool token says: one person or agent, one tool server, one tool, one task, about a minute.
///
/// Source: RFC 9068 for the profile, RFC 8693 section 4.1 for `act`, RFC 9396 for `authorization_details`, RFC 7800 and
/// RFC 8705 for `cnf`.
public struct ToolTokenClaims: Sendable, Hashable {
    /// `iss`: the gate's issuer URL.
    public var issuer: String
    /// `sub`: the person on whose behalf the tool is called, or the agent when nobody asked.
    public var subject: String
    /// `aud`: the tool server's resource identifier, and only that.
    public var audience: String
    /// `client_id`: who presents the token.
    public var clientID: SPIFFEID
    /// `act`: the agent that asks now, then who called it, and so on.
    public var actors: [SPIFFEID]
    /// The tool, and what binds the call.
    public var call: ToolCall
    /// `txn`: the task. Stopping the task voids the token.
    public var transaction: String
    /// `jti`: this token.
    public var tokenID: String
    /// `iat` in Unix seconds.
    public var issuedAt: Int64
    /// `exp` in Unix seconds.
    public var expiry: Int64
    /// `cnf`: what the presenter must prove.
    public var confirmation: TokenConfirmation?
    /// `auth_time` of the person.
    public var authenticationTime: Int64?
    /// `acr` of the person.
    public var authenticationContext: String?
    /// `urn:gw:decision`: the policy's version and the decision, for the audit only.
    public var decision: String?

    /// The media type in `typ`.
    public static let type = "at+jwt"
    /// Links of `act` at most.
    public static let maximumActors = 4
    /// Seconds between `iat` and `exp` at most.
    public static let maximumLifetime: Int64 = 300
    /// Seconds between `iat` and `exp` when nothing else is said.
    public static let defaultLifetime: Int64 = 60
    /// The same for a call that is allowed once with these arguments only.
    public static let boundLifetime: Int64 = 30
    /// `nbf` lies this many seconds before `iat`.
    static let backdating: Int64 = 5

    /// Claims without the optional ones.
    public init(
        issuer: String, subject: String, audience: String, clientID: SPIFFEID, actors: [SPIFFEID], call: ToolCall,
        transaction: String, tokenID: String, issuedAt: Int64, expiry: Int64, confirmation: TokenConfirmation? = nil
    ) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.clientID = clientID
        self.actors = actors
        self.call = call
        self.transaction = transaction
        self.tokenID = tokenID
        self.issuedAt = issuedAt
        self.expiry = expiry
        self.confirmation = confirmation
    }

    /// When a token that is issued now ends: the wanted lifetime, and never later than what it rests on.
    ///
    /// - Parameters:
    ///   - lifetime: seconds; nil for the default one of the call.
    ///   - subjectExpiry: when the subject's own token or the task ends.
    ///   - certificateExpiry: when the certificate ends that the token is bound to; the token ends 30 s before.
    /// - Returns: Unix seconds, or nil when nothing would be left.
    public static func expiry(
        now: Int64, call: ToolCall, lifetime: Int64? = nil, subjectExpiry: Int64? = nil, certificateExpiry: Int64? = nil
    ) -> Int64? {
        let wanted = lifetime ?? (call.isBoundToOneCall ? boundLifetime : defaultLifetime)
        var expiry = now &+ min(max(wanted, 0), maximumLifetime)
        if let subjectExpiry { expiry = min(expiry, subjectExpiry) }
        if let certificateExpiry { expiry = min(expiry, certificateExpiry &- 30) }
        return expiry > now ? expiry : nil
    }
}

/// A call of one tool.
public struct ToolCall: Sendable, Hashable {
    /// The tool server's name.
    public let server: String
    /// The tool's name.
    public let tool: String
    /// SHA-256 of the arguments' canonical form (RFC 8785), when the token is for these arguments only.
    public let argumentsHash: [UInt8]?
    /// How often the tool may be called; nil for no limit but the lifetime.
    public let maximumCalls: Int?

    /// The type in `authorization_details`.
    static let type = "mcp_tool_call"

    /// A call.
    public init(server: String, tool: String, argumentsHash: [UInt8]? = nil, maximumCalls: Int? = nil) {
        self.server = server
        self.tool = tool
        self.argumentsHash = argumentsHash
        self.maximumCalls = maximumCalls
    }

    /// The scope that names the tool.
    public var scope: String { "tool:\(server).\(tool)" }

    /// Whether one call with given arguments is all that it allows.
    public var isBoundToOneCall: Bool { maximumCalls == 1 && argumentsHash != nil }
}

/// What the presenter of a token must prove (`cnf`, RFC 7800 section 3).
public enum TokenConfirmation: Sendable, Hashable {
    /// The client certificate with this SHA-256 (`x5t#S256`, RFC 8705 section 3.1).
    case certificate(thumbprint: [UInt8])
    /// The DPoP key with this thumbprint (`jkt`, RFC 9449 section 6.1).
    case key(thumbprint: String)

    var json: JSONValue {
        var object = JSONObject()
        switch self {
        case .certificate(let thumbprint): object["x5t#S256"] = .string(StrictBase64.url.text(thumbprint))
        case .key(let thumbprint): object["jkt"] = .string(thumbprint)
        }
        return .object(object)
    }

    /// Reads `cnf`; exactly one binding that is understood.
    ///
    /// - Throws: ``ClaimsError/malformed(_:)``.
    init?(_ claims: TokenClaims) throws(ClaimsError) {
        guard let value = claims.members["cnf"] else { return nil }
        guard let object = value.object, object.count == 1 else { throw .malformed("cnf") }
        if let text = object["x5t#S256"]?.string, let bytes = StrictBase64.url.decode(text.utf8), bytes.count == 32 {
            self = .certificate(thumbprint: bytes)
        } else if let text = object["jkt"]?.string, StrictBase64.url.decode(text.utf8)?.count == 32 {
            self = .key(thumbprint: text)
        } else {
            throw .malformed("cnf")
        }
    }
}
