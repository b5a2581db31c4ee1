// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension JSONParser {
    /// Reads a number; `position` is at its first byte.
    mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        var isInteger = true
        if peek == 0x2d { position &+= 1 }
        if peek == 0x30 {
            position &+= 1
        } else {
            try digits()
        }
        if peek == 0x2e {
            isInteger = false
            position &+= 1
            try digits()
        }
        if peek == 0x65 || peek == 0x45 {
            isInteger = false
            position &+= 1
            if peek == 0x2b || peek == 0x2d { position &+= 1 }
            try digits()
        }
        if let next = peek, next &- 0x30 < 10 { throw error(.invalidNumber) }
        guard position &- start <= limits.numberBytes else { throw error(.numberOutOfRange) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if !isInteger, Double(text)?.isFinite != true { throw error(.numberOutOfRange) }
        return JSONNumber(checked: text, isInteger: isInteger)
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = peek, byte &- 0x30 < 10 { position &+= 1 }
        guard position > start else { throw error(position < bytes.count ? .invalidNumber : .truncated) }
    }

    /// Reads a string; `position` is at its first quote.
    mutating func string() throws(JSONError) -> String {
        position &+= 1
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == 0x22 {
                let slice = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
                guard slice.count <= limits.stringBytes else { throw error(.stringTooLong) }
                guard let text = String(utf8: slice) else { throw error(.invalidUTF8) }
                position &+= 1
                return text
            }
            if byte == 0x5c { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw error(.controlCharacter) }
            position &+= 1
        }
        throw error(.truncated)
    }

    /// Goes on with a string at its first backslash.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            guard position &- start <= limits.stringBytes else { throw error(.stringTooLong) }
            let byte = bytes[position]
            switch byte {
            case 0x22:
                guard let string = text.withUnsafeBytes({ String(utf8: $0) }) else { throw error(.invalidUTF8) }
                position &+= 1
                return string
            case 0x5c:
                position &+= 1
                try escape(into: &text)
            case 0x20...:
                text.append(byte)
                position &+= 1
            default: throw error(.controlCharacter)
            }
        }
        throw error(.truncated)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard let byte = peek else { throw error(.truncated) }
        position &+= 1
        switch byte {
        case 0x22, 0x5c, 0x2f: text.append(byte)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0c)
        case 0x6e: text.append(0x0a)
        case 0x72: text.append(0x0d)
        case 0x74: text.append(0x09)
        case 0x75: text.append(contentsOf: String(try unicodeEscape()).utf8)
        default:
            position &-= 1
            throw error(.invalidEscape)
        }
    }

    /// Reads the digits behind `\u`, and the second half of a pair where the first is a surrogate.
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let unit = try fourDigits()
        guard unit & 0xf800 == 0xd800 else {
            guard let scalar = Unicode.Scalar(unit) else { throw error(.loneSurrogate) }
            return scalar
        }
        guard unit & 0xfc00 == 0xd800, peek == 0x5c else { throw error(.loneSurrogate) }
        position &+= 1
        guard peek == 0x75 else { throw error(.loneSurrogate) }
        position &+= 1
        let second = try fourDigits()
        guard second & 0xfc00 == 0xdc00,
            let scalar = Unicode.Scalar(0x1_0000 &+ (UInt32(unit & 0x3ff) << 10 | UInt32(second & 0x3ff)))
        else { throw error(.loneSurrogate) }
        return scalar
    }

    private mutating func fourDigits() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek else { throw error(.truncated) }
            guard let digit = ByteScan.hexValue(byte) else { throw error(.invalidEscape) }
            unit = unit &<< 4 | UInt16(digit)
            position &+= 1
        }
        return unit
    }
}
