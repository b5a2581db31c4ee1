// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How far a scan may skip when no spelling has begun, after the idea of Wu and Manber (1994).
///
/// Every spelling has at least ``window`` bytes. The last three bytes of a window tell how many places on the next
/// spelling can begin at the earliest; different triples may share an entry, which then has the smaller value.
struct SecretSkipTable: Sendable {
    /// Bytes that are looked at for one decision.
    static let window = SecretPatterns.minimumBytes

    private static let bits: UInt32 = 15
    private(set) var skips = [UInt8](repeating: UInt8(window - 2), count: 1 << Int(bits))

    /// Takes up the beginning of a spelling.
    mutating func insert(_ form: [UInt8]) {
        for last in 2..<Self.window where last < form.count {
            let index = Self.index(form[last &- 2], form[last &- 1], form[last])
            skips[index] = min(skips[index], UInt8(truncatingIfNeeded: Self.window &- 1 &- last))
        }
    }

    /// The entry of three bytes.
    @inline(__always)
    static func index(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        let triple = UInt32(first) | UInt32(second) &<< 8 | UInt32(third) &<< 16
        return Int((triple &* 0x9e37_79b1) &>> (32 &- bits))
    }
}
