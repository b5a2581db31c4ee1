// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/join-tokens`.
public struct JoinTokenRequest: Codable, Sendable, Hashable {
    /// The identity: a SPIFFE ID, or its path in the gate's trust domain.
    public var id: String
    /// How long the token is good; ten minutes when nothing is said.
    public var seconds: Int64?

    /// Collects the parts.
    public init(id: String, seconds: Int64? = nil) {
        self.id = id
        self.seconds = seconds
    }
}

/// The answer of `POST /v1/join-tokens`: the only time at which the token is shown.
public struct JoinTokenReport: Codable, Sendable, Hashable {
    /// The identity that its holder gets.
    public var spiffeId: String
    /// The token. A secret, good for one certificate.
    public var token: String
    /// When it ends.
    public var expiresAt: String
    /// The URL to show it to; absent when the gate has no token endpoints.
    public var gate: String?

    /// Collects the parts.
    public init(spiffeId: String, token: String, expiresAt: String, gate: String?) {
        self.spiffeId = spiffeId
        self.token = token
        self.expiresAt = expiresAt
        self.gate = gate
    }
}
