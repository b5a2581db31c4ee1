// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Values of YAML as they are written.
public enum YAMLScalar {
    /// A text as a double-quoted scalar in ASCII (YAML 1.2.2, section 7.3.1), so that what it holds cannot be seen wrongly.
    public static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{20}"..."\u{7E}": result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
            }
        }
        return result + "\""
    }
}
