// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// Asks one witness to cosign the log: what to send next, and what to make of the answer. It sends nothing itself.
public struct WitnessClient: Sendable {
    /// The key of the witness, of type `.cosignature`.
    public let witness: NoteVerifierKey

    /// The size that the witness is known or assumed to have cosigned.
    public private(set) var knownSize: UInt64

    /// A client; a size of 0 asks the witness what it knows.
    public init(witness: NoteVerifierKey, knownSize: UInt64 = 0) {
        self.witness = witness
        self.knownSize = knownSize
    }

    /// The body to post for the head of a reader.
    public func request(for reader: AuditReader) throws -> WitnessRequest {
        let oldSize = min(knownSize, reader.size)
        return WitnessRequest(
            oldSize: oldSize, proof: try reader.consistencyProof(from: oldSize), checkpoint: reader.head.note.bytes)
    }

    /// Takes an answer; `.knowsSize` means that the request is to be made and sent once more.
    public mutating func take(status: Int, body: [UInt8], for reader: AuditReader) -> WitnessAnswer {
        let answer = WitnessAnswer(status: status, body: body, checkpoint: reader.head.note, witness: witness)
        switch answer {
        case .cosigned: knownSize = reader.size
        case .knowsSize(let size): knownSize = size
        case .refused: break
        }
        return answer
    }
}

/// Who has cosigned a head that is kept beside the log, and the name of its file.
public enum CosignedHead: String, Sendable, CaseIterable {
    /// The configured witnesses.
    case witnesses = "cosigned-checkpoint"
    /// The other gates of the cluster.
    case members = "members-checkpoint"
}

extension AuditLog {
    /// Stores cosignatures of a head, the newest one that witnesses have seen.
    ///
    /// - Parameters:
    ///   - signatures: what `WitnessAnswer.cosigned` holds, of one or more witnesses.
    ///   - head: the head that was sent to them.
    ///   - place: whose cosignatures they are.
    public func store(
        cosignatures signatures: [SignedNote.Signature], of head: VerifiedCheckpoint,
        as place: CosignedHead = .witnesses
    ) throws(AuditLogError) {
        var note = head.note
        for signature in signatures where !note.signatures.contains(signature) { note.signatures.append(signature) }
        try Files.replace(configuration.directory + "/" + place.rawValue, with: note.bytes, isDurable: true)
    }
}

extension AuditReader {
    /// A reader under the newest head that witnesses have cosigned; proofs made by it carry their signatures.
    public static func cosigned(
        directory: String, key: NoteVerifierKey, witnesses: [NoteVerifierKey], place: CosignedHead = .witnesses
    ) throws(AuditLogError) -> AuditReader {
        let path = directory + "/" + place.rawValue
        let bytes = try Files.read(path, limit: SignedNote.largest)
        do {
            let head = try VerifiedCheckpoint(bytes, key: key, witnesses: witnesses)
            return AuditReader(directory: directory, head: head)
        } catch {
            throw .tampered(record: nil, decision: nil, reason: "\(path) is not signed by the log's key: \(error)")
        }
    }
}
