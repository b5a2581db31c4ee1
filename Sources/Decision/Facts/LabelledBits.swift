// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The text of identifiers: a label and 128 bits as 32 lower-case hexadecimal digits.
enum LabelledBits {
    static func random(using generator: inout some RandomNumberGenerator) -> UInt128 {
        UInt128(generator.next() as UInt64) << 64 | UInt128(generator.next() as UInt64)
    }

    /// The bits of a text; `nil` where it is not exactly the label and the digits.
    static func parse(_ text: some StringProtocol, label: StaticString) -> UInt128? {
        let bytes = Array(text.utf8)
        let count = label.utf8CodeUnitCount
        guard bytes.count == count &+ 32, bytes.starts(with: label.description.utf8) else { return nil }
        var value: UInt128 = 0
        for byte in bytes.dropFirst(count) {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
            default: return nil
            }
            value = value << 4 | UInt128(digit)
        }
        return value
    }

    static func text(_ bits: UInt128, label: StaticString) -> String {
        let digits = String(bits, radix: 16)
        return label.description + String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }
}
