// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Keys by `kid`. There is no default key and no trying one after the other: an unknown `kid` is refused.
public struct VerificationKeys: Sendable {
    private let keys: [String: VerificationKey]

    /// The usable keys of a set; weak and malformed ones and those without `kid` are left out.
    public init(_ set: JSONWebKeySet) {
        self.init(set.keys.compactMap { try? VerificationKey($0) })
    }

    /// These keys. Of two with the same `kid` neither is kept.
    public init(_ keys: [VerificationKey]) {
        let named = keys.compactMap { key in key.jsonWebKey.keyID.map { ($0, key) } }
        let counts = Dictionary(named.map { ($0.0, 1) }, uniquingKeysWith: &+)
        self.keys = Dictionary(named.filter { counts[$0.0] == 1 }, uniquingKeysWith: { first, _ in first })
    }

    /// The key with exactly this `kid`.
    public subscript(keyID: String) -> VerificationKey? {
        guard let key = keys[keyID], key.jsonWebKey.keyID?.isExactly(keyID) == true else { return nil }
        return key
    }

    /// Verifies a token with the key that its `kid` names.
    ///
    /// - Throws: ``JWSError``.
    public func verify(_ token: CompactJWS) throws(JWSError) -> VerifiedJWS {
        guard let keyID = token.header.keyID, !keyID.isEmpty else { throw .keyID }
        guard let key = self[keyID] else { throw .unknownKey }
        return try token.verified(with: key)
    }
}
