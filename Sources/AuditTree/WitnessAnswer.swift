// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a log reads in a witness's answer to `add-checkpoint`.
public enum WitnessAnswer: Hashable, Sendable {
    /// The witness cosigned; only signatures that verified are kept.
    case cosigned([SignedNote.Signature])
    /// The witness knows another size; ask again with a proof from that size.
    case knowsSize(UInt64)
    /// The witness refused, or answered something that is not trusted.
    case refused(status: Int)

    /// Judges an answer to a request for `checkpoint`, given the key of the witness.
    public init(status: Int, body: [UInt8], checkpoint: SignedNote, witness: NoteVerifierKey) {
        switch status {
        case 200:
            let lines = body.count <= WitnessRequest.largest ? SignedNote.signatures(body) ?? [] : []
            let trusted = lines.filter { line in
                (try? SignedNote(text: checkpoint.text, signatures: [line]).verify(with: [witness])) != nil
            }
            self = trusted.isEmpty ? .refused(status: status) : .cosigned(trusted)
        case 409:
            if body.last == 0x0a, let size = DecimalNumber.parse(body.dropLast()) {
                self = .knowsSize(size)
            } else {
                self = .refused(status: status)
            }
        default:
            self = .refused(status: status)
        }
    }
}
