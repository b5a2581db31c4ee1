// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The head of a log: its origin, size and root (C2SP tlog-checkpoint). Not yet signed, or already verified.
public struct Checkpoint: Hashable, Sendable {
    /// The name of the log.
    public let origin: String

    /// The number of entries.
    public let size: UInt64

    /// The root over all entries.
    public let root: TreeHash

    /// A checkpoint out of its parts.
    public init(origin: NoteName, size: UInt64, root: TreeHash) {
        self.origin = origin.description
        self.size = size
        self.root = root
    }

    /// Parses the text of a note: three lines, and extension lines that are accepted and ignored.
    public init(text: String) throws(SignedNote.Fault) {
        let lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count >= 4, lines[lines.count - 1].isEmpty, lines.dropLast().allSatisfy({ !$0.isEmpty }),
            let origin = String(lines[0]), let rootText = String(lines[2])
        else { throw .malformed("is no checkpoint: it needs an origin, a size and a root") }
        guard let size = DecimalNumber.parse(lines[1]) else { throw .malformed("has a malformed tree size") }
        guard let root = TreeHash(base64: rootText) else { throw .malformed("has a malformed root hash") }
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The text that is signed.
    public var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }
}

/// A checkpoint with the note that carries it, verified against at least one key.
public struct VerifiedCheckpoint: Hashable, Sendable {
    /// The head.
    public let checkpoint: Checkpoint

    /// The note, signatures of unknown keys included.
    public let note: SignedNote

    /// The keys whose signatures verified.
    public let signers: [NoteVerifierKey]

    /// Parses and verifies a checkpoint. The log's own key is needed; witnesses' keys may be added.
    ///
    /// - Parameter key: the log's key; the origin line must be its name.
    public init(
        _ bytes: [UInt8], key: NoteVerifierKey, witnesses: [NoteVerifierKey] = []
    ) throws(SignedNote.Fault) {
        let note = try SignedNote(bytes)
        let signers = try note.verify(with: [key] + witnesses)
        guard signers.contains(key) else { throw .noKnownSignature }
        let checkpoint = try Checkpoint(text: note.text)
        guard checkpoint.origin.utf8.elementsEqual(key.name.description.utf8) else {
            throw .malformed("is the checkpoint of another log: \(checkpoint.origin)")
        }
        self.checkpoint = checkpoint
        self.note = note
        self.signers = signers
    }

    /// Signs a head. Whether it is consistent with the heads signed before is for the caller to have checked.
    public init(signing checkpoint: Checkpoint, with key: NoteSigningKey) throws {
        self.checkpoint = checkpoint
        note = try SignedNote(signing: checkpoint.text, with: key)
        signers = [key.verifier]
    }
}
