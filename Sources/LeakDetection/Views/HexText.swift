// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Hexadecimal digits in a text.
enum HexText {
    /// What stretches of at least eight pairs stand for, when six bytes in a row of it are text or it is gzip. A stretch
    /// without delimiter is read from its first and from its second digit on, because a digit may stand before it.
    static func stretches(_ text: [UInt8], delimiter: UInt8?, minimum: Int = 8) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var place = 0
        while place &+ 1 < text.count {
            guard ByteClass.hexValue(text[place]) < 16 else {
                place &+= 1
                continue
            }
            let (bytes, end) = stretch(text, from: place, delimiter: delimiter)
            if bytes.count >= minimum {
                if isLikely(bytes) {
                    found.append(bytes)
                } else if delimiter == nil, case let (shifted, _) = stretch(text, from: place &+ 1, delimiter: nil),
                    isLikely(shifted)
                {
                    found.append(shifted)
                }
            }
            place = max(end, place &+ 1)
            // A broken pair is not the beginning of the next stretch: that is found from its second digit on.
            if delimiter == nil { while place < text.count, ByteClass.hexValue(text[place]) < 16 { place &+= 1 } }
        }
        return found
    }

    /// Pairs from a place on, and where they end.
    private static func stretch(_ text: [UInt8], from start: Int, delimiter: UInt8?) -> (bytes: [UInt8], end: Int) {
        var bytes: [UInt8] = []
        var place = start
        while place &+ 1 < text.count {
            let high = ByteClass.hexValue(text[place])
            let low = ByteClass.hexValue(text[place &+ 1])
            guard high < 16, low < 16 else { break }
            bytes.append(high &<< 4 | low)
            place &+= 2
            guard let delimiter else { continue }
            guard place &+ 2 < text.count, text[place] == delimiter else { break }
            place &+= 1
        }
        return (bytes, place)
    }

    /// Whether six bytes in a row are text, or it is gzip.
    static func isLikely(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: [0x1f, 0x8b, 0x08]) { return true }
        // Numbers are digits as well: without a letter all of it must be text.
        let hasLetter = bytes.contains { $0 & 0xf > 9 || $0 &>> 4 > 9 }
        if !hasLetter { return ASCIIText.isPlain(bytes) }
        var streak = 0
        for byte in bytes {
            streak = ASCIIText.isPlain(byte) ? streak &+ 1 : 0
            // UTF-16 has a NUL beside each character.
            if streak == 6 { return true }
        }
        return bytes.count { $0 == 0 } &* 2 >= bytes.count &- 1
    }
}
