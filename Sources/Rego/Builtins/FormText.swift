// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Texts in the form of `application/x-www-form-urlencoded`, as Go reads and writes them.
enum FormText {
    /// Letters, digits and `-_.~` as they are, a space as `+`, other bytes as `%XX`.
    static func encode(_ text: some Collection<UInt8>, to output: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                output.append(byte)
            case UInt8(ascii: " "):
                output.append(UInt8(ascii: "+"))
            default:
                output.append(UInt8(ascii: "%"))
                HexadecimalText.append(byte, to: &output, uppercase: true)
            }
        }
    }

    /// Reads what `encode` writes.
    static func decode(_ text: ArraySlice<UInt8>) throws(BuiltinFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2).compactMap { HexadecimalText.value($0) }
                guard digits.count == 2 else {
                    var quoted: [UInt8] = []
                    let escape = UTF8Text.repaired([byte] + rest.prefix(2))
                    escape.withUnsafeBufferPointer { QuotedText.write($0, to: &quoted) }
                    throw .value("invalid URL escape \(String(decoding: quoted, as: UTF8.self))")
                }
                bytes.append(digits[0] << 4 | digits[1])
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return UTF8Text.repaired(bytes)
    }
}
