// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a key of the authority signs.
public enum KeyKind: String, Sendable, Hashable, CaseIterable {
    /// A root that issues the intermediates that issue X509-SVIDs.
    case x509
    /// A key for JWT-SVIDs.
    case jwt
}

/// Where a key stands on its way from publication to removal.
public enum KeyStage: String, Sendable, Hashable, CaseIterable {
    /// Published, so that verifiers know it before it signs.
    case prepared
    /// Signs.
    case active
    /// Signs no more; published until everything that it signed has expired. Its private half is gone.
    case old
    /// Withdrawn: not published and not usable again.
    case revoked
}

/// What is known of a root or a JWT key besides the key itself.
public struct AuthorityKey: Sendable, Hashable {
    /// What it signs.
    public let kind: KeyKind
    /// The subject key identifier of a root in hexadecimal; the RFC 7638 thumbprint of a JWT key, which is its `kid`.
    public let id: String
    /// Where it stands.
    public internal(set) var stage: KeyStage
    /// Whether it is distrusted: everything under it is issued again.
    public internal(set) var isTainted: Bool
    /// Unix seconds from which it may sign.
    public let notBefore: Int64
    /// Unix seconds until which anything that it signed can hold.
    public let notAfter: Int64
    /// Unix seconds at which it was published.
    public let published: Int64

    init(
        kind: KeyKind, id: String, stage: KeyStage, isTainted: Bool = false, notBefore: Int64, notAfter: Int64,
        published: Int64
    ) {
        self.kind = kind
        self.id = id
        self.stage = stage
        self.isTainted = isTainted
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.published = published
    }

    /// Whether verifiers are told of it.
    public var isPublished: Bool { stage != .revoked }

    /// Whether it may sign at `now`.
    func isUsable(at now: Int64) -> Bool { !isTainted && notBefore <= now && now < notAfter }
}
