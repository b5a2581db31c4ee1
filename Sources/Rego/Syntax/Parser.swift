// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How large a source text may be.
public struct ParserLimits: Sendable {
    /// Bytes of a text.
    public var bytes = 1 << 20
    /// How deep terms and bodies may stand in each other, and how many infix operators may follow each other.
    public var depth = 256
    /// Rules of a module.
    public var rules = 10_000
    /// Digits of a number.
    public var digits = 1_000
    /// Mistakes that are reported.
    public var diagnostics = 10

    /// The limits for policies.
    public init() {}

    /// The limits for policies.
    public static let `default` = ParserLimits()
}

/// Reads Rego source.
public enum Parser {
    /// Reads a module.
    public static func parseModule(
        _ source: [UInt8], file: Int32, limits: ParserLimits = .default
    ) throws(Diagnostics) -> Module {
        try parseModule(source, file: file, limits: limits, readsAnnotations: true)
    }

    /// Reads a query: a body whose statements are parted by semicolons or line ends.
    public static func parseBody(
        _ source: [UInt8], file: Int32, features: Module.Features = [], limits: ParserLimits = .default
    ) throws(Diagnostics) -> Body {
        var parser = try SourceParser(source, file: file, limits: limits, features: features)
        let body = parser.parseQueryText()
        try parser.check()
        return body
    }

    /// Reads a single term.
    public static func parseTerm(
        _ source: [UInt8], file: Int32, limits: ParserLimits = .default
    ) throws(Diagnostics) -> Term {
        let body = try parseBody(source, file: file, limits: limits)
        guard body.count == 1, let statement = body.first, !statement.isNegated, statement.modifiers.isEmpty,
            case .term(let term) = statement.kind
        else {
            let location = body.first?.location ?? Location(file: file, row: 1, column: 1)
            throw Diagnostics([Diagnostic(.parse, "expected exactly one term", at: location)])
        }
        return term
    }

    static func parseModule(
        _ source: [UInt8], file: Int32, limits: ParserLimits, readsAnnotations: Bool
    ) throws(Diagnostics) -> Module {
        var parser = try SourceParser(source, file: file, limits: limits, features: [])
        let module = parser.parseModule(readsAnnotations: readsAnnotations)
        try parser.check()
        guard let module else { throw Diagnostics([]) }
        return module
    }
}

/// The state of reading one source text by recursive descent.
///
/// Each `parse` function begins at the first token of what it reads and ends at the token behind it. One that fails
/// returns nil, and then a mistake was noted.
struct SourceParser {
    let source: [UInt8]
    let file: Int32
    let tokens: [Token]
    let comments: [Comment]
    let limits: ParserLimits
    var features: Module.Features

    /// The token that is looked at.
    private(set) var index = -1
    /// Its kind; a word of the language counts as an identifier where it stands for a name.
    var kind = TokenKind.illegal
    private(set) var errors: [Diagnostic] = []

    private let mistakes: [Lexer.Mistake]
    private var wildcards = 0
    private var hints: [String] = []
    private var depth = 0
    /// The height of the highest tree read since it was last set to zero.
    var height = 0
    /// Terms in brackets that were read, by their first token: where a text can be read in two ways it is read twice.
    private var bracketed: [Int: ReadTerm] = [:]

    /// What reading a term gave.
    private struct ReadTerm {
        var term: Term?
        var index: Int
        var kind: TokenKind
        var wildcards: Int
        var height: Int
        var errors: ArraySlice<Diagnostic>
    }

    /// What is set back when a text is read in another way.
    struct Mark {
        fileprivate var index: Int
        fileprivate var kind: TokenKind
        fileprivate var wildcards: Int
        fileprivate var errors: [Diagnostic]
    }

    init(
        _ source: [UInt8], file: Int32, limits: ParserLimits, features: Module.Features
    ) throws(Diagnostics) {
        self.source = source
        self.file = file
        self.limits = limits
        self.features = features
        guard source.count <= limits.bytes else {
            let location = Location(file: file, row: 1, column: 1)
            throw Diagnostics([Diagnostic(.parse, "source is larger than \(limits.bytes) bytes", at: location)])
        }
        var lexer = Lexer(source, file: file)
        lexer.run()
        tokens = lexer.tokens
        comments = lexer.comments
        mistakes = lexer.mistakes
        advance()
    }

    /// Throws the mistakes that were noted.
    func check() throws(Diagnostics) {
        guard errors.isEmpty else { throw Diagnostics(Array(errors.prefix(limits.diagnostics))) }
    }

    // MARK: Tokens

    /// The token that is looked at.
    var token: Token { tokens[index] }

    /// Its place.
    var here: Location { location(of: tokens[index]) }

