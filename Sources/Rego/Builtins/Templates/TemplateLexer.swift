// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Parts a template into texts and actions, and actions into tokens.
struct TemplateLexer {
    /// A token of an action.
    enum Token: Equatable {
        case dot
        case field(Text)
        case variable(Text)
        case word(Text)
        case string(Text)
        case integer(Int64)
        /// `(`, `)`, `|`, `,`, `=`, or `:` for `:=`.
        case sign(UInt8)
    }

    /// A token, and whether it stands apart from the one before.
    struct Item {
        let token: Token
        let isApart: Bool
    }

    private let source: [UInt8]
    private(set) var position = 0
    private var trimsNextText = false

    init(_ source: [UInt8]) {
        self.source = source
    }

    /// A failure at the current line.
    func failure(_ message: String) -> BuiltinFailure {
        let line = 1 + source.prefix(position).count { $0 == 0x0A }
        return .value("template: template:\(line): \(message)")
    }

    private func starts(_ text: StaticString, at position: Int) -> Bool {
        text.withUTF8Buffer { source.dropFirst(position).starts(with: $0) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// The text up to the next action or the end, and whether an action follows.
    mutating func text() -> (text: ArraySlice<UInt8>, isBeforeAction: Bool) {
        let start = position
        while position < source.count, !starts("{{", at: position) { position &+= 1 }
        var text = source[start..<position]
        if trimsNextText { text = text.drop(while: TemplateLexer.isSpace) }
        trimsNextText = false
        guard position < source.count else { return (text, false) }
        position &+= 2
        if position &+ 1 < source.count, source[position] == UInt8(ascii: "-"),
            TemplateLexer.isSpace(source[position &+ 1])
        {
            position &+= 1
            while let last = text.last, TemplateLexer.isSpace(last) { text.removeLast() }
        }
        return (text, true)
    }

    /// The tokens of the action that begins here, up to and with the braces that end it; nil for a comment.
    mutating func action() throws(BuiltinFailure) -> [Item]? {
        if try skipComment() { return nil }
        var items: [Item] = []
        while true {
            let start = position
            skipSpaces()
            let isApart = position > start
            if isApart, starts("-}}", at: position) {
                trimsNextText = true
                position &+= 3
                return items
            }
            if starts("}}", at: position) {
                position &+= 2
                return items
            }
            items.append(Item(token: try token(), isApart: isApart))
        }
    }

    private mutating func skipSpaces() {
        while position < source.count, TemplateLexer.isSpace(source[position]) { position &+= 1 }
    }

    private mutating func skipComment() throws(BuiltinFailure) -> Bool {
        let start = position
        skipSpaces()
        guard starts("/*", at: position) else {
            position = start
            return false
        }
        while position < source.count, !starts("*/", at: position) { position &+= 1 }
        guard position < source.count else { throw failure("unclosed comment") }
        position &+= 2
        let end = position
        skipSpaces()
        if position > end, starts("-}}", at: position) {
            trimsNextText = true
            position &+= 3
        } else if position == end, starts("}}", at: position) {
            position &+= 2
        } else {
            throw failure("comment ends before closing delimiter")
        }
        return true
    }

    private mutating func token() throws(BuiltinFailure) -> Token {
        guard position < source.count else { throw failure("unclosed action") }
        let byte = source[position]
        let next = position &+ 1 < source.count ? source[position &+ 1] : 0
        switch byte {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "`"): return .string(try rawString())
        case UInt8(ascii: "'"): return .integer(try character())
        case UInt8(ascii: "."):
            position &+= 1
            let name = name()
            return name.bytes.isEmpty ? .dot : .field(name)
        case UInt8(ascii: "$"):
            position &+= 1
            return .variable(name())
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: ","), UInt8(ascii: "="):
            position &+= 1
            return .sign(byte)
        case UInt8(ascii: ":") where next == UInt8(ascii: "="):
            position &+= 2
            return .sign(byte)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            return .integer(try integer())
        default:
            let name = name()
            guard !name.bytes.isEmpty else {
                throw failure("unexpected \(String(decoding: [byte], as: UTF8.self)) in action")
            }
            return .word(name)
        }
    }

    /// Letters, digits and underscores; all characters beyond ASCII count as letters.
    private mutating func name() -> Text {
        let start = position
        while position < source.count {
            let byte = source[position]
            let isLetter = (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_") || byte >= 0x80
            guard isLetter || byte &- 0x30 < 10 else { break }
            position &+= 1
        }
        return Text(bytes: Array(source[start..<position]))
    }

    private mutating func string() throws(BuiltinFailure) -> Text {
        var end = position &+ 1
        while end < source.count, source[end] != UInt8(ascii: "\"") {
            end &+= source[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < source.count else { throw failure("unterminated quoted string") }
        guard let text = StringLiteral.unescape(source[(position &+ 1)..<end]) else {
            throw failure("invalid syntax")
        }
        position = end &+ 1
        return text
    }

    private mutating func rawString() throws(BuiltinFailure) -> Text {
        let rest = source[(position &+ 1)...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "`")) else { throw failure("unterminated raw quoted string") }
        position = end &+ 1
        return Text(bytes: Array(rest[..<end]))
    }

    private mutating func character() throws(BuiltinFailure) -> Int64 {
        var end = position &+ 1
        while end < source.count, source[end] != UInt8(ascii: "'") {
            end &+= source[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < source.count else { throw failure("unterminated character constant") }
        let content = source[(position &+ 1)..<end]
        let text = content.elementsEqual("\\'".utf8) ? Text("'") : StringLiteral.unescape(content)
        position = end &+ 1
        guard let text, text.string.unicodeScalars.count == 1, let scalar = text.string.unicodeScalars.first else {
            throw failure("malformed character constant")
        }
        return Int64(scalar.value)
    }

    private mutating func integer() throws(BuiltinFailure) -> Int64 {
        let start = position
        position &+= 1
        while position < source.count, source[position] &- 0x30 < 10 || source[position] == UInt8(ascii: "_") {
            position &+= 1
        }
        let digits = source[start..<position].filter { $0 != UInt8(ascii: "_") }
        guard let value = Int64(String(decoding: digits, as: UTF8.self)),
            position >= source.count || source[position] != UInt8(ascii: ".")
        else {
            throw failure("bad number syntax")
        }
        return value
    }
}
