// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Walks the bytes of a name once and applies every rule that needs no decoding.
struct NameScanner {
    private(set) var labelCount = 0
    private(set) var hasEncodedLabel = false
    private var start = 0
    private var digits = 0

    /// Checks the name and returns its length without the root dot.
    mutating func scan(_ bytes: Span<UInt8>) throws(HostError) -> Int {
        guard !bytes.isEmpty else { throw .empty }
        var count = bytes.count
        guard count <= 254 else { throw .nameTooLong(bytes: count) }
        if bytes[count - 1] == UInt8(ascii: ".") { count -= 1 }
        guard count > 0 else { throw .emptyLabel }
        for index in 0..<count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
            case UInt8(ascii: "."):
                try endLabel(bytes, at: index)
            case 0x80...:
                throw .notASCII(offset: index)
            default:
                throw .forbiddenByte(byte, offset: index)
            }
        }
        guard count <= 253 else { throw .nameTooLong(bytes: count) }
        let last = start
        let lastDigits = digits
        try endLabel(bytes, at: count)
        if lastDigits == count - last || isHexadecimal(bytes, last..<count) { throw .numericForm }
        return count
    }

    private mutating func endLabel(_ bytes: Span<UInt8>, at end: Int) throws(HostError) {
        let length = end - start
        guard length > 0 else { throw .emptyLabel }
        guard length <= 63 else { throw .labelTooLong(bytes: length) }
        let hyphen = UInt8(ascii: "-")
        guard bytes[start] != hyphen, bytes[end - 1] != hyphen else { throw .hyphenAtLabelEdge }
        if length >= 4, bytes[start + 2] == hyphen, bytes[start + 3] == hyphen,
            lowered(bytes[start]) == UInt8(ascii: "x"), lowered(bytes[start + 1]) == UInt8(ascii: "n")
        {
            hasEncodedLabel = true
        }
        labelCount += 1
        start = end + 1
        digits = 0
    }

    /// Whether the label is `0x` with nothing but hexadecimal digits behind it (WHATWG URL, "ends in a number").
    private func isHexadecimal(_ bytes: Span<UInt8>, _ label: Range<Int>) -> Bool {
        guard label.count >= 2, bytes[label.lowerBound] == UInt8(ascii: "0"),
            lowered(bytes[label.lowerBound + 1]) == UInt8(ascii: "x")
        else { return false }
        for index in label.dropFirst(2) {
            switch lowered(bytes[index]) {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): continue
            default: return false
            }
        }
        return true
    }
}
