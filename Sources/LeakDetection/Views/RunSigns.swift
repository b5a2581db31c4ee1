// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What speaks for a run being an encoding, found in one pass over it.
struct RunSigns {
    /// Characters without ends of lines.
    private(set) var count = 0
    /// One bit for each number of characters, modulo four, before a group of Base64: set when four groups in a row from
    /// there give ASCII, or one begins gzip.
    private(set) var phases: UInt32 = 0
    /// Whether sixteen hexadecimal digits follow one another.
    private(set) var hasDigits = false
    /// Whether there are as many hyphens or underscores as between eight pairs of digits.
    private(set) var hasPairs = false
    /// Whether all characters are of Base32.
    private(set) var isBase32 = true

    /// Whether anything does.
    var isAny: Bool { phases != 0 || hasDigits || hasPairs || isBase32 }

    init(_ run: UnsafeBufferPointer<UInt8>) {
        var first: UInt8 = 64
        var second: UInt8 = 64
        // Groups in a row, for each phase in a byte of its own.
        var streaks: UInt32 = 0
        var digits = 0
        var marks = 0
        EncodedRun.values.withUnsafeBufferPointer { values in
            for byte in run {
                let value = values[Int(byte)]
                if value == 64 { continue }
                let shift = UInt32((count &+ 2) & 3) &* 8
                count &+= 1
                let isASCII = first < 32 && second & 8 == 0 && value & 2 == 0
                let streak = isASCII ? min(streaks &>> shift & 0xff &+ 1, 100) : 0
                streaks = streaks & ~(0xff &<< shift) | streak &<< shift
                if streak >= 4 || (first == 7 && second == 56 && value == 44) { phases |= 1 &<< (shift / 8) }
                digits = ByteClass.hexValue(byte) < 16 ? digits &+ 1 : 0
                if digits == 16 { hasDigits = true }
                if byte == 0x2d || byte == 0x5f { marks &+= 1 }
                isBase32 = isBase32 && (ByteClass.isUpper(byte) || byte &- 0x32 < 6)
                first = second
                second = value
            }
        }
        hasPairs = marks >= 7
        // The fourth group may be a part of one.
        if streaks & 0xff == 3, count % 4 >= 2 { phases |= 1 }
    }
}
