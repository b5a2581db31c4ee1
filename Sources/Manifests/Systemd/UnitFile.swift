// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The text of a unit: sections of settings. Values come written as systemd reads them; see ``UnitText``.
struct UnitFile {
    private(set) var text = ""

    mutating func section(_ name: String) {
        text += (text.hasSuffix("\n\n") || text.isEmpty ? "" : "\n") + "[\(name)]\n"
    }

    mutating func set(_ key: String, _ value: String) { text += "\(key)=\(value)\n" }

    /// A line of its own; what is not printable ASCII cannot end it early.
    mutating func comment(_ note: String) {
        let safe = note.utf8.map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
        // A comment that ends in a backslash would swallow the next line.
        let end = safe.last == UInt8(ascii: "\\") ? "." : ""
        text += "# " + String(decoding: safe, as: UTF8.self) + end + "\n"
    }
}
