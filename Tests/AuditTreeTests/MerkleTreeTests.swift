// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Testing

/// The definitions of RFC 6962 section 2.1 written down recursively, to compare with.
enum Definition {
    static func root(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
        guard let first = leaves.first else { return MerkleHash.emptyRoot }
        guard leaves.count > 1 else { return first }
        let middle = leaves.startIndex + split(leaves.count)
        return MerkleHash.node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    static func split(_ count: Int) -> Int {
        var split = 1
        while split * 2 < count { split *= 2 }
        return split
    }

    static func leaves(_ count: Int) -> [TreeHash] {
        (0..<count).map { MerkleHash.leaf(Array("record \($0)".utf8)) }
    }
}

/// A tree with its tiles in memory.
struct MemoryTree {
    var builder = TileBuilder()
    var tiles: [TilePath: [UInt8]] = [:]

    mutating func append(_ leaf: TreeHash) {
        var full: [TileBuilder.Tile] = []
        builder.append(leaf) { full.append($0) }
        for tile in full { if let path = tile.path { tiles[path] = tile.bytes } }
    }

    func hashes() -> TileHashes {
        var tiles = tiles
        for tile in builder.partialTiles { if let path = tile.path { tiles[path] = tile.bytes } }
        return TileHashes(size: builder.size) { [tiles] path in
            guard let bytes = tiles[path] else { throw TileHashes.Fault.shortTile(path) }
            return bytes
        }
    }
}

@Suite struct MerkleTreeTests {
    @Test func `the hashes are those of RFC 6962`() {
        #expect(
            MerkleHash.emptyRoot.description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            MerkleHash.leaf([]).description == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
        // The tree of eight leaves that the Certificate Transparency test data use.
        let inputs = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
        ]
        let leaves = inputs.map { MerkleHash.leaf(Hexadecimal.decode($0.utf8) ?? []) }
        #expect(
            MerkleHash.root(of: leaves).description
                == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
    }

    @Test func `edge, builder and tiles give the root of the definition for every size`() throws {
        let leaves = Definition.leaves(600)
        var tree = MemoryTree()
        var edge = RightEdge()
        for (count, leaf) in leaves.enumerated() {
            let expected = Definition.root(leaves[..<count])
            #expect(edge.root == expected)
            #expect(tree.builder.root == expected)
            if count % 7 == 0 || count % 256 < 2 {
                var hashes = tree.hashes()
                #expect(try hashes.root() == expected)
            }
            tree.append(leaf)
            edge.append(leaf)
        }
    }

    @Test func `a builder continues a tree from its full tiles`() throws {
        let leaves = Definition.leaves(256 * 5 + 3)
        var whole = MemoryTree()
        for leaf in leaves { whole.append(leaf) }
        var continued = TileBuilder(continuing: 1280) { _, index in
            Definition.root(leaves[Int(index) * 256..<Int(index + 1) * 256])
        }
        for leaf in leaves[1280...] { continued.append(leaf) { _ in } }
        #expect(continued.root == whole.builder.root)
        #expect(continued.size == whole.builder.size)
    }

    @Test func `an inclusion proof holds for its leaf and for no other leaf, index, size or root`() throws {
        let leaves = Definition.leaves(300)
        for size in [1, 2, 3, 5, 8, 255, 256, 257, 300] {
            var tree = MemoryTree()
            for leaf in leaves[..<size] { tree.append(leaf) }
            var hashes = tree.hashes()
            let root = tree.builder.root
            for index in stride(from: 0, to: size, by: max(1, size / 9)) {
                let proof = try InclusionProof(index: UInt64(index), from: &hashes)
                #expect(proof.isValid(leaf: leaves[index], size: UInt64(size), root: root))
                #expect(!proof.isValid(leaf: MerkleHash.leaf([1]), size: UInt64(size), root: root))
                #expect(!proof.isValid(leaf: leaves[index], size: UInt64(size), root: leaves[0]) || size == 1)
                let longer = InclusionProof(index: UInt64(index), path: proof.path + [root])
                #expect(!longer.isValid(leaf: leaves[index], size: UInt64(size), root: root))
                let elsewhere = InclusionProof(index: UInt64(index ^ 1), path: proof.path)
                #expect(!elsewhere.isValid(leaf: leaves[index], size: UInt64(size), root: root))
            }
            #expect(throws: TileHashes.Fault.outsideTree) { try InclusionProof(index: UInt64(size), from: &hashes) }
        }
    }

    @Test func `a consistency proof holds between every two sizes and for no other root`() throws {
        let leaves = Definition.leaves(40)
        for new in 0...40 {
            var tree = MemoryTree()
            for leaf in leaves[..<new] { tree.append(leaf) }
            var hashes = tree.hashes()
            for old in 0...new {
                let proof = try ConsistencyProof(from: UInt64(old), to: &hashes)
                let oldRoot = Definition.root(leaves[..<old])
                func isValid(_ old: Int, _ oldRoot: TreeHash, _ root: TreeHash) -> Bool {
                    proof.isValid(
                        oldSize: UInt64(old), oldRoot: oldRoot, newSize: UInt64(new), newRoot: root)
                }
                #expect(isValid(old, oldRoot, tree.builder.root))
                #expect(!isValid(old, MerkleHash.leaf([2]), tree.builder.root))
                if old > 0 { #expect(!isValid(old, oldRoot, MerkleHash.leaf([2]))) }
                #expect(!isValid(new + 1, oldRoot, tree.builder.root))
            }
        }
    }

    @Test func `proofs of absurd sizes are refused without work`() {
        let path = [TreeHash](repeating: .zero, count: 65)
        #expect(!InclusionProof(index: 0, path: path).isValid(leaf: .zero, size: .max, root: .zero))
        #expect(!InclusionProof(index: .max, path: []).isValid(leaf: .zero, size: .max, root: .zero))
        let proof = ConsistencyProof(path: Array(path.prefix(63)))
        #expect(!proof.isValid(oldSize: .max - 1, oldRoot: .zero, newSize: .max, newRoot: .zero))
        #expect(!proof.isValid(oldSize: 1 << 63, oldRoot: .zero, newSize: .max, newRoot: .zero))
    }
}
