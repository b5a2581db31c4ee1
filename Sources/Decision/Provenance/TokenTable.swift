// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A set of byte strings with two places each, in one buffer: found by a seeded hash and compared as bytes.
struct TokenTable: Sendable {
    /// Where a value was seen first, on either side of trust.
    struct Entry: Sendable {
        fileprivate let start: UInt32
        fileprivate let count: UInt32
        fileprivate let hash: UInt32
        var trusted: UInt64 = 0
        var free: UInt64 = 0
        /// Whether a call of the agent brought it before anybody vouched for it.
        var isBrought = false
    }

    private(set) var entries: [Entry] = []
    private var bytes: [UInt8] = []
    private var slots: [UInt32]
    private let maximumEntries: Int
    private let maximumBytes: Int

    init(maximumEntries: Int, maximumBytes: Int) {
        self.maximumEntries = max(maximumEntries, 0)
        self.maximumBytes = min(max(maximumBytes, 0), Int(UInt32.max))
        slots = [UInt32](repeating: 0, count: 64)
    }

    /// The entry of a value.
    func entry(_ key: [UInt8]) -> Entry? {
        let found = find(key, hash: Self.hash(key))
        guard slots[found] != 0 else { return nil }
        return entries[Int(slots[found] &- 1)]
    }

    /// Records where a value was seen, unless something better is known or there is no room. A person's word counts
    /// before a field, and a field does not count for a value that the agent brought.
    mutating func insert(_ key: [UInt8], place: UInt64, isTrusted: Bool) {
        guard let index = index(inserting: key, share: isTrusted ? 1 : 2) else { return }
        guard isTrusted, !entries[index].isBrought || TaskProvenance.Place.isPersonal(place) else {
            if entries[index].free == 0, !isTrusted { entries[index].free = place }
            return
        }
        let known = entries[index].trusted
        if known == 0 || place < known { entries[index].trusted = place }
    }

    /// Records that the agent brought a value for which nobody has vouched.
    mutating func bring(_ key: [UInt8]) {
        guard let index = index(inserting: key, share: 1), entries[index].trusted == 0 else { return }
        entries[index].isBrought = true
    }

    private mutating func index(inserting key: [UInt8], share: Int) -> Int? {
        let hash = Self.hash(key)
        let slot = find(key, hash: hash)
        if slots[slot] != 0 { return Int(slots[slot] &- 1) }
        guard entries.count < maximumEntries / share, bytes.count <= maximumBytes / share &- key.count else {
            return nil
        }
        entries.append(Entry(start: UInt32(bytes.count), count: UInt32(key.count), hash: hash))
        bytes.append(contentsOf: key)
        slots[slot] = UInt32(entries.count)
        let index = entries.count &- 1
        if entries.count &* 2 > slots.count { grow() }
        return index
    }

    private static func hash(_ key: [UInt8]) -> UInt32 {
        var hasher = Hasher()
        key.withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    private func find(_ key: [UInt8], hash: UInt32) -> Int {
        let mask = slots.count &- 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot] &- 1)]
            if entry.hash == hash, Int(entry.count) == key.count,
                bytes[Int(entry.start)..<Int(entry.start) &+ key.count].elementsEqual(key)
            {
                break
            }
            slot = (slot &+ 1) & mask
        }
        return slot
    }

    private mutating func grow() {
        var larger = [UInt32](repeating: 0, count: slots.count &* 2)
        let mask = larger.count &- 1
        for (index, entry) in entries.enumerated() {
            var slot = Int(entry.hash) & mask
            while larger[slot] != 0 { slot = (slot &+ 1) & mask }
            larger[slot] = UInt32(index &+ 1)
        }
        slots = larger
    }
}
