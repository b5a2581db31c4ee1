// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Tells prose from values where nothing says what a field holds.
enum FreeText {
    /// Whether bytes are long, of several lines, or more than a name has words.
    static func isProse(_ bytes: [UInt8]) -> Bool {
        if bytes.count > 256 { return true }
        var words = 0
        var isInside = false
        for byte in bytes {
            if byte == 0x0a || byte == 0x0d { return true }
            let isSpace = ByteClass.isSpace(byte)
            if !isSpace, !isInside { words &+= 1 }
            isInside = !isSpace
        }
        return words > 4
    }

    /// The parts of text that lists and tables put between line ends, commas, colons and the like, of two words and more.
    static func items(_ bytes: [UInt8], _ take: (ArraySlice<UInt8>) -> Void) {
        var start = 0
        var spaces = 0
        for index in 0...bytes.count {
            let isEnd = index == bytes.count || ByteClass.endsItem(bytes[index])
            guard isEnd else {
                if bytes[index] == 0x20 { spaces &+= 1 }
                continue
            }
            if spaces > 0, index &- start <= 96 { take(bytes[start..<index]) }
            start = index &+ 1
            spaces = 0
        }
    }

    /// Whether the name of a member is one that a program chose, and no value.
    static func isIdentifier(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, !ByteClass.isUpper(first), !ByteClass.isDigit(first) else { return name.isEmpty }
        return name.allSatisfy { ByteClass.isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "$") }
    }
}
