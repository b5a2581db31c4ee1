// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What stands between the quotes of a string.
enum StringLiteral {
    /// Reads JSON's escapes; nil when they are malformed. Half of a surrogate pair becomes U+FFFD.
    static func unescape(_ bytes: ArraySlice<UInt8>) -> Text? {
        guard bytes.contains(UInt8(ascii: "\\")) else { return Text(bytes: Array(bytes)) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                guard byte >= 0x20 else { return nil }
                result.append(byte)
                continue
            }
            guard let escape = rest.popFirst() else { return nil }
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                guard let unit = takeUnit(&rest) else { return nil }
                append(character(unit, &rest), to: &result)
            default: return nil
            }
        }
        return Text(bytes: result)
    }

    /// The same for a piece of a template string, where a backslash also escapes `{`.
    static func unescapeTemplate(_ bytes: ArraySlice<UInt8>, isRaw: Bool) -> Text? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\\"), index < bytes.endIndex {
                let next = bytes[index]
                if next == UInt8(ascii: "{") {
                    result.append(next)
                    index += 1
                    continue
                }
                if !isRaw {
                    result.append(byte)
                    result.append(next)
                    index += 1
                    continue
                }
            }
            result.append(byte)
        }
        return isRaw ? Text(bytes: result) : unescape(result[...])
    }

    private static func takeUnit(_ bytes: inout ArraySlice<UInt8>) -> UInt32? {
        guard bytes.count >= 4 else { return nil }
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = bytes.popFirst(), digit.isHexDigit else { return nil }
            unit = unit << 4 | UInt32(digit.isDigit ? digit & 0x0F : (digit & 0x0F) + 9)
        }
        return unit
    }

    private static func character(_ unit: UInt32, _ rest: inout ArraySlice<UInt8>) -> UInt32 {
        guard (0xD800...0xDFFF).contains(unit) else { return unit }
        var ahead = rest
        guard unit < 0xDC00, ahead.popFirst() == UInt8(ascii: "\\"), ahead.popFirst() == UInt8(ascii: "u"),
            let low = takeUnit(&ahead), (0xDC00...0xDFFF).contains(low)
        else { return 0xFFFD }
        rest = ahead
        return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }

    private static func append(_ character: UInt32, to bytes: inout [UInt8]) {
        let scalar = Unicode.Scalar(character) ?? "\u{FFFD}"
        bytes += UTF8.encode(scalar).map(Array.init) ?? []
    }
}
