// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A token of GraphQL (October 2021, section 2).
struct GraphQLToken {
    /// What it is, as messages name it.
    enum Kind: String {
        case invalid = "<Invalid>"
        case end = "<EOF>"
        case bang = "!"
        case dollar = "$"
        case ampersand = "&"
        case openParenthesis = "("
        case closeParenthesis = ")"
        case spread = "..."
        case colon = ":"
        case equals = "="
        case at = "@"
        case openBracket = "["
        case closeBracket = "]"
        case openBrace = "{"
        case closeBrace = "}"
        case pipe = "|"
        case name = "Name"
        case integer = "Int"
        case float = "Float"
        case string = "String"
        case blockString = "BlockString"
    }

    let kind: Kind
    /// The characters of a name or number, the content of a string.
    var text: [UInt8] = []
    let position: GraphQLPosition
    /// Why it is invalid.
    var problem = ""

    /// The token in messages.
    var description: String {
        if text.isEmpty { return kind.rawValue }
        var quoted: [UInt8] = []
        text.withUnsafeBufferPointer { QuotedText.write($0, to: &quoted) }
        return "\(kind.rawValue) \(String(decoding: quoted, as: UTF8.self))"
    }

    func `is`(_ word: String) -> Bool {
        text.elementsEqual(word.utf8)
    }
}

/// A place in a text, in lines and code points from 1.
struct GraphQLPosition: Hashable {
    var line: Int
    var column: Int

    /// The place as a number that a tree can hold.
    var value: Value { .integer(Int64(truncatingIfNeeded: line << 32 | column & 0xFFFF_FFFF)) }

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init?(_ value: Value) {
        guard let number = value.exactInteger, number > 0 else { return nil }
        self.init(line: Int(number >> 32), column: Int(number & 0xFFFF_FFFF))
    }
}

/// Turns a text into tokens; white space, commas and comments fall away.
struct GraphQLLexer {
    private let source: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var line = 1
    /// Code points before the position and before its line.
    private var scalars = 0
    private var lineStart = 0

    init(_ source: UnsafeBufferPointer<UInt8>) {
        self.source = source
    }

    /// The next token; one of kind `.end` at the end, again and again.
    mutating func next() -> GraphQLToken {
        skipIgnored()
        let start = place
        guard position < source.count else { return GraphQLToken(kind: .end, position: start) }
        let byte = source[position]
        if byte == UInt8(ascii: "_") || isLetter(byte) { return name(from: start) }
        if byte == UInt8(ascii: "-") || byte.isDecimalDigit { return number(from: start) }
        if byte == UInt8(ascii: "\"") { return text(from: start) }
        if source[position...].starts(with: "...".utf8) {
            advance(3)
            return GraphQLToken(kind: .spread, position: start)
        }
        if "!$&():=@[]{}|".utf8.contains(byte),
            let kind = GraphQLToken.Kind(rawValue: String(decoding: [byte], as: UTF8.self))
        {
            advance(1)
            return GraphQLToken(kind: kind, position: start)
        }
        if byte < 0x20 { return invalid("Cannot contain the invalid character \"\\u\(padded(byte))\"") }
        if byte == UInt8(ascii: "'") {
            return invalid("Unexpected single quote character ('), did you mean to use a double quote (\")?")
        }
        // One byte is shown as the code point of its number.
        return invalid("Cannot parse the unexpected character \"\(Character(Unicode.Scalar(byte)))\".")
    }

    private var place: GraphQLPosition {
        GraphQLPosition(line: line, column: scalars &- lineStart &+ 1)
    }

    private mutating func advance(_ count: Int) {
        position &+= count
        scalars &+= count
    }

    private mutating func breakLine() {
        line &+= 1
        lineStart = scalars
    }

    private func invalid(_ problem: String) -> GraphQLToken {
        GraphQLToken(kind: .invalid, position: place, problem: problem)
    }

    private func padded(_ byte: UInt8) -> String {
        let digits = String(byte)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }

    private mutating func skipIgnored() {
        while position < source.count {
            switch source[position] {
            case 0x09, 0x20, UInt8(ascii: ","): advance(1)
            case 0x0A:
                advance(1)
                breakLine()
            case 0x0D:
                advance(1)
                breakLine()
                if position < source.count, source[position] == 0x0A { advance(1) }
            case 0xEF where source[position...].starts(with: [0xEF, 0xBB, 0xBF]):
                position &+= 3
                scalars &+= 1
            case UInt8(ascii: "#"):
                var reader = ScalarReader(source, from: position)
                while let scalar = reader.peek(), scalar.value > 0x1F || scalar == "\t" {
                    _ = reader.next()
                    scalars &+= 1
                }
                position = reader.position
            default: return
            }
        }
    }

    private mutating func name(from start: GraphQLPosition) -> GraphQLToken {
        let first = position
        while position < source.count,
            source[position] == UInt8(ascii: "_") || isLetter(source[position]) || source[position].isDecimalDigit
        {
            advance(1)
        }
        return GraphQLToken(kind: .name, text: Array(source[first..<position]), position: start)
    }

