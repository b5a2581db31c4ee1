// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Encodings of bytes as text that credentials need.
enum EncodedText {
    static let lowerDigits = Array("0123456789abcdef".utf8)
    static let upperDigits = Array("0123456789ABCDEF".utf8)
    static let standardAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    static let urlAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Letters, digits, and `-`, `.`, `_`, `~`: `unreserved` of RFC 3986 section 2.3.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == 0x2d || byte == 0x2e || byte == 0x5f || byte == 0x7e
    }

    /// Letters, digits, and `*`, `-`, `.`, `_`: what the WHATWG URL standard leaves bare in a form.
    static func isFormSafe(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == 0x2a || byte == 0x2d || byte == 0x2e || byte == 0x5f
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
    }

    /// Two digits for each byte.
    static func hexadecimal(_ bytes: some Sequence<UInt8>, digits: [UInt8] = lowerDigits) -> [UInt8] {
        var output: [UInt8] = []
        for byte in bytes {
            output.append(digits[Int(byte &>> 4)])
            output.append(digits[Int(byte & 0xf)])
        }
        return output
    }

    /// Appends `%` and two digits.
    static func appendPercent(_ byte: UInt8, digits: [UInt8] = upperDigits, to output: inout [UInt8]) {
        output.append(0x25)
        output.append(digits[Int(byte &>> 4)])
        output.append(digits[Int(byte & 0xf)])
    }

    /// Percent-encodes what is not to be kept.
    static func percent(
        _ bytes: some Sequence<UInt8>, digits: [UInt8] = upperDigits, keeping isKept: (UInt8) -> Bool = isUnreserved
    ) -> [UInt8] {
        var output: [UInt8] = []
        for byte in bytes {
            if isKept(byte) { output.append(byte) } else { appendPercent(byte, digits: digits, to: &output) }
        }
        return output
    }

    /// The bytes that a percent-encoded text stands for; nil when an escape is broken.
    static func removingPercent(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var wanted = 0
        var value: UInt8 = 0
        for byte in text {
            if wanted == 0 {
                if byte == 0x25 { wanted = 2 } else { output.append(byte) }
                continue
            }
            guard let digit = digitValue(byte) else { return nil }
            value = value &<< 4 | digit
            wanted &-= 1
            if wanted == 0 { output.append(value) }
        }
        return wanted == 0 ? output : nil
    }

    private static func digitValue(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = byte | 0x20
        return letter &- 0x61 < 6 ? letter &- 0x61 &+ 10 : nil
    }

    /// A name or a value of `application/x-www-form-urlencoded`.
    static func formComponent(_ text: some Sequence<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        for byte in text {
            if byte == 0x20 {
                output.append(0x2b)
            } else if isFormSafe(byte) {
                output.append(byte)
            } else {
                appendPercent(byte, to: &output)
            }
        }
        return output
    }

    /// Base64, padded.
    static func base64(_ bytes: [UInt8], alphabet: [UInt8] = standardAlphabet) -> [UInt8] {
        var output: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let count = min(bytes.count &- position, 3)
            var group: UInt32 = 0
            for index in 0..<3 { group = group &<< 8 | (index < count ? UInt32(bytes[position &+ index]) : 0) }
            for index in 0..<4 {
                let value = Int(group &>> UInt32(18 &- 6 &* index) & 63)
                output.append(index <= count ? alphabet[value] : 0x3d)
            }
            position &+= 3
        }
        return output
    }
}
