// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The kinds of tokens; the order of the keywords matters to `isKeyword`.
enum TokenKind: UInt8 {
    case illegal, end
    case identifier
    case package, `import`, `as`, `default`, `else`, not, some, with, null, `true`, `false`
    case every, contains, `if`, `in`
    case logicalAnd, logicalOr
    case number, string, rawString
    case templatePart, templateEnd, rawTemplatePart, rawTemplateEnd
    case leftBracket, rightBracket, leftBrace, rightBrace, leftParenthesis, rightParenthesis
    case comma, colon, semicolon, dot
    case plus, minus, times, divide, remainder, and, or
    case unify, equal, assign, notEqual, greater, less, greaterOrEqual, lessOrEqual

    /// Whether it is a word of the language.
    var isKeyword: Bool {
        rawValue >= TokenKind.package.rawValue && rawValue <= TokenKind.logicalOr.rawValue
    }

    /// What messages call it; for an infix operator also the name of the function it stands for.
    var name: String {
        switch self {
        case .illegal: "illegal"
        case .end: "eof"
        case .identifier: "identifier"
        case .package: "package"
        case .import: "import"
        case .as: "as"
        case .default: "default"
        case .else: "else"
        case .not: "not"
        case .some: "some"
        case .with: "with"
        case .null: "null"
        case .true: "true"
        case .false: "false"
        case .every: "every"
        case .contains: "contains"
        case .if: "if"
        case .in: "in"
        case .logicalAnd, .and: "and"
        case .logicalOr, .or: "or"
        case .number: "number"
        case .string, .rawString: "string"
        case .templatePart, .rawTemplatePart: "template-string-part"
        case .templateEnd, .rawTemplateEnd: "template-string-end"
        case .leftBracket: "["
        case .rightBracket: "]"
        case .leftBrace: "{"
        case .rightBrace: "}"
        case .leftParenthesis: "("
        case .rightParenthesis: ")"
        case .comma: ","
        case .colon: ":"
        case .semicolon: ";"
        case .dot: "."
        case .plus: "plus"
        case .minus: "minus"
        case .times: "mul"
        case .divide: "div"
        case .remainder: "rem"
        case .unify: "eq"
        case .equal: "equal"
        case .assign: "assign"
        case .notEqual: "neq"
        case .greater: "gt"
        case .less: "lt"
        case .greaterOrEqual: "gte"
        case .lessOrEqual: "lte"
        }
    }
}

/// A token: where it stands and what stands before it; its text is read from the source when it is wanted.
struct Token {
    var kind: TokenKind
    /// Whether white space or a comment stands directly before it.
    var followsSpace: Bool
    /// Whether a line ended since the token before.
    var followsNewline: Bool
    var offset: Int32
    var end: Int32
    var row: Int32
    var column: Int32
}
