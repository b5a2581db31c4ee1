// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The words of the language.
enum Keywords {
    /// The kind of a word of at most eight bytes, packed with the first byte highest.
    static func kind(_ packed: UInt64) -> TokenKind {
        switch packed {
        case 0x6173: .as
        case 0x6966: .if
        case 0x696E: .in
        case 0x6F72: .logicalOr
        case 0x61_6E64: .logicalAnd
        case 0x6E_6F74: .not
        case 0x656C_7365: .else
        case 0x6E75_6C6C: .null
        case 0x736F_6D65: .some
        case 0x7472_7565: .true
        case 0x7769_7468: .with
        case 0x65_7665_7279: .every
        case 0x66_616C_7365: .false
        case 0x696D_706F_7274: .import
        case 0x64_6566_6175_6C74: .default
        case 0x70_6163_6B61_6765: .package
        case 0x636F_6E74_6169_6E73: .contains
        default: .identifier
        }
    }

    /// Whether a text is a word of the language that no import switches on.
    static func contains(_ text: Text) -> Bool {
        guard text.bytes.count <= 8 else { return false }
        var packed: UInt64 = 0
        for byte in text.bytes { packed = packed << 8 | UInt64(byte) }
        let kind = kind(packed)
        return kind.isKeyword && kind != .logicalAnd && kind != .logicalOr
    }
}

extension UInt8 {
    /// Whether it is an ASCII digit.
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// Whether it is an ASCII digit or one of the letters for 10 to 15.
    var isHexDigit: Bool {
        let lower = self | 0x20
        return isDigit || (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "f"))
    }

    /// Whether it may begin an identifier.
    var isWordStart: Bool {
        let lower = self | 0x20
        return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")) || self == UInt8(ascii: "_")
    }

    /// Whether it may stand in an identifier.
    var isWordByte: Bool { isWordStart || isDigit }
}

/// Well-formedness of UTF-8.
enum UTF8Validation {
    /// How many bytes the character at a place takes; nil when it is malformed.
    static func length(of bytes: [UInt8], at index: Int) -> Int? {
        let first = bytes[index]
        let length: Int
        var minimum: UInt8 = 0x80
        var maximum: UInt8 = 0xBF
        switch first {
        case 0..<0x80: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if first == 0xE0 { minimum = 0xA0 }
            if first == 0xED { maximum = 0x9F }
        case 0xF0...0xF4:
            length = 4
            if first == 0xF0 { minimum = 0x90 }
            if first == 0xF4 { maximum = 0x8F }
        default: return nil
        }
        guard bytes.count - index >= length else { return nil }
        guard bytes[index + 1] >= minimum, bytes[index + 1] <= maximum else { return nil }
        for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return nil }
        return length
    }
}
