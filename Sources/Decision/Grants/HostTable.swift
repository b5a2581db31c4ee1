// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Host names to grants, by exact name and by the suffix under a wildcard.
///
/// An open-addressing table over the bytes of names. A look-up hashes the name once, from its end, and probes at each
/// label boundary on the way, so its cost depends on the number of labels and not on the number of names.
struct HostTable: Sendable {
    private var slots: [Slot] = []
    private var mask = 0
    private var keys: [UInt8] = []
    private(set) var postings: [UInt32] = []

    /// A name and where its grants stand in `postings`. A length of 0 marks a free slot.
    private struct Slot: Sendable {
        var hash: UInt32 = 0
        var keyLength: UInt32 = 0
        var keyOffset: UInt32 = 0
        var exactStart: UInt32 = 0
        var wildcardStart: UInt32 = 0
        var end: UInt32 = 0
    }

    /// The grants that one name has: those that name it exactly and those that cover what is below it.
    struct Entry: Sendable {
        var exact: [UInt32] = []
        var wildcard: [UInt32] = []
    }

    /// Builds the table. Grants are numbers in configured order, and each list ascends.
    init(_ entries: [String: Entry]) {
        var capacity = 8
        while capacity < entries.count * 2 { capacity *= 2 }
        slots = Array(repeating: Slot(), count: capacity)
        mask = capacity - 1
        for (name, entry) in entries {
            let bytes = Array(name.utf8)
            guard !bytes.isEmpty else { continue }
            var hash = RightToLeftHash()
            for byte in bytes.reversed() { hash.combine(byte) }
            var slot = Slot()
            slot.hash = hash.value
            slot.keyLength = UInt32(truncatingIfNeeded: bytes.count)
            slot.keyOffset = UInt32(truncatingIfNeeded: keys.count)
            slot.exactStart = UInt32(truncatingIfNeeded: postings.count)
            slot.wildcardStart = slot.exactStart &+ UInt32(truncatingIfNeeded: entry.exact.count)
            slot.end = slot.wildcardStart &+ UInt32(truncatingIfNeeded: entry.wildcard.count)
            keys += bytes
            postings += entry.exact
            postings += entry.wildcard
            var position = Int(slot.hash) & mask
            while slots[position].keyLength != 0 { position = (position + 1) & mask }
            slots[position] = slot
        }
    }

    /// A walk over a name, from its last label to its first.
    struct Cursor {
        fileprivate var hash = RightToLeftHash()
        fileprivate var index: Int

        init(_ name: Span<UInt8>) { index = name.count }
    }

    /// What one step of the walk found.
    struct Hit {
        /// Where the grants stand; the range of ``postings``.
        var postings: Range<Int>
        /// The bytes of the name left of the wildcard's suffix; 0 for the name itself.
        var prefixLength: Int
    }

    /// The next list of grants for the name: those of each wildcard above it, then those that name it.
    func next(_ cursor: inout Cursor, in name: Span<UInt8>) -> Hit? {
        while cursor.index > 0 {
            cursor.index -= 1
            let byte = name[cursor.index]
            if byte == UInt8(ascii: "."),
                let slot = find(name, from: cursor.index + 1, hash: cursor.hash.value), slot.wildcardStart < slot.end
            {
                cursor.hash.combine(byte)
                return Hit(postings: Int(slot.wildcardStart)..<Int(slot.end), prefixLength: cursor.index)
            }
            cursor.hash.combine(byte)
        }
        guard cursor.index == 0 else { return nil }
        cursor.index = -1
        guard let slot = find(name, from: 0, hash: cursor.hash.value), slot.exactStart < slot.wildcardStart else {
            return nil
        }
        return Hit(postings: Int(slot.exactStart)..<Int(slot.wildcardStart), prefixLength: 0)
    }

    /// The grants with a wildcard directly over this name, which does not cover the name itself.
    func wildcards(over name: String) -> [UInt32] {
        let bytes = Array(name.utf8)
        var hash = RightToLeftHash()
        for byte in bytes.reversed() { hash.combine(byte) }
        guard let slot = find(bytes.span, from: 0, hash: hash.value) else { return [] }
        return Array(postings[Int(slot.wildcardStart)..<Int(slot.end)])
    }

    private func find(_ name: Span<UInt8>, from start: Int, hash: UInt32) -> Slot? {
        let length = name.count - start
        var position = Int(hash) & mask
        while true {
            let slot = slots[position]
            if slot.keyLength == 0 { return nil }
            if slot.hash == hash, Int(slot.keyLength) == length, isKey(slot, name, from: start) { return slot }
            position = (position + 1) & mask
        }
    }

    private func isKey(_ slot: Slot, _ name: Span<UInt8>, from start: Int) -> Bool {
        let offset = Int(slot.keyOffset)
        for index in 0..<Int(slot.keyLength) where keys[offset + index] != name[start + index] { return false }
        return true
    }
}

/// A hash that is extended at the front of a name, byte by byte.
private struct RightToLeftHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    var value: UInt32 {
        let mixed = (state ^ state >> 32) &* 0x9e37_79b9_7f4a_7c15
        return UInt32(truncatingIfNeeded: mixed >> 32)
    }
}
