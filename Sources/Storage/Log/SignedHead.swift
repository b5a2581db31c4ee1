// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// The newest head that the log has signed, in its own durable file `signed-head`: a checkpoint note.
///
/// A head is stored here before it is published, and nothing is signed that is inconsistent with it.
struct SignedHead: Sendable {
    let path: String
    private(set) var head: VerifiedCheckpoint

    /// Reads and verifies the file; nil when there is none.
    init?(path: String, key: NoteVerifierKey) throws(AuditLogError) {
        guard let bytes = try Files.readIfPresent(path, limit: SignedNote.largest) else { return nil }
        do {
            head = try VerifiedCheckpoint(bytes, key: key)
        } catch {
            throw .tampered(record: nil, decision: nil, reason: "\(path) is not signed by the log's key: \(error)")
        }
        self.path = path
    }

    /// Signs the first head.
    init(path: String, first checkpoint: Checkpoint, key: NoteSigningKey) throws(AuditLogError) {
        self.path = path
        head = try Self.sign(checkpoint, key)
        try Files.replace(path, with: head.note.bytes, isDurable: true)
    }

    /// Signs a head that the proof shows to extend the last one, and stores it durably.
    mutating func sign(
        _ checkpoint: Checkpoint, proof: ConsistencyProof, key: NoteSigningKey
    ) throws(AuditLogError) {
        let isConsistent = proof.isValid(
            oldSize: head.checkpoint.size, oldRoot: head.checkpoint.root,
            newSize: checkpoint.size, newRoot: checkpoint.root)
        guard isConsistent else {
            throw .tampered(
                record: nil, decision: nil,
                reason: "the tree of \(checkpoint.size) records does not extend the signed one of "
                    + "\(head.checkpoint.size)")
        }
        let next = try Self.sign(checkpoint, key)
        try Files.replace(path, with: next.note.bytes, isDurable: true)
        head = next
    }

    private static func sign(
        _ checkpoint: Checkpoint, _ key: NoteSigningKey
    ) throws(AuditLogError) -> VerifiedCheckpoint {
        do {
            return try VerifiedCheckpoint(signing: checkpoint, with: key)
        } catch {
            throw .unavailable("the checkpoint cannot be signed: \(error)")
        }
    }
}
