// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The proof that a leaf is part of a tree: the sibling hashes from the leaf to the root (RFC 9162 section 2.1.3).
public struct InclusionProof: Hashable, Sendable {
    /// The longest path a tree of 2^64 leaves can need.
    public static let longestPath = 64

    /// The zero-based index of the leaf.
    public let index: UInt64

    /// The sibling hashes, the leaf's own sibling first.
    public let path: [TreeHash]

    /// A proof out of its parts, not yet verified.
    public init(index: UInt64, path: [TreeHash]) {
        self.index = index
        self.path = path
    }

    /// Makes the proof for the leaf at `index` from the tiles of a tree.
    public init(index: UInt64, from hashes: inout TileHashes) throws {
        guard index < hashes.size else { throw TileHashes.Fault.outsideTree }
        var path: [TreeHash] = []
        var range = 0..<hashes.size
        while range.count > 1 {
            let middle = range.lowerBound + TileHashes.split(range.upperBound - range.lowerBound)
            if index < middle {
                path.append(try hashes.hash(of: middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                path.append(try hashes.hash(of: range.lowerBound..<middle))
                range = middle..<range.upperBound
            }
        }
        self.init(index: index, path: path.reversed())
    }

    /// Whether the leaf is in the tree with this size and root (RFC 9162 section 2.1.3.2).
    public func isValid(leaf: TreeHash, size: UInt64, root: TreeHash) -> Bool {
        guard index < size, path.count <= Self.longestPath else { return false }
        var node = index
        var last = size - 1
        var hash = leaf
        for sibling in path {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = MerkleHash.node(sibling, hash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleHash.node(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }
}
