// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension HexadecimalText {
    /// The bytes of a text of digits; a failure in Go's words if it is none.
    static func decode(_ text: UnsafeBufferPointer<UInt8>) throws(BuiltinFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var high: UInt8?
        for byte in text {
            guard let nibble = value(byte) else {
                throw .value("encoding/hex: invalid byte: \(codePoint(byte))")
            }
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        guard high == nil else { throw .value("encoding/hex: odd length hex string") }
        return bytes
    }

    /// `U+0067 'g'`, without the character if it does not print.
    private static func codePoint(_ byte: UInt8) -> String {
        var number = Array("U+00".utf8)
        append(byte, to: &number, uppercase: true)
        let isPrintable = (0x20...0x7E).contains(byte) || (byte > 0xA0 && byte != 0xAD)
        let name = String(decoding: number, as: UTF8.self)
        return isPrintable ? "\(name) '\(UnicodeScalar(byte))'" : name
    }
}
