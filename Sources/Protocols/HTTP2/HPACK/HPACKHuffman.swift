// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The code of RFC 7541 appendix B, which takes 5 to 30 bits for a byte.
///
/// It is canonical: codes of one length follow each other, and the first of a length follows the last of the length
/// before. So the order of the symbols and the number of codes of each length are all of it.
enum HPACKHuffman {
    /// The bytes in the order of their codes. The 257th symbol, the end of a string, has the last code: 30 ones.
    static let symbols: [UInt8] = [
        // 5 bits
        0x30, 0x31, 0x32, 0x61, 0x63, 0x65, 0x69, 0x6F, 0x73, 0x74,
        // 6 bits
        0x20, 0x25, 0x2D, 0x2E, 0x2F, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3D, 0x41, 0x5F, 0x62, 0x64, 0x66,
        0x67, 0x68, 0x6C, 0x6D, 0x6E, 0x70, 0x72, 0x75,
        // 7 bits
        0x3A, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F, 0x50, 0x51, 0x52,
        0x53, 0x54, 0x55, 0x56, 0x57, 0x59, 0x6A, 0x6B, 0x71, 0x76, 0x77, 0x78, 0x79, 0x7A,
        // 8 bits
        0x26, 0x2A, 0x2C, 0x3B, 0x58, 0x5A,
        // 10 bits
        0x21, 0x22, 0x28, 0x29, 0x3F,
        // 11 bits
        0x27, 0x2B, 0x7C,
        // 12 bits
        0x23, 0x3E,
        // 13 bits
        0x00, 0x24, 0x40, 0x5B, 0x5D, 0x7E,
        // 14 bits
        0x5E, 0x7D,
        // 15 bits
        0x3C, 0x60, 0x7B,
        // 19 bits
        0x5C, 0xC3, 0xD0,
        // 20 bits
        0x80, 0x82, 0x83, 0xA2, 0xB8, 0xC2, 0xE0, 0xE2,
        // 21 bits
        0x99, 0xA1, 0xA7, 0xAC, 0xB0, 0xB1, 0xB3, 0xD1, 0xD8, 0xD9, 0xE3, 0xE5, 0xE6,
        // 22 bits
        0x81, 0x84, 0x85, 0x86, 0x88, 0x92, 0x9A, 0x9C, 0xA0, 0xA3, 0xA4, 0xA9, 0xAA, 0xAD, 0xB2, 0xB5, 0xB9, 0xBA,
        0xBB, 0xBD, 0xBE, 0xC4, 0xC6, 0xE4, 0xE8, 0xE9,
        // 23 bits
        0x01, 0x87, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8F, 0x93, 0x95, 0x96, 0x97, 0x98, 0x9B, 0x9D, 0x9E, 0xA5, 0xA6,
        0xA8, 0xAE, 0xAF, 0xB4, 0xB6, 0xB7, 0xBC, 0xBF, 0xC5, 0xE7, 0xEF,
        // 24 bits
        0x09, 0x8E, 0x90, 0x91, 0x94, 0x9F, 0xAB, 0xCE, 0xD7, 0xE1, 0xEC, 0xED,
        // 25 bits
        0xC7, 0xCF, 0xEA, 0xEB,
        // 26 bits
        0xC0, 0xC1, 0xC8, 0xC9, 0xCA, 0xCD, 0xD2, 0xD5, 0xDA, 0xDB, 0xEE, 0xF0, 0xF2, 0xF3, 0xFF,
        // 27 bits
        0xCB, 0xCC, 0xD3, 0xD4, 0xD6, 0xDD, 0xDE, 0xDF, 0xF1, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xFA, 0xFB, 0xFC, 0xFD,
        0xFE,
        // 28 bits
        0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0B, 0x0C, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x17,
        0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x7F, 0xDC, 0xF9,
        // 30 bits
        0x0A, 0x0D, 0x16,
    ]

