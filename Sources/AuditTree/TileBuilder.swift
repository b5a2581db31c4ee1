// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Grows a tree leaf by leaf and hands out each hash tile at the moment it is full.
///
/// It holds the unfinished tile of each level (at most 255 hashes) and the subtrees inside it, nothing older.
public struct TileBuilder: Sendable {
    /// A hash tile: its name and its hashes one after another.
    public struct Tile: Sendable {
        /// The level of the tile.
        public let level: UInt8
        /// The index within the level.
        public let index: UInt64
        /// 32 bytes a hash.
        public let bytes: [UInt8]
        /// The number of hashes.
        public var width: Int { bytes.count / TreeHash.byteCount }
        /// The path of the tile.
        public var path: TilePath? { TilePath(level: .hashes(level), index: index, width: width) }
    }

    private struct Row: Sendable {
        var bytes: [UInt8] = []
        var edge = RightEdge()
        var finished: UInt64 = 0
    }

    private var rows: [Row] = [Row()]

    /// The number of leaves.
    public private(set) var size: UInt64 = 0

    /// A builder for the empty tree.
    public init() {}

    /// A builder that continues a tree of `size` leaves, which must end on a full level-0 tile.
    ///
    /// - Parameter tileRoot: the root of the full tile at a level and index, read from where the tiles are kept.
    public init(
        continuing size: UInt64, tileRoot: (_ level: UInt8, _ index: UInt64) throws -> TreeHash
    ) rethrows {
        self.size = size
        rows[0].finished = size / 256
        var count = size / 256
        var level = 1
        while count > 0 {
            var row = Row()
            row.finished = count / 256
            for index in (count - count % 256)..<count {
                let hash = try tileRoot(UInt8(level - 1), index)
                hash.append(to: &row.bytes)
                row.edge.append(hash)
            }
            rows.append(row)
            count /= 256
            level += 1
        }
    }

    /// Adds a leaf hash and reports the tiles that became full, lowest level first.
    public mutating func append(_ leaf: TreeHash, full: (Tile) throws -> Void) rethrows {
        var hash = leaf
        var level = 0
        size &+= 1
        while true {
            if level == rows.count { rows.append(Row()) }
            hash.append(to: &rows[level].bytes)
            rows[level].edge.append(hash)
            guard rows[level].edge.size == UInt64(TilePath.fullWidth) else { return }
            hash = rows[level].edge.root
            let tile = Tile(level: UInt8(level), index: rows[level].finished, bytes: rows[level].bytes)
            rows[level].bytes.removeAll(keepingCapacity: true)
            rows[level].edge.removeAll()
            rows[level].finished &+= 1
            try full(tile)
            level += 1
        }
    }

    /// The root of the tree so far.
    public var root: TreeHash {
        RightEdge.root(of: rows.reversed().flatMap(\.edge.subtrees))
    }

    /// The unfinished tiles, lowest level first.
    public var partialTiles: [Tile] {
        rows.enumerated().compactMap { level, row in
            row.bytes.isEmpty ? nil : Tile(level: UInt8(level), index: row.finished, bytes: row.bytes)
        }
    }
}
