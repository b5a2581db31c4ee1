// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The order of names by UTF-16 code units (RFC 8785 section 3.2.3), decided on UTF-8 bytes.
///
/// Both encodings order characters alike but for one case: U+E000 to U+FFFF (lead bytes 0xEE and 0xEF) come after the
/// supplementary characters (0xF0 and up), which UTF-16 writes with surrogates.
enum JSONNameOrder {
    static func isLess(_ left: String, _ right: String) -> Bool {
        var right = right.utf8.makeIterator()
        for leftByte in left.utf8 {
            guard let rightByte = right.next() else { return false }
            if leftByte == rightByte { continue }
            if leftByte >= 0xee, rightByte >= 0xee, (leftByte >= 0xf0) != (rightByte >= 0xf0) {
                return leftByte >= 0xf0
            }
            return leftByte < rightByte
        }
        return right.next() != nil
    }
}