    /// How many codes have 5, 6, 7 and up to 30 bits.
    static let counts: [UInt8] = [
        10, 26, 32, 6, 0, 5, 3, 2, 6, 2, 3, 0, 0, 0, 3, 8, 13, 26, 29, 12, 4, 15, 19, 29, 0, 4,
    ]

    /// Decodes a string and returns how many bytes it has, or nil when it is not in the code.
    ///
    /// All of it is judged, also what does not fit. `target` has room for `capacity` bytes.
    static func decode(
        _ string: UnsafeRawBufferPointer, into target: UnsafeMutableRawPointer, capacity: Int
    ) -> Int? {
        symbols.withUnsafeBufferPointer { symbols in
            // The next bits from the top down, inverted: what is shifted in from below reads as the ones of padding.
            var window: UInt64 = 0
            var bitCount = 0
            var position = 0
            var count = 0
            while true {
                if bitCount < longest { fill(&window, &bitCount, from: string, &position) }
                let (rank, length) = window < long ? firstLong(of: ~window, bitCount) : first(of: window)
                // Only at the end are there fewer bits than a code has.
                guard length <= bitCount else { break }
                guard rank < symbols.count else { return nil }
                if count < capacity { target.storeBytes(of: symbols[rank], toByteOffset: count, as: UInt8.self) }
                count &+= 1
                window &<<= UInt64(truncatingIfNeeded: length)
                bitCount &-= length
            }
            return bitCount < 8 && window == 0 ? count : nil
        }
    }

    /// Takes as many bytes of a string into the window as there is room for.
    @inline(__always)
    private static func fill(
        _ window: inout UInt64, _ bitCount: inout Int, from string: UnsafeRawBufferPointer, _ position: inout Int
    ) {
        if string.count &- position >= 8 {
            let next = ~UInt64(bigEndian: string.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            // Bits of a byte that is taken in part only are taken again with the whole of it.
            window |= next &>> UInt64(truncatingIfNeeded: bitCount)
            position &+= (63 &- bitCount) &>> 3
            bitCount |= 56
            return
        }
        while bitCount <= 56, position < string.count {
            window |= UInt64(~string[position]) &<< UInt64(truncatingIfNeeded: 56 &- bitCount)
            bitCount &+= 8
            position &+= 1
        }
    }

    private static let longest = 30

    /// Codes of more than 8 bits begin with 0xFE or 0xFF; windows are inverted.
    private static let long: UInt64 = 0x02 &<< 56

    /// The first code of a window, which has no more than 8 bits: its place in the order of codes, and its length.
    @inline(__always)
    private static func first(of window: UInt64) -> (rank: Int, length: Int) {
        // Codes of 6 bits begin with 0x50, of 7 bits with 0xB8, of 8 bits with 0xF8.
        let extra = (window < 0xB0 &<< 56 ? 1 : 0) &+ (window < 0x48 &<< 56 ? 1 : 0) &+ (window < 0x08 &<< 56 ? 1 : 0)
        // From a code its rank has a distance that is the same for all of a length.
        let distance = (0xB4_38_0A_00 &>> (8 &* extra)) & 0xFF
        let byte = Int(truncatingIfNeeded: ~window &>> 56)
        return ((byte &>> (3 &- extra)) &- distance, 5 &+ extra)
    }

    /// The same for codes of more than 8 bits, of which there are few in texts. Where there are not so many bits, it is
    /// the longest.
    @inline(never)
    private static func firstLong(of bits: UInt64, _ bitCount: Int) -> (rank: Int, length: Int) {
        guard bitCount > 8 else { return (symbols.count, longest) }
        var (rank, code) = (74, 0xFE &<< 1)
        for length in 9..<longest {
            let distance = Int(truncatingIfNeeded: bits &>> UInt64(truncatingIfNeeded: 64 &- length)) &- code
            let count = Int(counts[length &- 5])
            if distance < count { return (rank &+ distance, length) }
            rank &+= count
            code = (code &+ count) &<< 1
        }
        return (rank &+ Int(truncatingIfNeeded: bits &>> 34) &- code, longest)
    }
}