    /// Where the token before ends.
    var lastEnd: Int32 { index > 0 ? tokens[index - 1].end : 0 }

    /// Whether the token stands directly behind the one before.
    var isAdjacent: Bool { !tokens[index].followsSpace }

    /// The text of the token.
    var tokenText: Text { Text(bytes: Array(source[Int(token.offset)..<Int(token.end)])) }

    /// Goes to the next token.
    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
        kind = tokens[index].kind
        switch kind {
        case .illegal:
            let location = here
            for mistake in mistakes where mistake.token == index { note(mistake.message, at: location) }
        case .logicalAnd where !features.contains(.and), .logicalOr where !features.contains(.or):
            kind = .identifier
        default:
            break
        }
    }

    /// The kind of the next token if it stands directly behind this one.
    var adjacentKind: TokenKind? {
        guard index + 1 < tokens.count, !tokens[index + 1].followsSpace else { return nil }
        return tokens[index + 1].kind
    }

    /// Reads a word of the language as a name where a dot or a bracket follows it directly.
    @discardableResult
    mutating func takeKeywordAsName() -> Bool {
        guard kind.isKeyword, adjacentKind == .dot || adjacentKind == .leftBracket else { return false }
        kind = .identifier
        return true
    }

    func location(of token: Token) -> Location {
        Location(
            file: file, row: token.row, column: token.column, offset: token.offset, length: token.end &- token.offset)
    }

    /// A place that begins in the line of another and whose text runs from an offset to an end.
    func location(_ start: Location, from offset: Int32, to end: Int32) -> Location {
        Location(
            file: file, row: start.row, column: start.column, offset: offset, length: max(end &- offset, 0))
    }

    /// A place whose text ends with the token before.
    func extend(_ start: Location) -> Location {
        location(start, from: start.offset, to: lastEnd)
    }

    // MARK: Ways back

    /// Remembers where reading stands.
    func mark() -> Mark {
        Mark(index: index, kind: kind, wildcards: wildcards, errors: errors)
    }

    /// Goes back to a remembered place.
    mutating func goBack(to mark: Mark) {
        index = mark.index
        kind = mark.kind
        wildcards = mark.wildcards
        errors = mark.errors
    }

    /// Reads a term in brackets, or takes it as it was read before.
    mutating func remembering(_ read: (inout SourceParser) -> Term?) -> Term? {
        let start = index
        if let known = bracketed[start] {
            index = known.index
            kind = known.kind
            wildcards = known.wildcards
            height = max(height, known.height)
            errors += known.errors
            return known.term
        }
        let outerHeight = height
        height = 0
        let noted = errors.count
        let term = read(&self)
        bracketed[start] = ReadTerm(
            term: term, index: index, kind: kind, wildcards: wildcards, height: height,
            errors: noted <= errors.count ? errors[noted...] : [])
        height = max(height, outerHeight)
        return term
    }

    /// Forgets the terms that were read, between statements.
    mutating func forgetTerms() {
        bracketed.removeAll(keepingCapacity: true)
    }

    // MARK: Depth

    /// Counts a level of nesting; false when there are too many.
    mutating func enter() -> Bool {
        depth += 1
        guard depth > limits.depth else { return true }
        noteDepth()
        depth -= 1
        return false
    }

    mutating func leave() {
        depth -= 1
    }

    /// Notes that the text is nested too deeply.
    mutating func noteDepth() {
        note("max parsing recursion depth exceeded", at: here)
    }

    /// A variable that occurs once.
    mutating func wildcard() -> Text {
        defer { wildcards += 1 }
        return Text("$\(wildcards)")
    }

    // MARK: Mistakes

    /// Notes a mistake.
    mutating func note(_ message: String, at location: Location) {
        var message = message
        if hints.count == 1 {
            message += " (hint: \(hints[0]))"
        } else if !hints.isEmpty {
            message += " (hints: \(hints.joined(separator: ", ")))"
        }
        hints.removeAll()
        guard errors.count < 100 else { return }
        errors.append(Diagnostic(.parse, message, at: location))
    }

    /// Adds an advice to the next mistake.
    mutating func hint(_ text: String) {
        hints.append(text)
    }

    /// Notes that the token cannot stand here.
    mutating func noteIllegal(_ expectation: String = "") {
        guard kind != .illegal else {
            note("illegal token", at: here)
            return
        }
        var message = "unexpected \(kind.name) \(kind.isKeyword ? "keyword" : "token")"
        if !expectation.isEmpty { message += ": \(expectation)" }
        note(message, at: here)
    }

    /// Notes mistakes that were found after reading.
    mutating func note(_ found: [Diagnostic]) {
        errors += found
    }
}
