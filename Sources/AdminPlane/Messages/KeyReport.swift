// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A key that signs identities: an element of the answer of `GET /v1/keys`.
public struct KeyReport: Codable, Sendable, Hashable {
    /// `x509` for roots, `jwt` for keys of JWT-SVIDs.
    public var kind: String
    /// The key's name.
    public var id: String
    /// `prepared`, `active`, `old` or `revoked`.
    public var stage: String
    /// Whether it is distrusted.
    public var isTainted: Bool
    /// When anything that it signed ends at the latest.
    public var expiresAt: String

    /// Collects the parts.
    public init(kind: String, id: String, stage: String, isTainted: Bool, expiresAt: String) {
        self.kind = kind
        self.id = id
        self.stage = stage
        self.isTainted = isTainted
        self.expiresAt = expiresAt
    }
}

/// The answer of `GET /v1/keys` and of each change.
public struct KeyList: Codable, Sendable, Hashable {
    /// The keys, the oldest first.
    public var keys: [KeyReport]

    /// Wraps keys.
    public init(keys: [KeyReport]) { self.keys = keys }
}

/// The body of `POST /v1/keys`.
public struct KeyChange: Codable, Sendable, Hashable {
    /// What can be done with keys.
    public enum Action: String, Codable, Sendable, Hashable, CaseIterable {
        /// Publish a new key, which signs later.
        case prepare
        /// Let the prepared key sign.
        case activate
        /// Distrust a key that signs no more: everything under it is issued again.
        case taint
        /// Withdraw a tainted key: nothing that it signed is accepted.
        case revoke
    }

    /// What to do.
    public var action: Action
    /// `x509` or `jwt`.
    public var kind: String
    /// Which key; absent for `prepare`.
    public var id: String?

    /// Collects the parts.
    public init(_ action: Action, kind: String, id: String? = nil) {
        self.action = action
        self.kind = kind
        self.id = id
    }
}
