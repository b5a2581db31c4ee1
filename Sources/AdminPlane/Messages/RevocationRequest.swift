// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/revocations`: exactly one of its members but `why`.
public struct RevocationRequest: Codable, Sendable, Hashable {
    /// One token, by its `jti`.
    public var token: String?
    /// A task, by its id.
    public var task: String?
    /// A person, as issuer, `#` and subject.
    public var person: String?
    /// An agent, by short name or SPIFFE ID, wherever it stands in the chain.
    public var agent: String?
    /// A key of tool tokens, by its `kid`.
    public var key: String?
    /// Why, for the record.
    public var why: String?

    /// Names nothing yet.
    public init() {}
}

/// The answer of `POST /v1/revocations`.
public struct RevocationReport: Codable, Sendable, Hashable {
    /// The claim, as it stands in tokens.
    public var claim: String
    /// Its value.
    public var value: String
    /// Until when tokens are looked at for it; none issued before can live longer.
    public var until: String

    /// Collects the parts.
    public init(claim: String, value: String, until: String) {
        self.claim = claim
        self.value = value
        self.until = until
    }
}
