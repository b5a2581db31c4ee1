// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension MCPToolDefinition {
    /// How a tool of one server gets in the way of another server's.
    public enum Shadowing: String, Sendable, Hashable, CaseIterable {
        /// Both have the same name, or names that differ by case, `_`, `-` and `.` only.
        case name = "tool_shadows_name"
        /// The definition speaks of the other tool, and may tell a model how to use it.
        case mention = "tool_mentions_other"
    }

    /// How this tool shadows a tool of this name that another server offers; nil when it does not.
    public func shadowing(of other: String) -> Shadowing? {
        let bare = Self.bare(name.utf8)
        if bare == Self.bare(other.utf8) { return .name }
        // A name that is one short word stands in many texts without meaning the tool.
        guard other.utf8.count >= 6 else { return nil }
        var rest = value
        rest["name"] = nil
        return Self.mentions(Array(other.utf8.map(ByteScan.lowercase)), .object(rest)) ? .mention : nil
    }

    private static func bare(_ name: some Sequence<UInt8>) -> [UInt8] {
        name.filter { $0 != 0x5f && $0 != 0x2d && $0 != 0x2e }.map(ByteScan.lowercase)
    }

    private static func mentions(_ word: [UInt8], _ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): contains(text.utf8.map(ByteScan.lowercase), word)
        case .array(let elements): elements.contains { mentions(word, $0) }
        case .object(let object): object.members.contains { mentions(word, $0.value) }
        default: false
        }
    }

    /// Whether the word stands in the text by itself, no letter, digit or `_` beside it.
    private static func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard let first = word.first, text.count >= word.count else { return false }
        for start in 0...(text.count &- word.count) where text[start] == first {
            guard text[start..<(start &+ word.count)].elementsEqual(word) else { continue }
            let end = start &+ word.count
            if (start == 0 || !isWord(text[start &- 1])) && (end == text.count || !isWord(text[end])) { return true }
        }
        return false
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x5f
    }
}
