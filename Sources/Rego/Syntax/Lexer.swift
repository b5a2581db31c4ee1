// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Cuts a source text into tokens; comments are kept apart.
struct Lexer {
    /// A mistake inside of a token.
    struct Mistake {
        var token: Int
        var message: String
    }

    private(set) var tokens: [Token] = []
    private(set) var comments: [Comment] = []
    /// In the order of their tokens.
    private(set) var mistakes: [Mistake] = []

    private let source: [UInt8]
    private let file: Int32
    private var position = 0
    private var row: Int32 = 1
    private var lineStart = 0
    /// Bytes of the line so far that begin no character.
    private var continuationBytes = 0
    private var followsSpace = false
    private var followsNewline = false
    /// For each template string that is open: whether it is raw, and how many braces are open in its expression.
    private var templates: [(isRaw: Bool, braces: Int)] = []
    /// Messages for the token that is being read.
    private var pending: [String] = []
    /// Bytes that no source may hold, with the words for it.
    private var illegalBytes: ArraySlice<(offset: Int, message: String)> = []

    init(_ source: [UInt8], file: Int32) {
        self.source = source
        self.file = file
        tokens.reserveCapacity(source.count / 4 + 8)
        illegalBytes = Lexer.illegalBytes(of: source)[...]
        if source.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
            continuationBytes = 2
        }
    }

    /// Reads all tokens; the last one is the end of the text.
    mutating func run() {
        while readToken() {}
    }

    // MARK: Tokens

    private mutating func readToken() -> Bool {
        skipSpace()
        let start = position
        let row = row
        let column = Int32(truncatingIfNeeded: start - lineStart - continuationBytes + 1)
        guard start < source.count else {
            append(.end, start, row, column - 1)
            return false
        }
        let byte = source[start]
        var kind = TokenKind.illegal
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            kind = readWord()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            kind = readNumber()
        case UInt8(ascii: "#"):
            readComment(row: row, column: column)
            if pending.isEmpty, !takeIllegalBytes(upTo: position) { return true }
        case UInt8(ascii: "\""):
            position += 1
            kind = readString()
        case UInt8(ascii: "`"):
            position += 1
            kind = readRawString()
        case UInt8(ascii: "$"):
            kind = readTemplateStart()
        default:
            kind = readPunctuation(byte)
        }
        if takeIllegalBytes(upTo: position) || !pending.isEmpty { kind = .illegal }
        append(kind, start, row, column)
        if kind == .rightBrace { continueTemplate() }
        return true
    }

    private mutating func append(_ kind: TokenKind, _ start: Int, _ row: Int32, _ column: Int32) {
        for message in pending { mistakes.append(Mistake(token: tokens.count, message: message)) }
        pending.removeAll(keepingCapacity: true)
        tokens.append(
            Token(
                kind: kind, followsSpace: followsSpace, followsNewline: followsNewline,
                offset: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: position), row: row,
                column: column))
        followsSpace = false
        followsNewline = false
    }

    private var current: UInt8? {
        position < source.count ? source[position] : nil
    }

    private mutating func skipSpace() {
        while position < source.count {
            switch source[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                position += 1
            case UInt8(ascii: "\n"):
                position += 1
                startLine()
                followsNewline = true
            default:
                return
            }
            followsSpace = true
        }
    }

    private mutating func startLine() {
        row &+= 1
        lineStart = position
        continuationBytes = 0
    }

    /// Steps over one byte inside of a string or comment.
    private mutating func step() {
        let byte = source[position]
        position += 1
        if byte & 0xC0 == 0x80 {
            continuationBytes += 1
        } else if byte == UInt8(ascii: "\n") {
            startLine()
        }
    }

    private mutating func readComment(row: Int32, column: Int32) {
        let start = position
        while let byte = current, byte != UInt8(ascii: "\n") { step() }
        var end = position
        while end > start + 1, source[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let location = Location(
            file: file, row: row, column: column, offset: Int32(truncatingIfNeeded: start),
            length: Int32(truncatingIfNeeded: end - start))
        comments.append(Comment(text: Text(bytes: Array(source[(start + 1)..<end])), at: location))
        followsSpace = true
    }

    private mutating func readWord() -> TokenKind {
        let start = position
        while let byte = current, byte.isWordByte { position += 1 }
        let length = position - start
        guard length <= 8 else { return .identifier }
        var packed: UInt64 = 0
        for index in start..<position { packed = packed << 8 | UInt64(source[index]) }
        return Keywords.kind(packed)
    }

    private mutating func readDigits() -> Bool {
        let start = position
        while let byte = current, byte.isDigit { position += 1 }
        return position > start
    }

    private mutating func readNumber() -> TokenKind {
        _ = readDigits()
        if current == UInt8(ascii: ".") {
            position += 1
            if !readDigits() { pending.append("expected fraction") }
        }
        if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            if !readDigits() { pending.append("expected exponent") }
        }
        if let byte = current, byte.isWordByte {
            pending.append("illegal number format")
            while let byte = current, byte.isWordByte { position += 1 }
        }
        return .number
    }

    // MARK: Strings

    private mutating func readString() -> TokenKind {
        while true {
            guard let byte = current, byte != UInt8(ascii: "\n") else {
                pending.append("non-terminated string")
                return .string
            }
            step()
            if byte == UInt8(ascii: "\"") { return .string }
            if byte == UInt8(ascii: "\\") { readEscape(allowsBrace: false) }
        }
    }

    private mutating func readEscape(allowsBrace: Bool) {
        switch current {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<3 where position < source.count && source[position].isHexDigit { position += 1 }
        case UInt8(ascii: "{") where allowsBrace:
            position += 1
        default:
            pending.append("illegal escape sequence")
        }
    }

    private mutating func readRawString() -> TokenKind {
        while let byte = current {
            step()
            if byte == UInt8(ascii: "`") { return .rawString }
        }
        pending.append("non-terminated string")
        return .rawString
    }

    private mutating func readTemplateStart() -> TokenKind {
        position += 1
        switch current {
        case UInt8(ascii: "\""):
            position += 1
            return readTemplate(isRaw: false)
        case UInt8(ascii: "`"):
            position += 1
            return readTemplate(isRaw: true)
        default:
            pending.append("illegal $ character")
            return .illegal
        }
    }

    /// Reads the text of a template string up to its end or to the next expression, which opens the template.
    private mutating func readTemplate(isRaw: Bool) -> TokenKind {
        let close = UInt8(ascii: isRaw ? "`" : "\"")
        while let byte = current, isRaw || byte != UInt8(ascii: "\n") {
            step()
            switch byte {
            case close:
                return isRaw ? .rawTemplateEnd : .templateEnd
            case UInt8(ascii: "{"):
                templates.append((isRaw, 0))
                return isRaw ? .rawTemplatePart : .templatePart
            case UInt8(ascii: "\\"):
                if !isRaw {
                    readEscape(allowsBrace: true)
                } else if current == UInt8(ascii: "{") {
                    position += 1
                }
            default:
                break
            }
        }
        pending.append("non-terminated string")
        return isRaw ? .rawTemplateEnd : .templateEnd
    }

    /// After a closing brace: goes on with the template string whose expression it ends.
    private mutating func continueTemplate() {
        guard let open = templates.last else { return }
        guard open.braces == 0 else {
            templates[templates.count - 1].braces -= 1
            return
        }
        templates.removeLast()
        let start = position
        let row = row
        let column = Int32(truncatingIfNeeded: start - lineStart - continuationBytes + 1)
        var kind = readTemplate(isRaw: open.isRaw)
        if takeIllegalBytes(upTo: position) || !pending.isEmpty { kind = .illegal }
        append(kind, start, row, column)
    }

    // MARK: Punctuation

    private mutating func readPunctuation(_ byte: UInt8) -> TokenKind {
        position += 1
        switch byte {
        case UInt8(ascii: "["): return .leftBracket
        case UInt8(ascii: "]"): return .rightBracket
        case UInt8(ascii: "{"):
            if !templates.isEmpty { templates[templates.count - 1].braces += 1 }
            return .leftBrace
        case UInt8(ascii: "}"): return .rightBrace
        case UInt8(ascii: "("): return .leftParenthesis
        case UInt8(ascii: ")"): return .rightParenthesis
        case UInt8(ascii: ","): return .comma
        case UInt8(ascii: ";"): return .semicolon
        case UInt8(ascii: "."): return .dot
        case UInt8(ascii: "+"): return .plus
        case UInt8(ascii: "-"): return .minus
        case UInt8(ascii: "*"): return .times
        case UInt8(ascii: "/"): return .divide
        case UInt8(ascii: "%"): return .remainder
        case UInt8(ascii: "&"): return .and
        case UInt8(ascii: "|"): return .or
        case UInt8(ascii: ":"): return withEquals(.assign, else: .colon)
        case UInt8(ascii: "="): return withEquals(.equal, else: .unify)
        case UInt8(ascii: ">"): return withEquals(.greaterOrEqual, else: .greater)
        case UInt8(ascii: "<"): return withEquals(.lessOrEqual, else: .less)
        case UInt8(ascii: "!"):
            let kind = withEquals(.notEqual, else: .illegal)
            if kind == .illegal { pending.append("illegal ! character") }
            return kind
        default:
            while let next = current, next & 0xC0 == 0x80 { step() }
            return .illegal
        }
    }

    private mutating func withEquals(_ long: TokenKind, else short: TokenKind) -> TokenKind {
        guard current == UInt8(ascii: "=") else { return short }
        position += 1
        return long
    }

    // MARK: Illegal bytes

    /// Takes the words for the illegal bytes before a place into the token that is being read.
    private mutating func takeIllegalBytes(upTo end: Int) -> Bool {
        var found = false
        while let first = illegalBytes.first, first.offset < end {
            pending.append(first.message)
            illegalBytes.removeFirst()
            found = true
        }
        return found
    }

    private static func illegalBytes(of source: [UInt8]) -> [(offset: Int, message: String)] {
        var found: [(offset: Int, message: String)] = []
        var index = 0
        while index < source.count, found.count < 16 {
            let byte = source[index]
            if byte != 0, byte < 0x80 {
                index += 1
            } else if byte == 0 {
                found.append((index, "illegal null character"))
                index += 1
            } else if let length = UTF8Validation.length(of: source, at: index) {
                if index > 0, byte == 0xEF, source[index + 1] == 0xBB, source[index + 2] == 0xBF {
                    found.append((index, "illegal byte-order mark"))
                }
                index += length
            } else {
                found.append((index, "illegal utf-8 character"))
                index += 1
            }
        }
        return found
    }
}
