// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// Verifies a log offline, with nothing but its files and its public key, and names what was done to it.
public enum AuditVerifier {
    /// Verifies tiles, bundles, journal, checkpoints and query index.
    ///
    /// - Parameters:
    ///   - directory: the directory of the log; nothing in it is changed.
    ///   - key: the log's public key. Take it from a safe place: `key.pub` beside the log proves nothing against
    ///     somebody who could write there.
    ///   - checkpoint: a checkpoint kept elsewhere, for example by a witness; it uncovers a log that was set back.
    ///   - witnesses: the keys of witnesses, each of which must have signed a head of the log.
    public static func verify(
        directory: String, key: NoteVerifierKey, checkpoint: [UInt8]? = nil, witnesses: [NoteVerifierKey] = []
    ) throws(AuditLogError) -> VerificationReport {
        var report = VerificationReport()
        // Before the heads: a gate that runs meanwhile brings its index up to a head that it has signed.
        let path = directory + "/index.sqlite"
        let index = Files.exists(path) ? try? AuditIndex(path: path, isReadOnly: true) : nil
        let indexed = index.map { index in Result { try index.extent() } }
        var heads: [(name: String, checkpoint: Checkpoint)] = []
        for name in Self.own {
            let bytes = try Files.readIfPresent(directory + "/" + name, limit: SignedNote.largest)
            guard let bytes else {
                report.add(.checkpoint, nil, nil, "\(name) is missing")
                continue
            }
            head(name, bytes, key, &heads, &report)
        }
        if let checkpoint { head("the given checkpoint", checkpoint, key, &heads, &report) }
        try cosigned(directory, key, witnesses, &heads, &report)
        let own = heads.filter { Self.own.contains($0.name) }
        guard let newest = own.max(by: { $0.checkpoint.size < $1.checkpoint.size })?.checkpoint else { return report }
        report.head = newest
        var copies = LogCopies(directory: directory, size: newest.size, index: index)
        try copies.readJournal(&report)
        var check = TreeCheck(copies: copies, root: newest.root)
        check.run(&report)
        for (name, head) in heads { check.compare(name, head, &report) }
        if let index, let indexed { IndexCheck(index: index, extent: indexed, check: check).run(&report) }
        return report
    }

    /// The heads that the log itself keeps.
    private static let own = ["signed-head", "checkpoint"]

    /// The heads that witnesses have signed: all of them stand beside the log, and each witness has to be among the signers
    /// of one at least.
    private static func cosigned(
        _ directory: String, _ key: NoteVerifierKey, _ witnesses: [NoteVerifierKey],
        _ heads: inout [(name: String, checkpoint: Checkpoint)], _ report: inout VerificationReport
    ) throws(AuditLogError) {
        var sizes: [NoteVerifierKey: UInt64] = [:]
        for place in witnesses.isEmpty ? [] : CosignedHead.allCases {
            let name = place.rawValue
            guard let bytes = try Files.readIfPresent(directory + "/" + name, limit: SignedNote.largest) else {
                continue
            }
            do {
                let head = try VerifiedCheckpoint(bytes, key: key, witnesses: witnesses)
                heads.append((name, head.checkpoint))
                for signer in head.signers where signer != key {
                    sizes[signer] = max(sizes[signer] ?? 0, head.checkpoint.size)
                }
            } catch {
                report.add(.checkpoint, nil, nil, "\(name) is not signed as it should be: \(error)")
            }
        }
        for witness in witnesses {
            if let size = sizes[witness] {
                report.notes.append("\(witness.name) has signed that it saw the first \(size) records")
            } else {
                report.add(.checkpoint, nil, nil, "\(witness.name) has signed no head that is kept here")
            }
        }
    }

    private static func head(
        _ name: String, _ bytes: [UInt8], _ key: NoteVerifierKey,
        _ heads: inout [(name: String, checkpoint: Checkpoint)], _ report: inout VerificationReport
    ) {
        do {
            heads.append((name, try VerifiedCheckpoint(bytes, key: key).checkpoint))
        } catch {
            report.add(.checkpoint, nil, nil, "\(name) is not signed by \(key.name): \(error)")
        }
    }
}
