// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Encoding, for the spellings of secrets.
enum EncodedBytes {
    private static let digits = Array("0123456789abcdef".utf8)
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Two digits for each byte.
    static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { [digits[Int($0 &>> 4)], digits[Int($0 & 15)]] }
    }

    /// UTF-16 without a mark; of bytes that are no text, each byte as one unit.
    static func utf16(_ bytes: [UInt8], isLittleEndian: Bool) -> [UInt8] {
        let units = String(validating: bytes, as: UTF8.self).map { Array($0.utf16) } ?? bytes.map { UInt16($0) }
        return units.flatMap { unit in
            let high = UInt8(truncatingIfNeeded: unit &>> 8)
            let low = UInt8(truncatingIfNeeded: unit)
            return isLittleEndian ? [low, high] : [high, low]
        }
    }

    /// The characters of Base64 that the bytes alone determine when `shift` bytes, modulo three, stand before them.
    static func base64Core(_ bytes: [UInt8], shift: Int, isURL: Bool) -> [UInt8] {
        let alphabet = alphabet + Array((isURL ? "-_" : "+/").utf8)
        let padded = [UInt8](repeating: 0, count: shift) + bytes
        var text: [UInt8] = []
        for position in stride(from: 0, to: padded.count, by: 3) {
            var group: UInt32 = 0
            for index in 0..<3 {
                let place = position &+ index
                group = group &<< 8 | (place < padded.count ? UInt32(padded[place]) : 0)
            }
            for index in 0..<4 { text.append(alphabet[Int(group &>> UInt32(18 &- 6 &* index) & 63)]) }
        }
        let first = (shift &* 8 &+ 5) / 6
        return Array(text[first..<(padded.count &* 8 / 6)])
    }
}
