// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a byte is to the first look over a text, in one word each, so that a loop without branches can count.
enum ByteClass {
    /// Bits that say which views a text needs.
    static let escape: UInt64 = 1 << 56
    /// A byte that is not ASCII, or a NUL.
    static let foreign: UInt64 = 1 << 57
    /// The first byte of a gzip header.
    static let gzip: UInt64 = 1 << 58

    /// A run of Base64 characters: sixteen of them are bit 4 or above.
    static let run: UInt64 = 1
    /// Digits with single characters between: ten of them are bit 39 or above.
    static let digit: UInt64 = 13 << 32

    /// Bits that are set when a run has sixteen characters.
    static let longRun: UInt64 = 0x00ff_fff0
    /// Bits that are set when a number has ten digits.
    static let longNumber: UInt64 = 0x00ff_ff80 << 32

    /// What to add for each byte.
    static let increments: [UInt64] = (0..<256).map { value in
        let byte = UInt8(value)
        var word: UInt64 = 0
        if isBase64(byte) { word |= run }
        if byte &- 0x30 < 10 { word |= digit }
        if byte == 0x25 || byte == 0x26 || byte == 0x5c { word |= escape }
        if byte >= 0x80 || byte == 0 { word |= foreign }
        if byte == 0x1f { word |= gzip }
        return word
    }

    /// What to keep after each byte: a run goes on over the end of a line, a number over a space, a dot or a hyphen.
    static let masks: [UInt64] = (0..<256).map { value in
        let byte = UInt8(value)
        var word: UInt64 = 0
        if isBase64(byte) || byte == 0x0a || byte == 0x0d { word |= 0x00ff_ffff }
        if byte &- 0x30 < 10 || byte == 0x20 || byte == 0x2d || byte == 0x2e { word |= 0x00ff_ffff << 32 }
        return word
    }

    /// The characters of both alphabets, without padding.
    @inline(__always)
    static func isBase64(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == 0x2b || byte == 0x2f || byte == 0x2d || byte == 0x5f
    }

    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

    @inline(__always)
    static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }

    /// The value of a hexadecimal digit, or 255.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8 {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : 255
    }
}
