// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The ids of the last events, at most so many.
struct EventRing: Sendable {
    private var ids: [UInt64] = []
    private var next = 0
    private let capacity: Int

    init(capacity: Int = 16) { self.capacity = max(1, capacity) }

    mutating func append(_ id: UInt64) {
        if ids.count < capacity {
            ids.append(id)
        } else {
            ids[next] = id
        }
        next = (next + 1) % capacity
    }

    /// The ids, the oldest first.
    var all: [UInt64] {
        ids.count < capacity ? ids : Array(ids[next...] + ids[..<next])
    }

    /// The last ids, at most `count`, the oldest first.
    func last(_ count: Int) -> [UInt64] { Array(all.suffix(count)) }
}
