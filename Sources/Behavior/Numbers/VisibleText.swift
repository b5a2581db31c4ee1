// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A name that came from outside, written so that it can do nothing to a terminal or a page: visible ASCII in quotes,
/// all else as `\u{…}`, cut after 80 characters.
enum VisibleText {
    static let longest = 80

    static func quoted(_ text: String) -> String { "\"" + escaped(text) + "\"" }

    static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            guard output.utf8.count < longest else { return output + "..." }
            switch scalar.value {
            case 0x22, 0x5c: output += "\\\(scalar)"
            case 0x20..<0x7f: output.unicodeScalars.append(scalar)
            default: output += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return output
    }
}
