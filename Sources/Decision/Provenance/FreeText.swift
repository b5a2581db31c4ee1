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

    /// Whether the name of a member is one that a program chose, and no value.
    static func isIdentifier(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, !ByteClass.isUpper(first), !ByteClass.isDigit(first) else { return name.isEmpty }
        return name.allSatisfy { ByteClass.isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "$") }
    }
}
