// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A witness's Ed25519 signature over a checkpoint and a time (C2SP tlog-cosignature, `cosignature/v1`).
public struct Cosignature: Hashable, Sendable {
    /// When the witness signed, in seconds since 1970; at most 2^63 - 1.
    public let time: UInt64

    /// The 64 bytes of the signature.
    public let signature: [UInt8]

    /// Splits `big-endian time ‖ signature`; nil unless there are 72 bytes and the time is in range.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 72 else { return nil }
        time = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        guard time <= UInt64(Int64.max) else { return nil }
        signature = Array(bytes.dropFirst(8))
    }

    static func message(text: String, time: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }

    func isValid(text: String, key: NoteVerifierKey) -> Bool {
        key.verifies(signature, of: Self.message(text: text, time: time))
    }

    /// Cosigns the text of a checkpoint with a key of type `.cosignature` at a time in seconds since 1970.
    ///
    /// It states that the tree is the largest consistent one seen; `WitnessState` is what makes that true.
    static func sign(text: String, with key: NoteSigningKey, time: UInt64) throws -> SignedNote.Signature {
        let time = min(time, UInt64(Int64.max))
        let prefix = (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * $0)) }
        let signature = try key.signature(of: message(text: text, time: time))
        return SignedNote.Signature(
            name: key.verifier.name, identifier: key.verifier.identifier, bytes: prefix + signature)
    }
}
