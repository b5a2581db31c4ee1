// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Writes YAML of the kind that this module reads: block mappings, flow lists, double quotes where they are needed.
struct YAMLWriter {
    private(set) var text = ""
    private var indentation = 0
    private var isFirstOfItem = false

    /// Writes `key:` and what stands below it.
    mutating func section(_ key: String, _ body: (inout YAMLWriter) -> Void) {
        start("\(Self.scalar(key)):")
        text += "\n"
        indentation += 1
        body(&self)
        indentation -= 1
    }

    /// Writes one element of a block list.
    mutating func item(_ body: (inout YAMLWriter) -> Void) {
        text += String(repeating: "  ", count: indentation) + "- "
        isFirstOfItem = true
        indentation += 1
        body(&self)
        indentation -= 1
        if isFirstOfItem { text += "{}\n" }
        isFirstOfItem = false
    }

    /// Writes a comment on a line of its own, in ASCII.
    mutating func comment(_ note: String) {
        let safe = note.utf8.map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
        start("# " + String(decoding: safe, as: UTF8.self))
        text += "\n"
    }

    /// Writes `key: value`; the value is written as it is.
    mutating func entry(_ key: String, raw value: String) {
        start("\(Self.scalar(key)): \(value)")
        text += "\n"
    }

    /// Writes `key: value` with quotes where they are needed.
    mutating func entry(_ key: String, _ value: String) { entry(key, raw: Self.scalar(value)) }

    /// Writes `key: [a, b]`.
    mutating func list(_ key: String, _ values: [String]) {
        entry(key, raw: "[" + values.map(Self.scalar).joined(separator: ", ") + "]")
    }

    private mutating func start(_ line: String) {
        if isFirstOfItem {
            isFirstOfItem = false
        } else {
            text += String(repeating: "  ", count: indentation)
        }
        text += line
    }

    /// A text without quotes where nothing else could be read from it, or in double quotes.
    static func scalar(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && !["true", "false", "null", "Null", "NULL"].contains(text)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            } && text.utf8.first != UInt8(ascii: "-") && text.utf8.first != UInt8(ascii: ".")
        return isPlain ? text : YAMLScalar.quoted(text)
    }
}
