// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The form of strings between quotation marks that Go's `strconv.Quote` gives: what cannot be printed is escaped.
enum QuotedText {
    static func write(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8], asciiOnly: Bool = false) {
        bytes.append(0x22)
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte >= 0x20 && byte < 0x7F {
                if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
                bytes.append(byte)
                position &+= 1
                continue
            }
            let length = UTF8Text.length(text, at: position)
            if length == 0 {
                write("\\x", UInt32(byte), digits: 2, to: &bytes)
                position &+= 1
                continue
            }
            let scalar = Self.scalar(text, at: position, length: length)
            if length > 1 && !asciiOnly && isPrintable(scalar) {
                bytes.append(contentsOf: text[position..<position &+ length])
            } else {
                escape(scalar, to: &bytes)
            }
            position &+= length
        }
        bytes.append(0x22)
    }

    /// A character between single quotation marks.
    static func character(_ scalar: UInt32, asciiOnly: Bool) -> [UInt8] {
        var result: [UInt8] = [0x27]
        if scalar == 0x27 || scalar == 0x5C {
            result += [0x5C, UInt8(truncatingIfNeeded: scalar)]
        } else if isPrintable(scalar) && (scalar < 0x80 || !asciiOnly) {
            result.append(scalar: scalar)
        } else {
            escape(scalar, to: &result)
        }
        return result + [0x27]
    }

    /// Whether a text may stand between backticks.
    static func isPlain(_ text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { bytes in
            UTF8Text.isValid(bytes) && !bytes.contains { ($0 < 0x20 && $0 != 0x09) || $0 == 0x60 || $0 == 0x7F }
        }
    }

    /// The character at a position of valid text.
    static func scalar(_ text: UnsafeBufferPointer<UInt8>, at position: Int, length: Int) -> UInt32 {
        var result = UInt32(text[position])
        if length == 2 { result &= 0x1F }
        if length == 3 { result &= 0x0F }
        if length == 4 { result &= 0x07 }
        for offset in 1..<max(length, 1) { result = result << 6 | UInt32(text[position &+ offset] & 0x3F) }
        return result
    }

    /// Writes a character as an escape.
    static func escape(_ scalar: UInt32, to bytes: inout [UInt8]) {
        switch scalar {
        case 0x07: bytes += "\\a".utf8
        case 0x08: bytes += "\\b".utf8
        case 0x09: bytes += "\\t".utf8
        case 0x0A: bytes += "\\n".utf8
        case 0x0B: bytes += "\\v".utf8
        case 0x0C: bytes += "\\f".utf8
        case 0x0D: bytes += "\\r".utf8
        case 0..<0x20, 0x7F: write("\\x", scalar, digits: 2, to: &bytes)
        case 0x80..<0x10000: write("\\u", scalar, digits: 4, to: &bytes)
        default: write("\\U", scalar, digits: 8, to: &bytes)
        }
    }

    private static func write(_ prefix: String, _ scalar: UInt32, digits: Int, to bytes: inout [UInt8]) {
        bytes += prefix.utf8
        for digit in (0..<digits).reversed() {
            let value = UInt8(truncatingIfNeeded: scalar >> UInt32(digit &* 4)) & 0x0F
            bytes.append(value < 10 ? 0x30 &+ value : 0x57 &+ value)
        }
    }

    /// Whether Go prints a character: letters, marks, numbers, punctuation, symbols and the space of ASCII.
    static func isPrintable(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return scalar >= 0x20 && scalar < 0x7F }
        guard let scalar = Unicode.Scalar(scalar) else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            return false
        default: return true
        }
    }
}
