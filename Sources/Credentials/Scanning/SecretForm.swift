// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The spellings in which a secret comes back: as it is, and as programs encode what they echo.
///
/// Each of them hides at least eight bytes, because a secret has that many. What is not covered: a spelling that mixes
/// two of these within one secret, Base64 that is broken into lines, and compressed or encrypted bytes.
enum SecretForm {
    /// Every distinct spelling of a secret.
    static func all(of secret: [UInt8], includesReversed: Bool) -> Set<[UInt8]> {
        var forms: Set<[UInt8]> = []
        add(secret, to: &forms)
        if includesReversed { add(secret.reversed(), to: &forms) }
        return forms
    }

    private static func add(_ secret: [UInt8], to forms: inout Set<[UInt8]>) {
        forms.insert(secret)
        for digits in [EncodedText.lowerDigits, EncodedText.upperDigits] {
            forms.insert(EncodedText.hexadecimal(secret, digits: digits))
            forms.insert(EncodedText.percent(secret, digits: digits) { _ in false })
            forms.insert(EncodedText.percent(secret, digits: digits, keeping: EncodedText.isUnreserved))
            forms.insert(form(secret, digits: digits))
            forms.insert(escapes(secret, digits: digits))
            if let text = String(validating: secret, as: UTF8.self) {
                forms.insert(units(text, digits: digits))
                for isSafe in [false, true] { forms.insert(json(text, digits: digits, isASCII: true, isSafe: isSafe)) }
            }
        }
        for escapesSlash in [false, true] { forms.insert(json(secret, escapesSlash: escapesSlash)) }
        forms.insert(markup(secret))
        for shift in 0..<3 {
            forms.insert(base64(secret, shift: shift, alphabet: EncodedText.urlAlphabet))
            let standard = base64(secret, shift: shift, alphabet: EncodedText.standardAlphabet)
            forms.insert(standard)
            forms.insert(json(standard, escapesSlash: true))
            for digits in [EncodedText.lowerDigits, EncodedText.upperDigits] {
                forms.insert(EncodedText.percent(standard, digits: digits, keeping: EncodedText.isUnreserved))
            }
        }
    }

    /// The characters of Base64 that the secret alone determines when `shift` bytes, modulo three, stand before it.
    private static func base64(_ secret: [UInt8], shift: Int, alphabet: [UInt8]) -> [UInt8] {
        let text = EncodedText.base64([UInt8](repeating: 0, count: shift) + secret, alphabet: alphabet)
        let first = (shift &* 8 &+ 5) / 6
        let end = (shift &+ secret.count) &* 8 / 6
        return Array(text[min(first, end)..<min(end, text.count)])
    }

    /// `application/x-www-form-urlencoded`: as percent-encoded, with `+` for a space and without `~`.
    private static func form(_ secret: [UInt8], digits: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for byte in secret {
            if byte == 0x20 {
                output.append(0x2b)
            } else if EncodedText.isFormSafe(byte) {
                output.append(byte)
            } else {
                EncodedText.appendPercent(byte, digits: digits, to: &output)
            }
        }
        return output
    }

    /// JSON's escapes where JSON asks for them, and for `/` as PHP writes it.
    private static func json(_ secret: [UInt8], escapesSlash: Bool) -> [UInt8] {
        var output: [UInt8] = []
        for byte in secret {
            if !appendShortEscape(byte, to: &output) {
                if escapesSlash, byte == 0x2f { output.append(0x5c) }
                output.append(byte)
            }
        }
        return output
    }

    /// JSON's escapes where JSON asks for them and for what is not ASCII, as Python writes it; and for what HTML gives
    /// a meaning, as Go writes it.
    private static func json(_ text: String, digits: [UInt8], isASCII: Bool, isSafe: Bool) -> [UInt8] {
        var output: [UInt8] = []
        for unit in text.utf16 {
            let byte = UInt8(truncatingIfNeeded: unit)
            let isMarkup = byte == 0x26 || byte == 0x3c || byte == 0x3e || byte == 0x27
            if unit >= 0x80 || (isSafe && isMarkup) {
                appendUnit(unit, digits: digits, to: &output)
            } else if !appendShortEscape(byte, to: &output) {
                output.append(byte)
            }
        }
        return output
    }

    /// Every byte as `\u00XX`.
    private static func escapes(_ secret: [UInt8], digits: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for byte in secret { appendUnit(UInt16(byte), digits: digits, to: &output) }
        return output
    }

    /// Every UTF-16 code unit as `\uXXXX`.
    private static func units(_ text: String, digits: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for unit in text.utf16 { appendUnit(unit, digits: digits, to: &output) }
        return output
    }

    /// References of HTML for the five characters that need them.
    private static func markup(_ secret: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for byte in secret {
            switch byte {
            case 0x26: output.append(contentsOf: "&amp;".utf8)
            case 0x3c: output.append(contentsOf: "&lt;".utf8)
            case 0x3e: output.append(contentsOf: "&gt;".utf8)
            case 0x22: output.append(contentsOf: "&quot;".utf8)
            case 0x27: output.append(contentsOf: "&#39;".utf8)
            default: output.append(byte)
            }
        }
        return output
    }

    private static func appendShortEscape(_ byte: UInt8, to output: inout [UInt8]) -> Bool {
        switch byte {
        case 0x22, 0x5c: output.append(contentsOf: [0x5c, byte])
        case 0x08: output.append(contentsOf: [0x5c, 0x62])
        case 0x09: output.append(contentsOf: [0x5c, 0x74])
        case 0x0a: output.append(contentsOf: [0x5c, 0x6e])
        case 0x0c: output.append(contentsOf: [0x5c, 0x66])
        case 0x0d: output.append(contentsOf: [0x5c, 0x72])
        case 0..<0x20: appendUnit(UInt16(byte), digits: EncodedText.lowerDigits, to: &output)
        default: return false
        }
        return true
    }

    private static func appendUnit(_ unit: UInt16, digits: [UInt8], to output: inout [UInt8]) {
        output.append(contentsOf: [0x5c, 0x75])
        for shift in [12, 8, 4, 0] as [UInt16] { output.append(digits[Int(unit &>> shift & 0xf)]) }
    }
}
