// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto

/// The hashes of RFC 6962 section 2.1: a leaf is prefixed with 0x00, a node with 0x01.
public enum MerkleHash {
    /// The root of the tree without leaves: the hash of no bytes.
    public static let emptyRoot = plain(UnsafeRawBufferPointer(start: nil, count: 0))

    /// The hash of an entry: `SHA-256(0x00 ‖ entry)`.
    public static func leaf(_ entry: UnsafeRawBufferPointer) -> TreeHash {
        var hasher = SHA256()
        var prefix: UInt8 = 0
        withUnsafeBytes(of: &prefix) { hasher.update(bufferPointer: $0) }
        hasher.update(bufferPointer: entry)
        return TreeHash(hasher.finalize())
    }

    /// The hash of an entry: `SHA-256(0x00 ‖ entry)`.
    public static func leaf(_ entry: [UInt8]) -> TreeHash {
        entry.withUnsafeBytes { leaf($0) }
    }

    /// The hash of two children: `SHA-256(0x01 ‖ left ‖ right)`.
    public static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
        var hasher = SHA256()
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { block in
            block[0] = 1
            block.baseAddress?.storeBytes(of: left, toByteOffset: 1, as: TreeHash.self)
            block.baseAddress?.storeBytes(of: right, toByteOffset: 33, as: TreeHash.self)
            hasher.update(bufferPointer: UnsafeRawBufferPointer(block))
        }
        return TreeHash(hasher.finalize())
    }

    /// The root of a list of hashes taken as leaves, in the shape of RFC 6962; the empty root for none.
    public static func root(of hashes: some Sequence<TreeHash>) -> TreeHash {
        var edge = RightEdge()
        for hash in hashes { edge.append(hash) }
        return edge.root
    }

    /// SHA-256 without a prefix, for digests that stand for data kept elsewhere.
    public static func plain(_ bytes: UnsafeRawBufferPointer) -> TreeHash {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        return TreeHash(hasher.finalize())
    }
}

extension TreeHash {
    init(_ digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { $0.loadUnaligned(as: TreeHash.self) }
    }
}
