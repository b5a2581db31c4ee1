// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Who gets an identity: an element of the answer of `GET /v1/entries`.
public struct EntryReport: Codable, Sendable, Hashable {
    /// The entry's name.
    public var id: String
    /// The identity that is given.
    public var spiffeId: String
    /// What a caller must have, all of it.
    public var selectors: [String]
    /// Where it comes from: `configuration` or `operator`.
    public var origin: String
    /// Seconds for which an X509-SVID holds; absent for the authority's own time.
    public var x509Lifetime: Int64?
    /// Seconds for which a JWT-SVID holds; absent for the authority's own time.
    public var jwtLifetime: Int64?
    /// Tells identities of one caller apart.
    public var hint: String?
    /// Names for the certificate.
    public var dnsNames: [String]
    /// The foreign trust domains whose bundles the caller is given.
    public var federatesWith: [String]
    /// When it ends by itself.
    public var expiresAt: String?

    /// Collects what is always known.
    public init(
        id: String, spiffeId: String, selectors: [String], origin: String, dnsNames: [String],
        federatesWith: [String]
    ) {
        self.id = id
        self.spiffeId = spiffeId
        self.selectors = selectors
        self.origin = origin
        self.dnsNames = dnsNames
        self.federatesWith = federatesWith
    }
}

/// The answer of `GET /v1/entries`.
public struct EntryList: Codable, Sendable, Hashable {
    /// The entries.
    public var entries: [EntryReport]

    /// Wraps entries.
    public init(entries: [EntryReport]) { self.entries = entries }
}

/// The body of `POST /v1/entries`.
public struct EntryRequest: Codable, Sendable, Hashable {
    /// The identity: a SPIFFE ID, or its path in the gate's trust domain.
    public var id: String
    /// What a caller must have, all of it, such as `unix:uid:1001`.
    public var selectors: [String]
    /// Seconds for which an X509-SVID holds.
    public var x509Lifetime: Int64?
    /// Seconds for which a JWT-SVID holds.
    public var jwtLifetime: Int64?
    /// Tells identities of one caller apart.
    public var hint: String?
    /// Names for the certificate.
    public var dnsNames: [String]?
    /// The foreign trust domains whose bundles the caller is given.
    public var federatesWith: [String]?
    /// Seconds after which the entry ends by itself.
    public var seconds: Int64?

    /// Collects what is needed.
    public init(id: String, selectors: [String]) {
        self.id = id
        self.selectors = selectors
    }
}
