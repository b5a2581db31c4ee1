// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Seals small secrets of the gate's state, such as refresh tokens, as the authority seals its keys.
public struct StateSealer: Sendable {
    private let sealer: Sealer

    /// Seals with a secret from `source`.
    ///
    /// - Parameter keyFile: The key file for `besideState`; it is made with the first secret.
    public init(source: SealingKey, keyFile: String) {
        sealer = Sealer(source: source, keyFile: keyFile, info: "yett gate seal 1")
    }

    /// Seals a secret.
    ///
    /// - Parameter purpose: What the secret is for; the same is given to open it.
    /// - Throws: ``AuthorityError``.
    public func seal(_ secret: [UInt8], purpose: String) throws(AuthorityError) -> [UInt8] {
        try sealer.createIfBesideState()
        return try sealer.seal(secret, purpose: purpose)
    }

    /// Opens a sealed secret.
    ///
    /// - Throws: ``AuthorityError``.
    public func open(_ sealed: [UInt8], purpose: String) throws(AuthorityError) -> [UInt8] {
        try sealer.open(sealed, purpose: purpose)
    }
}
