// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Writes documents in the part of YAML that readers of 1.1 and 1.2 understand alike: block style, double quotes wherever a
/// text could be read as something else.
struct YAMLEmitter {
    private var text = ""

    /// A document with what it is for above it.
    static func document(_ comment: String, _ node: YAMLNode) -> String {
        var emitter = YAMLEmitter()
        emitter.comment(comment, 0)
        emitter.block(node, 0)
        return emitter.text
    }

    private mutating func block(_ node: YAMLNode, _ depth: Int) {
        switch node {
        case .map(let entries) where !entries.isEmpty:
            for entry in entries { write(entry, depth, leading: true) }
        case .list(let items) where !items.isEmpty:
            for item in items { write(item, depth) }
        case .noted(let note, let value):
            comment(note, depth)
            block(value, depth)
        default: text += Self.indentation(depth) + Self.inline(node) + "\n"
        }
    }

    private mutating func write(_ entry: YAMLNode.Entry, _ depth: Int, leading: Bool) {
        if case .noted(let note, let value) = entry.value {
            if leading {
                comment(note, depth)
                return write(YAMLNode.Entry(entry.key, value), depth, leading: true)
            }
            // Behind the hyphen of a list there is no room above the key: the comment stands below it.
            return write(YAMLNode.Entry(entry.key, value), depth, leading: false)
        }
        if leading { text += Self.indentation(depth) }
        text += Self.scalar(entry.key) + ":"
        switch entry.value {
        case .map(let entries) where !entries.isEmpty, .noted(_, .map(let entries)) where !entries.isEmpty:
            text += "\n"
            block(entry.value, depth + 1)
        case .list(let items) where !items.isEmpty:
            text += "\n"
            for item in items { write(item, depth + 1) }
        case .string(let value) where Self.isLiteral(value):
            text += " |\n"
            for line in value.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
                text += line.isEmpty ? "\n" : Self.indentation(depth + 1) + line + "\n"
            }
        default: text += " " + Self.inline(entry.value) + "\n"
        }
    }

    private mutating func write(_ item: YAMLNode, _ depth: Int) {
        switch item {
        case .noted(let note, let value):
            comment(note, depth)
            write(value, depth)
        case .map(let entries) where !entries.isEmpty:
            text += Self.indentation(depth) + "- "
            for (index, entry) in entries.enumerated() { write(entry, depth + 1, leading: index > 0) }
        case .list(let items) where !items.isEmpty:
            text += Self.indentation(depth) + "-\n"
            for inner in items { write(inner, depth + 1) }
        default: text += Self.indentation(depth) + "- " + Self.inline(item) + "\n"
        }
    }

    /// Writes a comment in ASCII, each line of it behind a number sign.
    private mutating func comment(_ note: String, _ depth: Int) {
        for line in note.split(separator: "\n", omittingEmptySubsequences: false) {
            let safe = line.utf8.map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
            text += Self.indentation(depth) + "# " + String(decoding: safe, as: UTF8.self) + "\n"
        }
    }

    private static func indentation(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private static func inline(_ node: YAMLNode) -> String {
        switch node {
        case .string(let value): scalar(value)
        case .integer(let value): String(value)
        case .decimal(let value): value.description
        case .boolean(let value): value ? "true" : "false"
        case .list: "[]"
        case .map: "{}"
        case .noted(_, let value): inline(value)
        }
    }

    /// A text without quotes where no reader takes it for anything else, or in double quotes.
    static func scalar(_ text: String) -> String {
        guard let first = text.utf8.first, first == UInt8(ascii: "/") || isLetter(first),
            !reserved.contains(where: {
                $0.utf8.elementsEqual(text.utf8.map { $0 < 0x5B && isLetter($0) ? $0 | 0x20 : $0 })
            }),
            text.utf8.allSatisfy({ isLetter($0) || $0 &- 0x30 < 10 || "._/-".utf8.contains($0) })
        else { return YAMLScalar.quoted(text) }
        return text
    }

    /// What readers of YAML 1.1 or 1.2 take for something else than a text, in small letters.
    private static let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"]

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// Whether a text can stand as a literal block: lines of printable ASCII, the first not indented, the last one ended.
    private static func isLiteral(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count > 1, bytes.last == 0x0A, bytes[bytes.count &- 2] != 0x0A, let first = bytes.first,
            first != 0x20, first != 0x0A
        else { return false }
        return bytes.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) }
    }
}
