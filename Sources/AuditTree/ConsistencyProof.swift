// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The proof that an older tree is a prefix of a newer one (RFC 9162 section 2.1.4).
public struct ConsistencyProof: Hashable, Sendable {
    /// The most hashes a proof between two trees can need, and the most that a witness accepts.
    public static let longestPath = 63

    /// The hashes in the order of RFC 9162.
    public let path: [TreeHash]

    /// A proof out of its hashes, not yet verified.
    public init(path: [TreeHash]) {
        self.path = path
    }

    /// Makes the proof from `oldSize` to the size of the tree; empty for equal sizes and from the empty tree.
    public init(from oldSize: UInt64, to hashes: inout TileHashes) throws {
        guard oldSize <= hashes.size else { throw TileHashes.Fault.outsideTree }
        guard oldSize > 0, oldSize < hashes.size else {
            self.init(path: [])
            return
        }
        var path: [TreeHash] = []
        var range = 0..<hashes.size
        var isComplete = true
        while oldSize != range.upperBound {
            let middle = range.lowerBound + TileHashes.split(range.upperBound - range.lowerBound)
            if oldSize <= middle {
                path.append(try hashes.hash(of: middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                path.append(try hashes.hash(of: range.lowerBound..<middle))
                range = middle..<range.upperBound
                isComplete = false
            }
        }
        if !isComplete { path.append(try hashes.hash(of: range)) }
        self.init(path: path.reversed())
    }

    /// Whether the newer tree extends the older one (RFC 9162 section 2.1.4.2, with the empty tree a prefix of all).
    public func isValid(oldSize: UInt64, oldRoot: TreeHash, newSize: UInt64, newRoot: TreeHash) -> Bool {
        guard oldSize <= newSize, path.count <= Self.longestPath else { return false }
        if oldSize == newSize { return path.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return path.isEmpty && oldRoot == MerkleHash.emptyRoot }
        var rest = path[...]
        var node = oldSize - 1
        var last = newSize - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        guard let start = node == 0 ? oldRoot : rest.popFirst() else { return false }
        var old = start
        var new = start
        for sibling in rest {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                old = MerkleHash.node(sibling, old)
                new = MerkleHash.node(sibling, new)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                new = MerkleHash.node(new, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}
