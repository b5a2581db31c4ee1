// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto

/// An Ed25519 private key with the name under which it signs. It has no description and is not Codable.
public struct NoteSigningKey: Sendable {
    private static let prefix = "PRIVATE+KEY+"

    private let key: Curve25519.Signing.PrivateKey

    /// The public half.
    public let verifier: NoteVerifierKey

    /// Makes a key from 32 random bytes; nil when `seed` has another length.
    public init?(name: NoteName, algorithm: NoteVerifierKey.Algorithm = .ed25519, seed: some Collection<UInt8>) {
        guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed)),
            let verifier = NoteVerifierKey(
                name: name, algorithm: algorithm, publicKey: Array(key.publicKey.rawRepresentation))
        else { return nil }
        self.key = key
        self.verifier = verifier
    }

    /// Parses `PRIVATE+KEY+name+hash+base64`, the form in which Go's `sumdb/note` keeps private keys.
    public init?(text: some StringProtocol) {
        guard text.utf8.count <= 512, text.hasPrefix(Self.prefix) else { return nil }
        let parts = text.dropFirst(Self.prefix.count).split(
            separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = NoteName(parts[0]), let hash = Hexadecimal.decode(parts[1].utf8),
            hash.count == 4, let material = Base64.decode(parts[2].utf8), let type = material.first,
            let algorithm = NoteVerifierKey.Algorithm(rawValue: type)
        else { return nil }
        self.init(name: name, algorithm: algorithm, seed: material.dropFirst())
        guard hash.reduce(UInt32(0), { $0 << 8 | UInt32($1) }) == verifier.identifier else { return nil }
    }

    /// The private key as text, for its file and nothing else.
    public func secretText() -> String {
        let hash = Hexadecimal.encode(
            (0..<4).map { UInt8(truncatingIfNeeded: verifier.identifier >> UInt32(24 - 8 * $0)) })
        let material = [verifier.algorithm.rawValue] + Array(key.rawRepresentation)
        return "\(Self.prefix)\(verifier.name)+\(hash)+\(Base64.encode(material))"
    }

    func signature(of message: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: message))
    }
}
