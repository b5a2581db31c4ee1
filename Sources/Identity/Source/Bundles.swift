// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The certificates that X509-SVIDs of one trust domain end in.
public struct X509Bundle: Sendable, Hashable {
    /// The trust domain that they speak for, and the only one.
    public let trustDomain: TrustDomain
    /// The certificates, each once.
    public let authorities: [EncodedCertificate]

    /// A bundle of these certificates; repetitions are dropped.
    public init(trustDomain: TrustDomain, authorities: [EncodedCertificate]) {
        self.trustDomain = trustDomain
        var seen: Set<EncodedCertificate> = []
        self.authorities = authorities.filter { seen.insert($0).inserted }
    }

    /// The certificates as the Workload API has them: concatenated DER.
    public var certificateBytes: [UInt8] { authorities.flatMap(\.der) }
}

/// The keys that JWT-SVIDs of one trust domain are signed with, each under its `kid`.
public struct JWTBundle: Sendable, Hashable {
    /// The trust domain that they speak for, and the only one.
    public let trustDomain: TrustDomain
    /// The keys; each has a `kid` of its own.
    public let authorities: [VerificationKey]
    private let named: VerificationKeys

    /// A bundle of these keys. Keys without `kid` are dropped; of two keys with the same `kid` neither is kept.
    public init(trustDomain: TrustDomain, authorities: [VerificationKey]) {
        self.trustDomain = trustDomain
        let named = VerificationKeys(authorities)
        self.named = named
        self.authorities = authorities.filter { key in key.jsonWebKey.keyID.map { named[$0] != nil } ?? false }
    }

    /// The key with exactly this `kid`; there is no default key.
    public subscript(keyID: String) -> VerificationKey? { named[keyID] }

    /// Whether both speak for the same trust domain with the same keys.
    public static func == (left: JWTBundle, right: JWTBundle) -> Bool {
        left.trustDomain == right.trustDomain && left.authorities == right.authorities
    }

    /// Feeds the trust domain and the keys.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(trustDomain)
        hasher.combine(authorities)
    }
}

/// Everything that verifies identities of one trust domain.
public struct TrustBundle: Sendable, Hashable {
    /// For X509-SVIDs.
    public var x509: X509Bundle
    /// For JWT-SVIDs.
    public var jwt: JWTBundle
    /// `spiffe_sequence`; it grows with each change.
    public var sequence: UInt64?
    /// `spiffe_refresh_hint`, in seconds.
    public var refreshHint: Int64?

    /// The trust domain.
    public var trustDomain: TrustDomain { x509.trustDomain }

    /// A bundle of both parts; nil when they speak for different trust domains.
    public init?(x509: X509Bundle, jwt: JWTBundle, sequence: UInt64? = nil, refreshHint: Int64? = nil) {
        guard x509.trustDomain == jwt.trustDomain else { return nil }
        self.x509 = x509
        self.jwt = jwt
        self.sequence = sequence
        self.refreshHint = refreshHint
    }

    /// A bundle without keys: nothing of the trust domain is valid.
    public init(empty trustDomain: TrustDomain) {
        x509 = X509Bundle(trustDomain: trustDomain, authorities: [])
        jwt = JWTBundle(trustDomain: trustDomain, authorities: [])
    }
}

/// The bundles of all trust domains that are trusted, as one immutable value.
///
/// Authorities of several trust domains are never pooled: each look-up names one.
public struct TrustBundles: Sendable, Hashable {
    /// Grows with each change; caches of verified chains end when it does.
    public let version: UInt64
    private let bundles: [TrustDomain: TrustBundle]

    /// The bundles; of several for one trust domain the last one counts.
    public init(_ bundles: [TrustBundle], version: UInt64) {
        self.version = version
        self.bundles = Dictionary(bundles.map { ($0.trustDomain, $0) }, uniquingKeysWith: { $1 })
    }

    /// The bundle of a trust domain; nil means that it is not trusted.
    public subscript(trustDomain: TrustDomain) -> TrustBundle? { bundles[trustDomain] }

    /// The bundles in the order of their trust domains.
    public var all: [TrustBundle] { trustDomains.compactMap { bundles[$0] } }

    /// The trust domains in order.
    public var trustDomains: [TrustDomain] { bundles.keys.sorted { $0.name < $1.name } }
}
