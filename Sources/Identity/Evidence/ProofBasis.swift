// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the proof of an identity rests on, as far as it can be revoked: how old its parts are, and which tokens and keys
/// they come from.
///
/// What is not known is absent, and a revocation takes it for the oldest that there can be.
public struct ProofBasis: Hashable, Sendable {
    /// When the oldest part was established or issued, a certificate apart: the connection, the launch, the token. In
    /// microseconds since 1970.
    public var since: Int64?
    /// When the token was issued that names agent, person and delegators, in microseconds since 1970; absent without one.
    public var tokenSince: Int64?
    /// From when the certificate holds, in Unix seconds. Authorities write a time a little before the issue.
    public var certificateStart: Int64?
    /// The names of signed tokens (`jti`).
    public var tokens: [String] = []
    /// The names of the keys that signed: `kid` of tokens, the subject key identifiers of a certificate's issuers in
    /// hexadecimal digits.
    public var keys: [String] = []
    /// SHA-256 of the token that was configured for the agent, 32 bytes; absent without one.
    public var tokenDigest: [UInt8]?

    /// Nothing is known.
    public init() {}

    /// Something that was established or issued at a time, in microseconds since 1970.
    public init(since: Int64) { self.since = since }

    /// A signed token.
    ///
    /// - Parameters:
    ///   - issuedAt: `iat`, in Unix seconds.
    ///   - tokenID: `jti`, where it has one.
    ///   - keyID: `kid`, where it names one.
    public init(tokenIssuedAt issuedAt: Int64, tokenID: String?, keyID: String?) {
        let (time, isOver) = issuedAt.multipliedReportingOverflow(by: 1_000_000)
        // A time that cannot be is none, and so the oldest.
        since = isOver ? nil : time
        tokenSince = since
        tokens = tokenID.map { [$0] } ?? []
        keys = keyID.map { [$0] } ?? []
    }

    /// Both together: as old as the older of them, and from all tokens and keys.
    public func joined(with other: ProofBasis) -> ProofBasis {
        var joined = self
        joined.since = Self.older(since, other.since)
        joined.tokenSince = Self.older(tokenSince, other.tokenSince)
        joined.certificateStart = Self.older(certificateStart, other.certificateStart)
        joined.tokens += other.tokens
        joined.keys += other.keys
        joined.tokenDigest = tokenDigest ?? other.tokenDigest
        return joined
    }

    private static func older(_ left: Int64?, _ right: Int64?) -> Int64? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}
