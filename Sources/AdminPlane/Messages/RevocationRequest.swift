// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/revocations`: exactly one of its members but `why`.
public struct RevocationRequest: Codable, Sendable, Hashable {
    /// An agent, by short name or SPIFFE ID: everything that it was given or had open by now.
    public var agent: String?
    /// A person, as issuer, `#` and subject: everything that was given on the person's behalf by now.
    public var person: String?
    /// A task, by its id.
    public var task: String?
    /// One token, by its `jti`.
    public var token: String?
    /// A key, by its `kid` or its subject key identifier: everything that it signed.
    public var key: String?
    /// Why, for the record and for refusals.
    public var why: String?

    /// Names nothing yet.
    public init() {}
}

/// What is revoked: the answer of `POST /v1/revocations`.
public struct RevocationReport: Codable, Sendable, Hashable {
    /// What it is about: `agent`, `person`, `task`, `token` or `key`.
    public var kind: String
    /// Its name.
    public var value: String
    /// For agents and people: what was issued or established up to this time is void.
    public var issuedUntil: String
    /// Until when the gate remembers it, because something could still be good; absent for ever.
    public var rememberedUntil: String?
    /// Why.
    public var why: String?
    /// Who revoked.
    public var by: String
    /// How many live connections were cut; absent in lists.
    public var cut: Int?
    /// How many tasks were stopped; absent in lists.
    public var tasks: Int?
    /// How many launched agents lost their sockets; absent in lists.
    public var launches: Int?
    /// How many sessions of people ended; absent in lists.
    public var sessions: Int?

    /// Collects the parts.
    public init(kind: String, value: String, issuedUntil: String, by: String) {
        self.kind = kind
        self.value = value
        self.issuedUntil = issuedUntil
        self.by = by
    }
}

/// The answer of `GET /v1/revocations`.
public struct RevocationList: Codable, Sendable, Hashable {
    /// The newest first.
    public var revocations: [RevocationReport]

    /// Lists them.
    public init(revocations: [RevocationReport]) { self.revocations = revocations }
}
