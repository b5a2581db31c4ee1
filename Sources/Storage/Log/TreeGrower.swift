// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// The head of a tree at one moment with all of it that no full tile holds: what a checkpoint needs.
struct TreeSnapshot: Sendable {
    let size: UInt64
    let root: TreeHash
    let partialTiles: [TileBuilder.Tile]
    let partialBundle: [UInt8]
}

/// Grows the tree behind the journal: hashes records and writes each tile and bundle when it is full.
struct TreeGrower: ~Copyable {
    private let store: TileStore
    private var builder: TileBuilder
    private var bundle: [UInt8]
    private var full: [(path: TilePath, bytes: [UInt8])] = []
    private var finished: [TileBuilder.Tile] = []

    init(store: TileStore, builder: TileBuilder, bundle: [UInt8]) {
        self.store = store
        self.builder = builder
        self.bundle = bundle
    }

    var size: UInt64 { builder.size }

    /// Takes records into the tree; files are written by `writeFullTiles`.
    mutating func absorb(_ frames: FrameBuffer) {
        frames.forEachRecord { absorb($0) }
    }

    private mutating func absorb(_ record: UnsafeRawBufferPointer) {
        EntryBundle.append(record, to: &bundle)
        let index = builder.size / UInt64(TilePath.fullWidth)
        builder.append(MerkleHash.leaf(record)) { finished.append($0) }
        guard !finished.isEmpty else { return }
        if let path = TilePath(level: .entries, index: index) {
            let capacity = bundle.count
            full.append((path, bundle))
            bundle = []
            bundle.reserveCapacity(capacity)
        }
        for tile in finished {
            if let path = tile.path { full.append((path, tile.bytes)) }
        }
        finished.removeAll(keepingCapacity: true)
    }

    /// Writes the tiles and bundles that became full; what could not be written is kept for the next attempt.
    mutating func writeFullTiles() throws(AuditLogError) {
        var written = 0
        defer { full.removeFirst(written) }
        for (path, bytes) in full {
            try store.write(path, bytes)
            written += 1
        }
    }

    /// The head now. All full tiles must have been written.
    func snapshot() -> TreeSnapshot {
        TreeSnapshot(
            size: builder.size, root: builder.root, partialTiles: builder.partialTiles, partialBundle: bundle)
    }
}
