// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The roots of the perfect subtrees that make up a tree, largest first: all that appending and the root need.
///
/// A tree of `n` leaves has one subtree for each bit set in `n`, so at most 64 hashes are held.
public struct RightEdge: Sendable {
    /// The number of leaves.
    public private(set) var size: UInt64 = 0

    /// The subtree roots, largest subtree first.
    public private(set) var subtrees: [TreeHash] = []

    /// The edge of the empty tree.
    public init() {
        subtrees.reserveCapacity(64)
    }

    /// Adds one leaf hash; one node hash on average.
    public mutating func append(_ leaf: TreeHash) {
        var hash = leaf
        var position = size
        while position & 1 == 1, let left = subtrees.popLast() {
            hash = MerkleHash.node(left, hash)
            position >>= 1
        }
        subtrees.append(hash)
        size &+= 1
    }

    /// The root of the tree so far (RFC 6962 section 2.1).
    public var root: TreeHash {
        Self.root(of: subtrees)
    }

    /// The root over perfect subtrees given largest first.
    static func root(of subtrees: some BidirectionalCollection<TreeHash>) -> TreeHash {
        guard var hash = subtrees.last else { return MerkleHash.emptyRoot }
        for left in subtrees.dropLast().reversed() { hash = MerkleHash.node(left, hash) }
        return hash
    }

    mutating func removeAll() {
        size = 0
        subtrees.removeAll(keepingCapacity: true)
    }
}
