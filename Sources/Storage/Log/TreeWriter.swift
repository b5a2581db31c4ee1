// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc

/// Grows the tree behind the journal: hashes records, writes tiles and bundles, signs checkpoints. One thread uses it.
struct TreeWriter: ~Copyable {
    let configuration: AuditLog.Configuration
    let limits: AuditLog.Limits
    let key: NoteSigningKey
    let store: TileStore
    var builder: TileBuilder
    var bundle: [UInt8]
    var head: SignedHead
    private var full: [(path: TilePath, bytes: [UInt8])] = []
    private var isPublished = true

    init(
        configuration: AuditLog.Configuration, key: NoteSigningKey, store: TileStore, builder: TileBuilder,
        bundle: [UInt8], head: SignedHead
    ) {
        self.configuration = configuration
        limits = AuditLog.Limits(configuration)
        self.key = key
        self.store = store
        self.builder = builder
        self.bundle = bundle
        self.head = head
    }

    var size: UInt64 { builder.size }

    var unsigned: UInt64 { builder.size - head.head.checkpoint.size }

    /// Takes one record into the tree; files are written by `writeFullTiles`.
    mutating func absorb(_ record: UnsafeRawBufferPointer) {
        EntryBundle.append(record, to: &bundle)
        let index = builder.size / UInt64(TilePath.fullWidth)
        var finished: [TileBuilder.Tile] = []
        builder.append(MerkleHash.leaf(record)) { finished.append($0) }
        guard !finished.isEmpty else { return }
        if let path = TilePath(level: .entries, index: index) { full.append((path, bundle)) }
        bundle.removeAll(keepingCapacity: true)
        for tile in finished {
            if let path = tile.path { full.append((path, tile.bytes)) }
        }
    }

    /// Writes the tiles and bundles that became full; what could not be written is tried again.
    mutating func writeFullTiles() throws(AuditLogError) {
        while let (path, bytes) = full.first {
            try store.write(path, bytes)
            full.removeFirst()
        }
    }

    /// Makes the records so far durable, then signs and publishes the head of the tree.
    mutating func sign(_ journal: Journal) throws(AuditLogError) {
        try writeFullTiles()
        if unsigned > 0 {
            try journal.synchronize()
            try writePartialTiles()
            var hashes = store.hashes(size: size)
            let proof: ConsistencyProof
            do {
                proof = try ConsistencyProof(from: head.head.checkpoint.size, to: &hashes)
            } catch {
                throw (error as? AuditLogError) ?? .tampered(record: nil, decision: nil, reason: "\(error)")
            }
            let checkpoint = Checkpoint(origin: configuration.origin, size: size, root: builder.root)
            isPublished = false
            try head.sign(checkpoint, proof: proof, key: key)
        }
        guard !isPublished else { return }
        try publish()
        journal.setMarker(marker(refused: journal.takeRefused()))
        try dropOldSegments()
    }

    /// Writes the checkpoint for readers.
    mutating func publish() throws(AuditLogError) {
        try Files.replace(configuration.directory + "/checkpoint", with: head.head.note.bytes, isDurable: false)
        isPublished = true
    }

    func writePartialTiles() throws(AuditLogError) {
        for tile in builder.partialTiles {
            guard let path = tile.path, !Files.exists(store.directory + "/" + path.text) || tile.level == 0 else {
                continue
            }
            try store.write(path, tile.bytes)
        }
        let width = Int(size % UInt64(TilePath.fullWidth))
        if let path = TilePath(level: .entries, index: size / UInt64(TilePath.fullWidth), width: width) {
            try store.write(path, bundle)
        }
    }

    /// The first record of the interval after the signed head.
    func marker(refused: UInt64) -> AuditEvent {
        let checkpoint = head.head.checkpoint
        var event = AuditEvent(kind: refused > 0 ? .recovery : .checkpointInterval, time: configuration.now())
        event.durability = configuration.durability.rawValue
        event.detail =
            "after size \(checkpoint.size) root \(checkpoint.root.base64)"
            + (refused > 0 ? "; \(refused) records were refused" : "")
        return event
    }

    /// Removes journal files whose records are signed and stand in full bundles that are on the device.
    private func dropOldSegments() throws(AuditLogError) {
        let segments = JournalSegment.all(in: configuration.directory)
        let safe = head.head.checkpoint.size / UInt64(TilePath.fullWidth) * UInt64(TilePath.fullWidth)
        let old = zip(segments, segments.dropFirst()).filter { $1.first <= safe }.map(\.0)
        guard !old.isEmpty else { return }
        let end = segments[old.count].first
        try store.synchronize(records: old[0].first..<end)
        for segment in old { try Files.remove(segment.path) }
    }
}
