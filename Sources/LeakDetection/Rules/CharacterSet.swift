// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A set of bytes.
struct CharacterSet: Sendable, Hashable {
    private var words: SIMD4<UInt64> = .zero

    init(_ isMember: (UInt8) -> Bool) {
        for value in 0..<256 where isMember(UInt8(value)) { words[value &>> 6] |= 1 &<< UInt64(value & 63) }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool { words[Int(byte &>> 6)] &>> UInt64(byte & 63) & 1 != 0 }

    static let digits = CharacterSet(ByteClass.isDigit)
    static let alphanumeric = CharacterSet(ByteClass.isAlphanumeric)
    static let capital = CharacterSet { ByteClass.isUpper($0) || ByteClass.isDigit($0) }
    static let hexadecimal = CharacterSet { ByteClass.hexValue($0) < 16 }
    /// Letters, digits and `_`.
    static let word = CharacterSet { ByteClass.isAlphanumeric($0) || $0 == 0x5f }
    /// Letters, digits, `-` and `_`.
    static let url = CharacterSet { ByteClass.isAlphanumeric($0) || $0 == 0x2d || $0 == 0x5f }
    /// Letters, digits, `-`, `_` and `.`.
    static let dotted = CharacterSet { ByteClass.isAlphanumeric($0) || $0 == 0x2d || $0 == 0x5f || $0 == 0x2e }
    /// Both alphabets of Base64 and its padding.
    static let base64 = CharacterSet { ByteClass.isBase64($0) || $0 == 0x3d }
}
