// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A strict incremental check of UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
struct UTF8Check {
    /// Continuation bytes still wanted.
    private var pending: UInt8 = 0
    /// The range in which the next continuation byte must lie.
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xbf

    /// True between characters.
    @inline(__always) var isComplete: Bool { pending == 0 }

    /// Takes one byte. Returns false when the bytes so far are not UTF-8.
    mutating func take(_ byte: UInt8) -> Bool {
        if pending > 0 {
            guard byte >= low, byte <= high else { return false }
            (low, high) = (0x80, 0xbf)
            pending &-= 1
            return true
        }
        switch byte {
        case 0x00...0x7f: break
        case 0xc2...0xdf: pending = 1
        case 0xe0: (pending, low) = (2, 0xa0)
        case 0xe1...0xec, 0xee, 0xef: pending = 2
        case 0xed: (pending, high) = (2, 0x9f)
        case 0xf0: (pending, low) = (3, 0x90)
        case 0xf1...0xf3: pending = 3
        case 0xf4: (pending, high) = (3, 0x8f)
        default: return false
        }
        return true
    }
}
