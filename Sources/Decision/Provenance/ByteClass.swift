// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Classes of bytes in texts and addresses.
enum ByteClass {
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
    static func lowered(_ byte: UInt8) -> UInt8 { isUpper(byte) ? byte | 0x20 : byte }
    static func raised(_ byte: UInt8) -> UInt8 { byte &- 0x61 < 26 ? byte & 0xdf : byte }

    /// A letter, a digit, or part of a character outside of ASCII.
    static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte >= 0x80 }

    static func isScheme(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    static func isGroupBreak(_ byte: UInt8) -> Bool { byte == 0x20 || byte == UInt8(ascii: "-") }

    static func isMailLocal(_ byte: UInt8) -> Bool {
        isWord(byte) || isIn(byte, 0xa000_ecfa_0000_0000, 0x7800_0001_c000_0000)
    }

    static func endsAuthority(_ byte: UInt8) -> Bool { isIn(byte, 0x8000_8008_0000_0000, 0x0000_0000_1000_0000) }

    /// Where a run of text ends for a link: white space, controls, and what no link has.
    static func endsRun(_ byte: UInt8) -> Bool {
        isIn(byte, 0x5000_0005_ffff_ffff, 0x9000_0001_3800_0000)
    }

    /// What separates pieces of a run.
    static func endsPiece(_ byte: UInt8) -> Bool { isIn(byte, 0x2c00_1380_0000_0000, 0x2800_0000_0000_0000) }

    /// Punctuation that belongs to the sentence when it stands at the end.
    static func isTrailing(_ byte: UInt8) -> Bool { isIn(byte, 0x8c00_5682_0000_0000, 0x6000_0000_8000_0000) }

    /// Punctuation that ties two words to one when it stands between them.
    static func isTie(_ byte: UInt8) -> Bool { isIn(byte, 0x2400_e878_0000_0000, 0x4000_0000_9000_0001) }

    /// What separates the addresses of a list.
    static func endsListPart(_ byte: UInt8) -> Bool { isIn(byte, 0x0800_1000_0000_0000, 0x0000_0000_0000_0000) }

    /// What no name in front of a bracketed address holds.
    static func isForbiddenInName(_ byte: UInt8) -> Bool { isIn(byte, 0x5c00_1000_0000_0000, 0x0000_0000_0000_0001) }

    /// What no bracketed address holds.
    static func isForbiddenInBrackets(_ byte: UInt8) -> Bool {
        isIn(byte, 0x5800_1001_0000_0000, 0x0000_0000_0000_0000)
    }

    /// What ends an item of a list or a table in text: line ends, tabs, commas, semicolons, colons, bars, brackets.
    static func endsItem(_ byte: UInt8) -> Bool { isIn(byte, 0x0c00_1304_0000_2600, 0x3800_0000_2800_0000) }

    /// What may stand between groups of digits.
    static func isDigitBreak(_ byte: UInt8) -> Bool { isIn(byte, 0x0000_e001_0000_0000, 0x0000_0000_0000_0000) }

    /// Membership by one bit for each byte below 128.
    @inline(__always)
    private static func isIn(_ byte: UInt8, _ low: UInt64, _ high: UInt64) -> Bool {
        byte < 128 && ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 == 1
    }

    /// Whether bytes are labels with dots between them, at least so many, the last not a number. A label outside of ASCII
    /// counts.
    static func isDomain(_ bytes: ArraySlice<UInt8>, labels minimum: Int) -> Bool {
        guard !bytes.isEmpty, bytes.count <= 253 else { return false }
        var labels = 0
        var start = bytes.startIndex
        while start <= bytes.endIndex {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: ".")) ?? bytes.endIndex
            let label = bytes[start..<end]
            guard !label.isEmpty, label.count <= 63,
                label.allSatisfy({ isWord($0) || isIn($0, 0x0000_2000_0000_0000, 0x0000_0000_8000_0000) })
            else {
                return false
            }
            labels &+= 1
            if end == bytes.endIndex {
                let isName = label.allSatisfy { isLetter($0) || $0 >= 0x80 }
                let isEncoded = label.prefix(4).map(lowered).elementsEqual("xn--".utf8)
                return labels >= minimum && label.count >= 2 && (isName || isEncoded)
            }
            start = end &+ 1
        }
        return false
    }

    /// Whether a host name with a dot comes first, at the end or before what may follow the name of a host.
    static func startsWithHost(_ bytes: ArraySlice<UInt8>, goesOn: Bool) -> Bool {
        let name = bytes.prefix(254).prefix { !endsAuthority($0) && $0 != UInt8(ascii: ":") }
        return isDomain(name, labels: 2) && (!goesOn || name.count < bytes.count)
    }

    /// Behind the colon of `http:` or `https:` where no two slashes follow; browsers go there all the same.
    static func webScheme(in bytes: ArraySlice<UInt8>) -> Int? {
        var search = bytes.startIndex
        while let colon = bytes[search...].firstIndex(of: UInt8(ascii: ":")) {
            let word = bytes[..<colon].suffix(6).map(lowered)
            for scheme in ["http", "https"] where word.suffix(scheme.utf8.count).elementsEqual(scheme.utf8) {
                let start = colon &- scheme.utf8.count
                if start == bytes.startIndex || !isWord(bytes[start &- 1]) { return colon &+ 1 }
            }
            search = colon &+ 1
        }
        return nil
    }

    /// The first of two slashes.
    static func doubleSlash(in bytes: ArraySlice<UInt8>) -> Int? {
        let slash = UInt8(ascii: "/")
        var search = bytes.startIndex
        while let found = bytes[search...].firstIndex(of: slash), found &+ 1 < bytes.endIndex {
            if bytes[found &+ 1] == slash { return found }
            search = found &+ 1
        }
        return nil
    }

    /// Takes white space from both ends.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = bytes.firstIndex(where: { !isSpace($0) }),
            let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return bytes.prefix(0) }
        return bytes[first...last]
    }

    /// Appends bytes with white space in one.
    static func appendSpaced(_ bytes: ArraySlice<UInt8>, to key: inout [UInt8]) {
        var hasSpace = false
        for byte in trimmed(bytes) {
            if isSpace(byte) {
                hasSpace = true
                continue
            }
            if hasSpace { key.append(0x20) }
            hasSpace = false
            key.append(byte)
        }
    }
}
