// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads hashes of a tree of a fixed size out of tiles, for making proofs.
///
/// Nothing is checked here: a proof made from changed tiles does not lead to the signed root, and whoever uses the
/// proof verifies it against that.
public struct TileHashes {
    /// Why tiles do not yield a hash.
    public enum Fault: Error, Equatable {
        /// The tree has no such leaf or subtree.
        case outsideTree
        /// The tile is shorter than the tree's size demands.
        case shortTile(TilePath)
    }

    /// The number of leaves of the tree.
    public let size: UInt64

    private let read: (TilePath) throws -> [UInt8]
    private var tiles: [TilePath: [UInt8]] = [:]

    /// A reader for a tree of `size` leaves; `read` returns the bytes of a hash tile.
    public init(size: UInt64, read: @escaping (TilePath) throws -> [UInt8]) {
        self.size = size
        self.read = read
    }

    /// The hash of the leaf at `index`.
    public mutating func leaf(_ index: UInt64) throws -> TreeHash {
        try subtree(height: 0, index: index)
    }

    /// The root of the whole tree.
    public mutating func root() throws -> TreeHash {
        size == 0 ? MerkleHash.emptyRoot : try hash(of: 0..<size)
    }

    /// The Merkle tree hash of a range that starts at a multiple of its largest subtree, as all ranges of RFC 6962 do.
    mutating func hash(of range: Range<UInt64>) throws -> TreeHash {
        guard range.upperBound <= size, !range.isEmpty else { throw Fault.outsideTree }
        var subtrees: [TreeHash] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let remaining = range.upperBound - start
            let height = UInt64(63 - remaining.leadingZeroBitCount)
            subtrees.append(try subtree(height: height, index: start >> height))
            start += 1 << height
        }
        return RightEdge.root(of: subtrees)
    }

    private mutating func subtree(height: UInt64, index: UInt64) throws -> TreeHash {
        let shift = height % 8
        let (first, overflow) = index.multipliedReportingOverflow(by: 1 << shift)
        guard !overflow,
            let path = TilePath.tile(level: .hashes(UInt8(height / 8)), index: first / 256, inTreeOfSize: size)
        else { throw Fault.outsideTree }
        let offset = Int(first % 256)
        let count = 1 << Int(shift)
        guard offset + count <= path.width else { throw Fault.outsideTree }
        let bytes = try tile(path)
        guard bytes.count == path.width * TreeHash.byteCount else { throw Fault.shortTile(path) }
        var edge = RightEdge()
        for position in offset..<offset + count {
            let slice = bytes[position * TreeHash.byteCount..<(position + 1) * TreeHash.byteCount]
            guard let hash = TreeHash(slice) else { throw Fault.shortTile(path) }
            edge.append(hash)
        }
        return edge.root
    }

    private mutating func tile(_ path: TilePath) throws -> [UInt8] {
        if let bytes = tiles[path] { return bytes }
        let bytes = try read(path)
        tiles[path] = bytes
        return bytes
    }

    /// The largest power of two below `count`, which is at least 2.
    static func split(_ count: UInt64) -> UInt64 {
        count < 2 ? 0 : 1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }
}
