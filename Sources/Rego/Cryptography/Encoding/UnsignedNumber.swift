// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Big-endian bytes as an unsigned integer of any size.
enum UnsignedNumber {
    /// The decimal digits.
    static func decimal(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        // Groups of nine digits, the lowest first.
        var groups: [UInt32] = [0]
        for byte in bytes {
            var carry = UInt64(byte)
            for index in groups.indices {
                let sum = (UInt64(groups[index]) << 8) &+ carry
                groups[index] = UInt32(truncatingIfNeeded: sum % 1_000_000_000)
                carry = sum / 1_000_000_000
            }
            while carry > 0 {
                groups.append(UInt32(truncatingIfNeeded: carry % 1_000_000_000))
                carry /= 1_000_000_000
            }
        }
        var text = Array(String(groups[groups.count &- 1]).utf8)
        for group in groups.dropLast().reversed() {
            let digits = String(group).utf8
            text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 9 &- digits.count))
            text.append(contentsOf: digits)
        }
        return text
    }
}
