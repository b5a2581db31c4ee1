// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Text as programs that make links of it see it.
enum VisibleText {
    /// The bytes without characters that nobody sees, with the wide forms of ASCII and other full stops as ASCII. Used
    /// to find addresses in what goes out, never for what vouches.
    static func bytes(_ text: String) -> [UInt8] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return Array(text.utf8) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x80:
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case 0xff01...0xff5e:
                bytes.append(UInt8(truncatingIfNeeded: scalar.value &- 0xfee0))
            case 0x3002, 0xff61, 0x2024:
                bytes.append(UInt8(ascii: "."))
            case 0x2044, 0x2215, 0x29f8:
                bytes.append(UInt8(ascii: "/"))
            default:
                let properties = scalar.properties
                if properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format { continue }
                if properties.isWhitespace {
                    bytes.append(0x20)
                } else {
                    bytes.append(contentsOf: Array(String(scalar).utf8))
                }
            }
        }
        return bytes
    }

    /// Whether an address holds what a person cannot see: hidden characters, joiners included, or white space other than
    /// a blank.
    static func hides(in text: String) -> Bool {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return false }
        return HiddenText.isPresent(in: text)
            || text.unicodeScalars.contains { scalar in
                let properties = scalar.properties
                return properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format
                    || properties.generalCategory == .control || scalar.value != 0x20 && properties.isWhitespace
            }
    }
}
