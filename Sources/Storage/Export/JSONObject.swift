// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A JSON object that is built member by member; a member without a value is left out.
struct JSONObject {
    private(set) var members: [String] = []

    var text: String { "{" + members.joined(separator: ",") + "}" }

    mutating func add(_ name: String, _ value: String?) {
        if let value { members.append(Self.quoted(name) + ":" + Self.quoted(value)) }
    }

    mutating func add(_ name: String, _ value: Int64?) {
        if let value { members.append(Self.quoted(name) + ":\(value)") }
    }

    mutating func add(_ name: String, _ value: JSONObject?) {
        if let value { members.append(Self.quoted(name) + ":" + value.text) }
    }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\u{0}"..."\u{1f}":
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}
