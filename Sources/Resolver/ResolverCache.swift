// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses

/// A bounded table of results with an expiry, first in first out.
struct ResolverCache {
    private struct Entry {
        var result: Result<Answers, ResolveError>
        var expires: UInt64
        var slot: Int
    }

    private var entries: [HostName: Entry] = [:]
    private var slots: [HostName] = []
    private var hand = 0
    private let capacity: Int
    private(set) var evictions = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int {
        entries.count
    }

    /// What is known of the name at a time in nanoseconds.
    func result(for name: HostName, now: UInt64) -> Result<Answers, ResolveError>? {
        guard let entry = entries[name], now < entry.expires else { return nil }
        return entry.result
    }

    /// Keeps a result until a time in nanoseconds.
    mutating func store(_ result: Result<Answers, ResolveError>, for name: HostName, until expires: UInt64) {
        guard capacity > 0 else { return }
        if let slot = entries[name]?.slot {
            entries[name] = Entry(result: result, expires: expires, slot: slot)
            return
        }
        if slots.count < capacity {
            slots.append(name)
            entries[name] = Entry(result: result, expires: expires, slot: slots.count - 1)
            return
        }
        entries[slots[hand]] = nil
        evictions += 1
        slots[hand] = name
        entries[name] = Entry(result: result, expires: expires, slot: hand)
        hand = (hand + 1) % capacity
    }

    /// Forgets everything.
    mutating func removeAll() {
        entries = [:]
        slots = []
        hand = 0
    }
}
