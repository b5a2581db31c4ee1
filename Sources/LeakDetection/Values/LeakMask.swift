// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Stars in the place of what was found, as many as it has bytes, so that whatever counts bytes stays right.
///
/// What gives a text its form stays: line breaks, quotation marks, brackets, colons and commas. An escape goes as a whole,
/// so that JSON stays JSON and the head of an answer a head.
public enum LeakMask {
    private static let star = UInt8(ascii: "*")

    /// Overwrites a part of a text; what of it lies outside of the text is left out.
    public static func apply(to bytes: UnsafeMutableBufferPointer<UInt8>, in range: Range<Int>) {
        var place = max(range.lowerBound, 0)
        let end = min(range.upperBound, bytes.count)
        while place < end {
            if bytes[place] == UInt8(ascii: "\\") {
                // The last byte of what was found may begin an escape that goes on behind it.
                if place &+ 1 < end {
                    bytes[place] = star
                    bytes[place &+ 1] = star
                }
                place &+= 2
                continue
            }
            if !isForm(bytes[place]) { bytes[place] = star }
            place &+= 1
        }
    }

    private static func isForm(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x0a, 0x0d, 0x22, 0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d: true
        default: false
        }
    }
}
