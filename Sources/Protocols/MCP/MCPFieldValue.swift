// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The form in which MCP repeats a value of the body in a header field: as it is, or as Base64 between `=?base64?` and
/// `?=` (2026-07-28, Streamable HTTP, value encoding).
public enum MCPFieldValue {
    private static let prefix = Array("=?base64?".utf8)
    private static let suffix = Array("?=".utf8)

    /// The text that a field value stands for; nil when it has the encoded form but no strict Base64 of UTF-8 in it.
    public static func decode(_ value: String) -> String? {
        let bytes = Array(value.utf8)
        guard isEncoded(bytes) else { return value }
        guard let decoded = decodeBase64(bytes[prefix.count..<(bytes.count &- suffix.count)]) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    /// The field value for a text, encoded only where it must be.
    public static func encode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let isPlain =
            bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7f } && bytes.first != 0x20 && bytes.last != 0x20
            && !bytes.isEmpty && !isEncoded(bytes)
        return isPlain ? text : String(decoding: prefix + encodeBase64(bytes) + suffix, as: UTF8.self)
    }

    private static func isEncoded(_ bytes: [UInt8]) -> Bool {
        bytes.count >= prefix.count &+ suffix.count && bytes.starts(with: prefix)
            && bytes.suffix(suffix.count).elementsEqual(suffix)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func encodeBase64(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let group = bytes[index..<min(index &+ 3, bytes.count)]
            var word: UInt32 = 0
            for offset in 0..<3 {
                let byte = offset < group.count ? group[group.startIndex &+ offset] : 0
                word = word &<< 8 | UInt32(byte)
            }
            for sextet in 0..<4 {
                let value = Int(word &>> UInt32(18 &- 6 &* sextet) & 0x3f)
                output.append(sextet <= group.count ? alphabet[value] : 0x3d)
            }
            index &+= 3
        }
        return output
    }

    /// Strict: full padding, no other character, unused bits zero.
    private static func decodeBase64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count & 3 == 0 else { return nil }
        let body = text.last == 0x3d ? text.dropLast(text.dropLast().last == 0x3d ? 2 : 1) : text
        var output: [UInt8] = []
        var word: UInt32 = 0
        var bits: UInt32 = 0
        for byte in body {
            guard let value = sextet(byte) else { return nil }
            word = (word &<< 6 | value) & 0xffff
            bits &+= 6
            if bits >= 8 {
                bits &-= 8
                output.append(UInt8(truncatingIfNeeded: word &>> bits))
            }
        }
        guard word & ((1 &<< bits) &- 1) == 0 else { return nil }
        return output
    }

    private static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5a: UInt32(byte &- 0x41)
        case 0x61...0x7a: UInt32(byte &- 0x61 &+ 26)
        case 0x30...0x39: UInt32(byte &- 0x30 &+ 52)
        case 0x2b: 62
        case 0x2f: 63
        default: nil
        }
    }
}
