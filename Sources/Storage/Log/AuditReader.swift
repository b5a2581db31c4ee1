// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// Reads a log without writing to it, also while the gate runs: the records that its checkpoint covers, and proofs.
public struct AuditReader: Sendable {
    /// The directory of the log.
    public let directory: String

    /// The head that everything here is read under.
    public let head: VerifiedCheckpoint

    let store: TileStore

    /// Reads and verifies the checkpoint in the directory.
    ///
    /// - Parameter key: the log's public key; nil takes `key.pub` in the directory, which proves nothing against
    ///   somebody who can write there.
    public init(directory: String, key: NoteVerifierKey? = nil) throws(AuditLogError) {
        let key = if let key { key } else { try Self.key(in: directory) }
        let path = directory + "/checkpoint"
        let bytes = try Files.read(path, limit: SignedNote.largest)
        do {
            self.init(directory: directory, head: try VerifiedCheckpoint(bytes, key: key))
        } catch {
            throw .tampered(record: nil, decision: nil, reason: "\(path) is not signed by the log's key: \(error)")
        }
    }

    init(directory: String, head: VerifiedCheckpoint) {
        self.directory = directory
        self.head = head
        store = TileStore(directory: directory)
    }

    /// The public key in `key.pub`.
    public static func key(in directory: String) throws(AuditLogError) -> NoteVerifierKey {
        let path = directory + "/key.pub"
        let bytes = try Files.read(path, limit: 4096)
        guard let key = NoteVerifierKey(String(decoding: bytes, as: UTF8.self).split(separator: "\n").first ?? "")
        else {
            throw .key(path: path, reason: "is no verifier key of the form name+hash+base64")
        }
        return key
    }

    /// The number of records.
    public var size: UInt64 { head.checkpoint.size }

    /// Calls `body` with each record of a range, in order; a range beyond the end is cut.
    public func forEachRecord(
        in range: Range<UInt64>, _ body: (_ index: UInt64, _ record: [UInt8]) throws -> Void
    ) throws {
        let width = UInt64(TilePath.fullWidth)
        let end = min(range.upperBound, size)
        var index = range.lowerBound
        while index < end {
            let entries = try bundle(index / width)
            let first = index / width * width
            for position in Int(index - first)..<entries.count where index < end {
                try body(index, entries[position])
                index += 1
            }
        }
    }

    /// The bytes of one record.
    public func record(at index: UInt64) throws(AuditLogError) -> [UInt8] {
        guard index < size else { throw .noRecord(index) }
        let entries = try bundle(index / UInt64(TilePath.fullWidth))
        return entries[Int(index % UInt64(TilePath.fullWidth))]
    }

    private func bundle(_ number: UInt64) throws(AuditLogError) -> [[UInt8]] {
        guard let path = TilePath.tile(level: .entries, index: number, inTreeOfSize: size) else {
            throw .noRecord(number)
        }
        do {
            return try EntryBundle.entries(of: try store.read(path), width: path.width)
        } catch let error as EntryBundle.Fault {
            throw .tampered(
                record: number * UInt64(TilePath.fullWidth), decision: nil, reason: "\(path.text): \(error)")
        } catch {
            throw (error as? AuditLogError) ?? .noRecord(number)
        }
    }

    /// The newest records, oldest of them first.
    public func tail(_ count: Int) throws -> [IndexedRecord] {
        let start = size - min(size, UInt64(max(count, 0)))
        var records: [IndexedRecord] = []
        try forEachRecord(in: start..<size) { records.append(IndexedRecord(index: $0, bytes: $1)) }
        return records
    }

    /// A self-contained proof that a record is in the log; it carries the record and the checkpoint.
    ///
    /// - Parameter embedsRecord: whether the record itself goes into the file.
    public func prove(_ index: UInt64, embedsRecord: Bool = true) throws -> TransparencyProof {
        guard index < size else { throw AuditLogError.noRecord(index) }
        let record = try record(at: index)
        var hashes = store.hashes(size: size)
        let proof = TransparencyProof(
            extra: embedsRecord ? record : nil, inclusion: try InclusionProof(index: index, from: &hashes),
            checkpoint: head.note.bytes)
        let isValid = proof.inclusion.isValid(
            leaf: MerkleHash.leaf(record), size: size, root: head.checkpoint.root)
        guard isValid else {
            throw AuditLogError.tampered(
                record: index, decision: AuditRecord(record)?.text("decision"), reason: "it is not what was signed")
        }
        return proof
    }

    /// The proof that the tree extends an older one, for witnesses.
    public func consistencyProof(from oldSize: UInt64) throws -> ConsistencyProof {
        var hashes = store.hashes(size: size)
        return try ConsistencyProof(from: oldSize, to: &hashes)
    }
}

/// A record with its place in the log.
public struct IndexedRecord: Sendable, Equatable {
    /// The index in the tree, which is the sequence number.
    public let index: UInt64

    /// The bytes as they were recorded.
    public let bytes: [UInt8]

    /// The members of the record; nil when the bytes are no canonical record.
    public var record: AuditRecord? { AuditRecord(bytes) }

    /// A record out of its parts.
    public init(index: UInt64, bytes: [UInt8]) {
        self.index = index
        self.bytes = bytes
    }
}