    private mutating func number(from start: GraphQLPosition) -> GraphQLToken {
        let first = position
        var isFloat = false
        _ = accept("-")
        if accept("0") {
            if position < source.count, source[position].isDecimalDigit {
                return invalid("Invalid number, unexpected digit after 0: \(upcoming).")
            }
        } else if !acceptDigits() {
            return invalid("Invalid number, expected digit but got: \(upcoming).")
        }
        if accept(".") {
            isFloat = true
            if !acceptDigits() { return invalid("Invalid number, expected digit but got: \(upcoming).") }
        }
        if accept("e") || accept("E") {
            isFloat = true
            if !accept("-") { _ = accept("+") }
            if !acceptDigits() { return invalid("Invalid number, expected digit but got: \(upcoming).") }
        }
        return GraphQLToken(
            kind: isFloat ? .float : .integer, text: Array(source[first..<position]), position: start)
    }

    private mutating func accept(_ character: Character) -> Bool {
        guard position < source.count, source[position] == character.asciiValue else { return false }
        advance(1)
        return true
    }

    private mutating func acceptDigits() -> Bool {
        let first = position
        while position < source.count, source[position].isDecimalDigit { advance(1) }
        return position > first
    }

    private var upcoming: String {
        position < source.count ? "\"\(Character(Unicode.Scalar(source[position])))\"" : "<EOF>"
    }

    private mutating func text(from start: GraphQLPosition) -> GraphQLToken {
        if source[position...].starts(with: "\"\"\"".utf8) { return block(from: start) }
        advance(1)
        // The place of a string is that of its first character.
        let start = GraphQLPosition(line: start.line, column: start.column &+ 1)
        var content: [UInt8] = []
        while position < source.count {
            let byte = source[position]
            if byte == 0x0A || byte == 0x0D { break }
            if byte < 0x20 && byte != 0x09 {
                return invalid("Invalid character within String: \"\\u\(padded(byte))\".")
            }
            if byte == UInt8(ascii: "\"") {
                advance(1)
                return GraphQLToken(kind: .string, text: content, position: start)
            }
            if byte == UInt8(ascii: "\\") {
                if let token = escape(into: &content) { return token }
            } else {
                copyScalar(to: &content)
            }
        }
        return invalid("Unterminated string.")
    }

    private mutating func copyScalar(to content: inout [UInt8]) {
        var reader = ScalarReader(source, from: position)
        if let scalar = reader.next() { content.append(scalar) }
        position = reader.position
        scalars &+= 1
    }

    /// Reads an escape sequence; gives a token if it is none.
    private mutating func escape(into content: inout [UInt8]) -> GraphQLToken? {
        guard position &+ 1 < source.count else {
            advance(1)
            return invalid("Invalid character escape sequence.")
        }
        let mark = source[position &+ 1]
        if mark == UInt8(ascii: "u") {
            let digits = source[(position &+ 2)...].prefix(4)
            let text = String(decoding: digits, as: UTF8.self)
            guard position &+ 6 < source.count, digits.count == 4, !text.hasPrefix("+"),
                let number = UInt32(text, radix: 16)
            else {
                advance(1)
                let rest = String(decoding: source[position...].prefix(5), as: UTF8.self)
                return invalid("Invalid character escape sequence: \\\(rest).")
            }
            content.append(Unicode.Scalar(number) ?? "\u{FFFD}")
            advance(6)
            return nil
        }
        let escapes: [UInt8: UInt8] = [
            0x22: 0x22, 0x2F: 0x2F, 0x5C: 0x5C, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
        ]
        guard let byte = escapes[mark] else {
            advance(1)
            return invalid("Invalid character escape sequence: \\\(Character(Unicode.Scalar(mark))).")
        }
        content.append(byte)
        advance(2)
        return nil
    }

    private mutating func block(from start: GraphQLPosition) -> GraphQLToken {
        advance(3)
        var start = GraphQLPosition(line: start.line, column: start.column &+ 3)
        var content: [UInt8] = []
        while position < source.count {
            let rest = source[position...]
            let byte = source[position]
            if rest.starts(with: "\"\"\"".utf8) {
                // The place is on the line of the end, counted from the begin.
                start = GraphQLPosition(line: line, column: start.column)
                advance(3)
                return GraphQLToken(kind: .blockString, text: GraphQLLexer.dedent(content), position: start)
            }
            if byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D {
                return invalid("Invalid character within String: \"\\u\(padded(byte))\".")
            }
            if rest.starts(with: "\\\"\"\"".utf8) {
                content += "\"\"\"".utf8
                advance(4)
            } else if byte == 0x0D || byte == 0x0A {
                advance(byte == 0x0D && rest.dropFirst().first == 0x0A ? 2 : 1)
                content.append(0x0A)
                breakLine()
            } else {
                copyScalar(to: &content)
            }
        }
        return invalid("Unterminated string.")
    }

    /// The content of a block string: without common indentation and without blank lines at the ends.
    private static func dedent(_ content: [UInt8]) -> [UInt8] {
        var lines = content.split(separator: 0x0A, omittingEmptySubsequences: false)
        func indentation(_ line: ArraySlice<UInt8>) -> Int? {
            let white = line.prefix { $0 == 0x20 || $0 == 0x09 }.count
            return white == line.count ? nil : white
        }
        if let common = lines.dropFirst().compactMap(indentation).min() {
            for position in lines.indices.dropFirst() { lines[position] = lines[position].dropFirst(common) }
        }
        while let first = lines.first, indentation(first) == nil { lines.removeFirst() }
        while let last = lines.last, indentation(last) == nil { lines.removeLast() }
        return Array(lines.joined(separator: [0x0A]))
    }
}
