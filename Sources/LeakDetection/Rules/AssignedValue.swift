// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Values that are given to names like `password`.
enum AssignedValue {
    /// Whether a name that has a keyword in it is soon given a value that looks like a password. Cheap, so that a text
    /// that is full of keywords costs no expression for each.
    static func isPassword(after position: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        let limit = min(position &+ 40, text.count)
        var place = position
        while place < limit, text[place] != 0x3d, text[place] != 0x3a { place &+= 1 }
        guard place < limit else { return false }
        while place < text.count, isBefore(text[place]) { place &+= 1 }
        var end = place
        while end < text.count, end &- place < 256, !isAfter(text[end]) { end &+= 1 }
        return isPassword(UnsafeBufferPointer(rebasing: text[place..<end]))
    }

    /// `=`, `:`, `>`, blanks and quotation marks.
    private static func isBefore(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x3d, 0x3a, 0x3e, 0x20, 0x09, 0x22, 0x27, 0x5c: true
        default: false
        }
    }

    private static func isAfter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00...0x20, 0x22, 0x27, 0x2c, 0x3b, 0x26, 0x3c, 0x3e, 0x5c: true
        default: false
        }
    }

    /// Whether a value is one that nobody would write but as a secret: of three kinds of characters, or long and even.
    static func isPassword(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard value.count >= 8, let first = value.first else { return false }
        // Variables and templates: $NAME, ${NAME}, <name>, {{name}}, %NAME%, and what is blanked out.
        if first == 0x24 || first == 0x3c || first == 0x7b || first == 0x25 || first == 0x5b { return false }
        var seen: (low: UInt64, high: UInt64) = (0, 0)
        var (lower, upper, digit, other, isAddress) = (0, 0, 0, 0, false)
        for (index, byte) in value.enumerated() {
            // A call.
            if byte == 0x28 { return false }
            if byte < 0x40 { seen.low |= 1 &<< UInt64(byte) } else { seen.high |= 1 &<< UInt64(byte & 0x3f) }
            if ByteClass.isLower(byte) {
                lower = 1
            } else if ByteClass.isUpper(byte) {
                upper = 1
            } else if ByteClass.isDigit(byte) {
                digit = 1
            } else if byte != 0x2e, byte != 0x2d, byte != 0x5f {
                other = 1
            }
            if byte == 0x2f, index > 1, value[index &- 1] == 0x2f, value[index &- 2] == 0x3a { isAddress = true }
        }
        // An address may hold a password itself: there is a rule for that.
        if isAddress || seen.low.nonzeroBitCount &+ seen.high.nonzeroBitCount < 5 { return false }
        let kinds = lower &+ upper &+ digit &+ other
        guard digit == 1 || (other == 1 && kinds >= 3) else { return false }
        return kinds >= 3 || (value.count >= 16 && kinds >= 2 && ShannonEntropy.milliBits(value) >= 3000)
    }
}
