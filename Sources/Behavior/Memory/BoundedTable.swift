// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Values by key, at most so many, in the order in which they were last used.
///
/// The hash of a dictionary differs from process to process, so nothing here depends on its order: what is dropped, and
/// the order of ``slots``, follow from use alone.
struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    let capacity: Int
    /// The values by slot. A slot keeps its value until another key takes it.
    var values: [Value] = []
    private(set) var keys: [Key] = []
    private var slotOf: [Key: Int] = [:]
    private var links: [Link] = []
    private var newest = -1
    private var oldest = -1

    private struct Link {
        var newer: Int
        var older: Int
    }

    /// How a key came to its slot.
    struct Insertion {
        let slot: Int
        /// The value that was dropped for it.
        let dropped: Value?
    }

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var count: Int { values.count }

    /// The slot of a key, which is not marked as used.
    func find(_ key: Key) -> Int? { slotOf[key] }

    /// The slot of a key, which is the last one used from then on.
    mutating func use(_ key: Key) -> Int? {
        guard let slot = slotOf[key] else { return nil }
        if slot != newest {
            unlink(slot)
            link(slot)
        }
        return slot
    }

    /// Adds a key that is not in the table. When the table is full, the least recently used of the `reach` oldest
    /// values that may be dropped goes; nil where none of them may.
    mutating func insert(
        _ key: Key, _ value: Value, reach: Int = 1, mayDrop: (Value) -> Bool = { _ in true }
    ) -> Insertion? {
        guard count >= capacity else {
            keys.append(key)
            values.append(value)
            links.append(Link(newer: -1, older: -1))
            slotOf[key] = count - 1
            link(count - 1)
            return Insertion(slot: count - 1, dropped: nil)
        }
        guard let slot = droppable(reach, mayDrop) else { return nil }
        let dropped = values[slot]
        slotOf[keys[slot]] = nil
        keys[slot] = key
        values[slot] = value
        slotOf[key] = slot
        unlink(slot)
        link(slot)
        return Insertion(slot: slot, dropped: dropped)
    }

    /// The slots, the least recently used first.
    var slots: [Int] {
        var slots: [Int] = []
        slots.reserveCapacity(count)
        var slot = oldest
        while slot >= 0 {
            slots.append(slot)
            slot = links[slot].newer
        }
        return slots
    }

    private func droppable(_ reach: Int, _ mayDrop: (Value) -> Bool) -> Int? {
        var slot = oldest
        for _ in 0..<reach {
            guard slot >= 0 else { return nil }
            if mayDrop(values[slot]) { return slot }
            slot = links[slot].newer
        }
        return nil
    }

    private mutating func unlink(_ slot: Int) {
        let link = links[slot]
        if link.newer >= 0 { links[link.newer].older = link.older } else { newest = link.older }
        if link.older >= 0 { links[link.older].newer = link.newer } else { oldest = link.newer }
    }

    private mutating func link(_ slot: Int) {
        links[slot] = Link(newer: -1, older: newest)
        if newest >= 0 { links[newest].newer = slot } else { oldest = slot }
        newest = slot
    }
}
