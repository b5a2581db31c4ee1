// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Values in unit files, so that systemd reads back exactly what was given (systemd.syntax(7), systemd.unit(5)).
enum UnitText {
    /// A word of a setting that splits its value at white space.
    static func word(_ text: String) throws(ManifestError) -> String {
        try check(text)
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%%"
            case "\"", "\\": result += "\\\(scalar)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        let isPlain = text.utf8.allSatisfy { byte in
            (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "/._-+@%".utf8.contains(byte)
        }
        return isPlain && !text.isEmpty ? result : "\"\(result)\""
    }

    /// A word of a command line, where variables are replaced as well.
    static func argument(_ text: String) throws(ManifestError) -> String {
        var result = ""
        for scalar in try word(text).unicodeScalars {
            if scalar == "$" { result += "$" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// A value that goes to the end of the line.
    static func rest(_ text: String) throws(ManifestError) -> String {
        try check(text)
        // A line feed behind a backslash, and white space at the end, are not part of a value.
        guard let last = text.utf8.last, last != UInt8(ascii: "\\"), last != UInt8(ascii: " ") else {
            throw ManifestError(
                "'\(text)' cannot stand at the end of a line of a unit", remedy: "choose a path that ends otherwise")
        }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            result += scalar == "%" ? "%%" : String(scalar)
        }
    }

    private static func check(_ text: String) throws(ManifestError) {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw ManifestError(
                "a path or name has a control character, which no unit can hold",
                remedy: "rename it in the configuration")
        }
    }
}
