// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto

/// A public key that a signed note can be checked with, and the name under which it signs.
public struct NoteVerifierKey: Hashable, Sendable {
    /// What a signature of the key means (C2SP signed-note, signature types).
    public enum Algorithm: UInt8, Sendable {
        /// Ed25519 over the text of the note: what a log signs its checkpoints with.
        case ed25519 = 0x01
        /// A witness's Ed25519 cosignature with its time: what C2SP tlog-cosignature calls `cosignature/v1`.
        case cosignature = 0x04
    }

    /// The name of the key.
    public let name: NoteName

    /// The kind of signature.
    public let algorithm: Algorithm

    /// The 32 bytes of the Ed25519 public key (RFC 8032).
    public let publicKey: [UInt8]

    /// The first four bytes, big-endian, of `SHA-256(name ‖ 0x0A ‖ type ‖ public key)`.
    public let identifier: UInt32

    /// A key; nil when the public key is not 32 bytes.
    public init?(name: NoteName, algorithm: Algorithm, publicKey: [UInt8]) {
        guard publicKey.count == 32 else { return nil }
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        let material = Array(name.description.utf8) + [0x0a, algorithm.rawValue] + publicKey
        identifier = SHA256.hash(data: material).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Parses `name+hash+base64`, as Go's `sumdb/note` writes verifier keys; the hash must be the key's own.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 512 else { return nil }
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = NoteName(parts[0]), parts[1].utf8.count == 8,
            let hash = Hexadecimal.decode(parts[1].utf8), let material = Base64.decode(parts[2].utf8),
            let type = material.first, let algorithm = Algorithm(rawValue: type)
        else { return nil }
        self.init(name: name, algorithm: algorithm, publicKey: Array(material.dropFirst()))
        guard hash.reduce(UInt32(0), { $0 << 8 | UInt32($1) }) == identifier else { return nil }
    }

    /// The key as `name+hash+base64`.
    public var text: String {
        let hash = Hexadecimal.encode((0..<4).map { UInt8(truncatingIfNeeded: identifier >> UInt32(24 - 8 * $0)) })
        return "\(name)+\(hash)+\(Base64.encode([algorithm.rawValue] + publicKey))"
    }

    /// Whether `signature` (64 bytes) is the key's signature of `message`.
    func verifies(_ signature: some Collection<UInt8>, of message: [UInt8]) -> Bool {
        guard signature.count == 64,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return false }
        return key.isValidSignature(Array(signature), for: message)
    }
}
