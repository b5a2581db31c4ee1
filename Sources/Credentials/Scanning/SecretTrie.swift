// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The spellings as a tree while it is built.
struct SecretTrie {
    private(set) var children: [[(byte: UInt8, state: Int32)]] = [[]]
    private(set) var depths: [Int32] = [0]
    private(set) var isEnd: [Bool] = [false]
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Adds a spelling; false when that takes too many states.
    mutating func insert(_ bytes: [UInt8]) -> Bool {
        var state = 0
        for byte in bytes {
            if let next = children[state].first(where: { $0.byte == byte }) {
                state = Int(next.state)
                continue
            }
            guard depths.count < limit else { return false }
            let next = depths.count
            children[state].append((byte, Int32(truncatingIfNeeded: next)))
            children.append([])
            depths.append(depths[state] &+ 1)
            isEnd.append(false)
            state = next
        }
        isEnd[state] = true
        return true
    }
}
