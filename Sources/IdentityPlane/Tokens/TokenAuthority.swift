// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What the token endpoints need of the gate: keys, clocks, what a subject stands for, and the decision.
public protocol TokenAuthority: Sendable {
    /// Who signs tool tokens, and with which keys they are verified.
    var keys: ToolKeyRing { get }
    /// The public keys of JWT-SVIDs, for `/keys`; other keys than those of tool tokens.
    func identityKeys() -> JSONWebKeySet
    /// The tool servers for which tokens are given.
    func resources() -> [TokenResource]
    /// Unix time in microseconds.
    func time() -> Int64
    /// Verifies what a new token is to rest on, other than a tool token: an ID token, a JWT-SVID, a task's handle.
    ///
    /// - Throws: `OAuthError`.
    func subject(of request: ExchangeRequest, client: ExchangeClient) async throws(OAuthError) -> ExchangeSubject
    /// Verifies a JWT-SVID for the gate.
    ///
    /// - Throws: `OAuthError`.
    func actor(of token: String) async throws(OAuthError) -> SPIFFEID
    /// Judges the call by policy, task and grants.
    ///
    /// - Returns: What names the decision in the token, for the audit.
    /// - Throws: `OAuthError` when the call is not allowed.
    func authorize(
        _ request: ExchangeRequest, client: ExchangeClient, subject: ExchangeSubject, resource: TokenResource
    ) async throws(OAuthError) -> String
    /// Whether what a token rests on still stands: its task, its agents, and its key where that is known.
    func stands(_ claims: ToolTokenClaims, keyID: String?) -> Bool
    /// Writes down a token before anybody gets it.
    ///
    /// - Throws: Anything when it cannot be recorded.
    func record(_ claims: ToolTokenClaims) throws
    /// Writes down a revocation before it is answered.
    ///
    /// - Throws: Anything when it cannot be kept.
    func keep(_ revocation: RevocationTable.Entry, until expiry: Int64) throws
}

/// A tool server for which tokens are given (RFC 8707, RFC 9728).
public struct TokenResource: Sendable, Hashable {
    /// The resource identifier: `aud` of its tokens, exactly.
    public let identifier: String
    /// The server's name in `authorization_details`.
    public let server: String
    /// Who the server itself is, so that it may ask about its own tokens; `nil` when it has no SPIFFE ID.
    public let id: SPIFFEID?

    /// Describes a server.
    public init(identifier: String, server: String, id: SPIFFEID? = nil) {
        self.identifier = identifier
        self.server = server
        self.id = id
    }
}
