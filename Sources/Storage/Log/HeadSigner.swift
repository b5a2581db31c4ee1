// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc

/// Signs the heads of a growing tree: makes the records durable, writes the partial tiles, checks consistency with the
/// last signed head, signs, publishes, and drops journal files that are no longer needed.
struct HeadSigner: Sendable {
    let configuration: AuditLog.Configuration
    private let key: NoteSigningKey
    private let store: TileStore
    private(set) var head: SignedHead
    private var isPublished = false
    private var written: Set<TilePath> = []

    init(configuration: AuditLog.Configuration, key: NoteSigningKey, store: TileStore, head: SignedHead) {
        self.configuration = configuration
        self.key = key
        self.store = store
        self.head = head
    }

    /// Signs a head if it is new, and publishes it.
    mutating func sign(_ snapshot: TreeSnapshot, _ journal: Journal) throws(AuditLogError) {
        let last = head.head.checkpoint
        if snapshot.size > last.size {
            try journal.synchronize()
            try write(snapshot)
            var hashes = store.hashes(size: snapshot.size)
            let proof: ConsistencyProof
            do {
                proof = try ConsistencyProof(from: last.size, to: &hashes)
            } catch {
                throw (error as? AuditLogError) ?? .tampered(record: nil, decision: nil, reason: "\(error)")
            }
            let next = Checkpoint(origin: configuration.origin, size: snapshot.size, root: snapshot.root)
            isPublished = false
            try head.sign(next, proof: proof, key: key)
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

    private mutating func write(_ snapshot: TreeSnapshot) throws(AuditLogError) {
        for tile in snapshot.partialTiles {
            guard let path = tile.path, !written.contains(path) else { continue }
            try store.write(path, tile.bytes)
        }
        written = Set(snapshot.partialTiles.compactMap(\.path))
        let width = Int(snapshot.size % UInt64(TilePath.fullWidth))
        let index = snapshot.size / UInt64(TilePath.fullWidth)
        if let path = TilePath(level: .entries, index: index, width: width) {
            try store.write(path, snapshot.partialBundle)
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
