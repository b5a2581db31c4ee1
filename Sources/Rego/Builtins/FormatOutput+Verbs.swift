// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension FormatOutput {
    /// Writes an integer of 64 bits.
    ///
    /// - Returns: whether there is such a verb for it.
    mutating func write(_ value: Int64, _ verb: UInt32) throws(BuiltinFailure) -> Bool {
        let character = value >= 0 && value <= 0x10FFFF && value >> 11 != 0x1B ? UInt32(value) : 0xFFFD
        switch verb {
        // c
        case 0x63:
            var text: [UInt8] = []
            text.append(scalar: character)
            try pad(text)
        // q
        case 0x71: try pad(QuotedText.character(character, asciiOnly: directive.hasPlus))
        // U
        case 0x55: try writeUnicode(value, character)
        default:
            guard let form = IntegerForm(verb) else { return false }
            try write(BigInteger(value), form)
        }
        return true
    }

    private mutating func writeUnicode(_ value: Int64, _ character: UInt32) throws(BuiltinFailure) {
        let digits = Magnitude(UInt64(bitPattern: value)).digits(bitsPerDigit: 4, uppercase: true)
        let zeros = max(max(directive.precision ?? 4, 4) &- digits.count, 0)
        try check(adding: zeros)
        var text = Array("U+".utf8) + [UInt8](repeating: 0x30, count: zeros) + digits
        if directive.hasSharp, value >= 0, value <= 0x10FFFF, QuotedText.isPrintable(character) {
            text += " '".utf8
            text.append(scalar: character)
            text += "'".utf8
        }
        let saved = directive.hasZero
        directive.hasZero = false
        try pad(text)
        directive.hasZero = saved
    }

    /// The base of an integer and what may precede its digits.
    private struct IntegerForm {
        var bits: Int?
        var isUppercase = false
        var prefix: [UInt8] = []
        var hasOctalPrefix = false

        init?(_ verb: UInt32) {
            switch verb {
            // v, d
            case 0x76, 0x64: break
            // b
            case 0x62:
                bits = 1
                prefix = Array("0b".utf8)
            // o
            case 0x6F:
                bits = 3
                prefix = Array("0".utf8)
            // O
            case 0x4F:
                bits = 3
                hasOctalPrefix = true
            // x
            case 0x78:
                bits = 4
                prefix = Array("0x".utf8)
            // X
            case 0x58:
                bits = 4
                isUppercase = true
                prefix = Array("0X".utf8)
            default: return nil
            }
        }
    }

    private mutating func write(_ value: BigInteger, _ form: IntegerForm) throws(BuiltinFailure) {
        if directive.precision == 0, value.magnitude.isZero {
            let saved = directive.hasZero
            directive.hasZero = false
            try pad([])
            directive.hasZero = saved
            return
        }
        var digits = value.magnitude.decimalDigits
        if let bits = form.bits { digits = value.magnitude.digits(bitsPerDigit: bits, uppercase: form.isUppercase) }
        var wanted = directive.precision ?? 0
        if directive.precision == nil, directive.hasZero, !directive.hasMinus, let width = directive.width {
            wanted = width &- (value.isNegative || directive.hasPlus || directive.hasSpace ? 1 : 0)
        }
        let zeros = max(wanted &- digits.count, 0)
        var prefix: [UInt8] = form.hasOctalPrefix ? Array("0o".utf8) : []
        if directive.hasSharp, !(form.prefix.count == 1 && (zeros > 0 || digits.first == 0x30)) {
            prefix += form.prefix
        }
        try pad(digits: digits, isNegative: value.isNegative, prefix: prefix, zeros: zeros)
    }

    /// Writes a longer integer, which has verbs of its own.
    mutating func write(_ value: BigInteger, _ verb: UInt32) throws(BuiltinFailure) -> Bool {
        // s is d here.
        guard let form = IntegerForm(verb == 0x73 ? 0x64 : verb) else { return false }
        var digits = value.magnitude.decimalDigits
        if let bits = form.bits { digits = value.magnitude.digits(bitsPerDigit: bits, uppercase: form.isUppercase) }
        var prefix: [UInt8] = form.hasOctalPrefix ? Array("0o".utf8) : []
        if directive.hasSharp { prefix += form.prefix }
        var zeros = (directive.precision ?? 0) &- digits.count
        if let width = directive.width, directive.precision == nil, directive.hasZero, !directive.hasMinus {
            let sign = value.isNegative || directive.hasPlus || directive.hasSpace ? 1 : 0
            zeros = width &- digits.count &- prefix.count &- sign
        }
        try pad(digits: digits, isNegative: value.isNegative, prefix: prefix, zeros: zeros)
        return true
    }

    /// Writes a floating-point number.
    mutating func write(_ value: Double, _ verb: UInt32) throws(BuiltinFailure) -> Bool {
        var precision = directive.precision
        var form = UInt8(truncatingIfNeeded: verb)
        switch verb {
        // v
        case 0x76: form = 0x67
        // b, g, G, x, X
        case 0x62, 0x67, 0x47, 0x78, 0x58: break
        // e, E
        case 0x65, 0x45: precision = precision ?? 6
        // f, F
        case 0x66, 0x46:
            precision = precision ?? 6
            form = 0x66
        default: return false
        }
        try check(adding: precision ?? 0)
        var text = FloatFormat.text(value.magnitude, form: form, precision: precision)
        if directive.hasSharp, form != 0x62, verb != 0x76 {
            text = FormatOutput.withPoint(text, form: form, precision: precision)
        }
        try pad(float: text, isNegative: value.sign == .minus)
        return true
    }

    /// A number with a point, and for `g` with all its digits, as the flag `#` wants it.
    private static func withPoint(_ text: [UInt8], form: UInt8, precision: Int?) -> [UInt8] {
        let letters: [UInt8] = form | 0x20 == 0x78 ? [0x70, 0x50] : [0x65, 0x45]
        let end = text.firstIndex { letters.contains($0) } ?? text.count
        var number = Array(text[..<end])
        let hasPoint = number.contains(0x2E)
        if form | 0x20 == 0x67 {
            let significant = number.filter { $0 != 0x2E }.drop { $0 == 0x30 }.count
            if !hasPoint { number.append(0x2E) }
            number += [UInt8](repeating: 0x30, count: max((precision ?? 6) &- max(significant, 1), 0))
        } else if !hasPoint {
            number.append(0x2E)
        }
        return number + text[end...]
    }

    /// Writes a string.
    mutating func write(_ value: [UInt8], _ verb: UInt32) throws(BuiltinFailure) -> Bool {
        try check(adding: value.count &* 2)
        switch verb {
        // v
        case 0x76: try pad(directive.hasSharp ? quoted(value, mayBePlain: false) : cut(value))
        // s
        case 0x73: try pad(cut(value))
        // q
        case 0x71: try pad(quoted(value))
        // x, X
        case 0x78, 0x58: try pad(hexadecimal(value, isUppercase: verb == 0x58))
        default: return false
        }
        return true
    }

    /// The first characters, if a precision says how many.
    private func cut(_ value: [UInt8]) -> [UInt8] {
        guard let precision = directive.precision else { return value }
        return value.withUnsafeBufferPointer { bytes in
            Array(bytes[..<UTF8Text.position(bytes, afterScalars: Int64(precision), from: 0)])
        }
    }

    private func quoted(_ value: [UInt8], mayBePlain: Bool = true) -> [UInt8] {
        let text = cut(value)
        if directive.hasSharp, mayBePlain, QuotedText.isPlain(text) { return [0x60] + text + [0x60] }
        var result: [UInt8] = []
        text.withUnsafeBufferPointer { QuotedText.write($0, to: &result, asciiOnly: directive.hasPlus) }
        return result
    }

    private func hexadecimal(_ value: [UInt8], isUppercase: Bool) -> [UInt8] {
        let prefix: [UInt8] = directive.hasSharp ? [0x30, isUppercase ? 0x58 : 0x78] : []
        var result: [UInt8] = []
        for byte in value.prefix(directive.precision ?? .max) {
            if directive.hasSpace, !result.isEmpty { result.append(0x20) }
            if directive.hasSpace || result.isEmpty { result += prefix }
            HexadecimalText.append(byte, to: &result, uppercase: isUppercase)
        }
        return result
    }
}
