// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Bytes as two hexadecimal digits each.
enum HexadecimalText {
    /// The value of a digit.
    @inline(__always)
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit &- 0x30
        case 0x41...0x46: digit &- 0x37
        case 0x61...0x66: digit &- 0x57
        default: nil
        }
    }

    static func append(_ byte: UInt8, to text: inout [UInt8], uppercase: Bool = false) {
        text.append(digit(byte >> 4, uppercase: uppercase))
        text.append(digit(byte & 0x0F, uppercase: uppercase))
    }

    static func digit(_ value: UInt8, uppercase: Bool = false) -> UInt8 {
        value < 10 ? 0x30 &+ value : (uppercase ? 0x37 : 0x57) &+ value
    }
}
