// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where a generator takes its decisions from: the same seed or the same bytes always give the same decisions.
struct Choices {
    private var bytes: ArraySlice<UInt8>
    private var state: UInt64?

    /// Decisions without end.
    init(seed: UInt64) {
        bytes = []
        state = seed
    }

    /// One decision for each byte or two; when they are used up, always the first choice.
    init(bytes: [UInt8]) {
        self.bytes = bytes[...]
        state = nil
    }

    /// A number from 0 to below a bound.
    mutating func below(_ bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        if var state {
            state &+= 0x9E37_79B9_7F4A_7C15
            self.state = state
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
        }
        var number = Int(bytes.popFirst() ?? 0)
        if bound > 256 { number = number << 8 | Int(bytes.popFirst() ?? 0) }
        return number % bound
    }

    /// Holds in so many of a hundred cases.
    mutating func holds(_ percent: Int) -> Bool {
        below(100) >= 100 - percent
    }

    mutating func pick<Element>(_ list: [Element]) -> Element {
        list[below(list.count)]
    }
}
