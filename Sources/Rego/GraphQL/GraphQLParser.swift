// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Parses GraphQL into trees.
struct GraphQLParser {
    let tree: GraphQLTree
    private var lexer: GraphQLLexer
    private var peeked: GraphQLToken?
    private(set) var previous: GraphQLToken?
    private var depth = 0

    private static let depthLimit = 128

    /// The tree of a query document.
    static func query(_ source: UnsafeBufferPointer<UInt8>, _ tree: GraphQLTree) throws(BuiltinFailure) -> Value {
        var parser = try GraphQLParser(source, tree)
        return try parser.queryDocument()
    }

    /// The tree of a schema document.
    static func schema(_ source: UnsafeBufferPointer<UInt8>, _ tree: GraphQLTree) throws(BuiltinFailure) -> Value {
        var parser = try GraphQLParser(source, tree)
        return try parser.schemaDocument()
    }

    private init(_ source: UnsafeBufferPointer<UInt8>, _ tree: GraphQLTree) throws(BuiltinFailure) {
        if source.count > tree.context.limits.inputBytes { throw .limit(.input) }
        try tree.context.charge(source.count / 8)
        self.tree = tree
        lexer = GraphQLLexer(source)
    }

    // MARK: Tokens

    mutating func peek() -> GraphQLToken {
        if let peeked { return peeked }
        let token = lexer.next()
        peeked = token
        return token
    }

    @discardableResult
    mutating func next() throws(BuiltinFailure) -> GraphQLToken {
        let token = peek()
        peeked = nil
        previous = token
        if token.kind == .invalid { throw failure(token.problem, at: token) }
        return token
    }

    mutating func skip(_ kind: GraphQLToken.Kind) throws(BuiltinFailure) -> Bool {
        guard peek().kind == kind else { return false }
        try next()
        return true
    }

    @discardableResult
    mutating func expect(_ kind: GraphQLToken.Kind) throws(BuiltinFailure) -> GraphQLToken {
        let token = peek()
        guard token.kind == kind else {
            throw failure("Expected \(kind.rawValue), found \(token.kind.rawValue)", at: token)
        }
        return try next()
    }

    mutating func expect(word: String) throws(BuiltinFailure) {
        let token = peek()
        guard token.kind == .name, token.is(word) else {
            throw failure("Expected \"\(word)\", found \(token.description)", at: token)
        }
        try next()
    }

    mutating func unexpected(_ token: GraphQLToken? = nil) -> BuiltinFailure {
        let token = token ?? peek()
        return failure("Unexpected \(token.description)", at: token)
    }

    func failure(_ message: String, at token: GraphQLToken) -> BuiltinFailure {
        .value("\(message) in GraphQL string at location \(token.position.line):\(token.position.column)")
    }

    mutating func name() throws(BuiltinFailure) -> Value {
        tree.text(try expect(.name).text)
    }

    /// Elements between two tokens, if the first one is here.
    mutating func list(
        _ open: GraphQLToken.Kind, _ close: GraphQLToken.Kind, isEmptyAllowed: Bool,
        _ element: (inout GraphQLParser) throws(BuiltinFailure) -> Value
    ) throws(BuiltinFailure) -> Value {
        guard try skip(open) else { return .undefined }
        depth &+= 1
        if depth > GraphQLParser.depthLimit { throw .limit(.depth) }
        var elements: [Value] = []
        while peek().kind != close { elements.append(try element(&self)) }
        if elements.isEmpty && !isEmptyAllowed {
            throw failure("expected at least one definition, found \(close.rawValue)", at: peek())
        }
        try next()
        depth &-= 1
        return tree.array(elements)
    }

    // MARK: Queries

    private mutating func queryDocument() throws(BuiltinFailure) -> Value {
        var operations: [Value] = []
        var fragments: [Value] = []
        while peek().kind != .end {
            let token = peek()
            if token.kind == .openBrace {
                operations.append(try operation())
            } else if token.kind == .name, token.is("fragment") {
                fragments.append(try fragmentDefinition())
            } else if token.kind == .name, token.is("query") || token.is("mutation") || token.is("subscription") {
                operations.append(try operation())
            } else {
                throw unexpected()
            }
        }
        return try tree.node([.operations: tree.array(operations), .fragments: tree.array(fragments)])
    }

    private mutating func operation() throws(BuiltinFailure) -> Value {
        let position = peek().position
        if peek().kind == .openBrace {
            return try tree.node(
                [
                    .operation: tree.text(Array("query".utf8)), .name: tree.text([]),
                    .selectionSet: try requiredSelectionSet(),
                ], at: position)
        }
        let kind = try operationType()
        let title = peek().kind == .name ? tree.text(try next().text) : tree.text([])
        return try tree.node(
            [
                .operation: kind, .name: title, .variableDefinitions: try variableDefinitions(),
                .directives: try directives(isConstant: false), .selectionSet: try requiredSelectionSet(),
            ], at: position)
    }

    mutating func operationType() throws(BuiltinFailure) -> Value {
        let token = try next()
        guard token.is("query") || token.is("mutation") || token.is("subscription") else { throw unexpected(token) }
        return tree.text(token.text)
    }

    private mutating func variableDefinitions() throws(BuiltinFailure) -> Value {
        try list(.openParenthesis, .closeParenthesis, isEmptyAllowed: true) { parser throws(BuiltinFailure) in
            try parser.variableDefinition()
        }
    }

    private mutating func variableDefinition() throws(BuiltinFailure) -> Value {
        let position = peek().position
        try expect(.dollar)
        let variable = try name()
        try expect(.colon)
        let type = try typeReference()
        let value = try skip(.equals) ? try self.value(isConstant: true) : .undefined
        return try tree.node(
            [
                .variable: variable, .type: type, .defaultValue: value,
                .directives: try directives(isConstant: false), .used: .boolean(false),
            ], at: position)
    }

    private mutating func requiredSelectionSet() throws(BuiltinFailure) -> Value {
        guard peek().kind == .openBrace else {
            throw failure("Expected {, found \(peek().kind.rawValue)", at: peek())
        }
        return try selectionSet()
    }

    private mutating func selectionSet() throws(BuiltinFailure) -> Value {
        try list(.openBrace, .closeBrace, isEmptyAllowed: false) { parser throws(BuiltinFailure) in
            parser.peek().kind == .spread ? try parser.fragment() : try parser.field()
        }
    }

    private mutating func field() throws(BuiltinFailure) -> Value {
        let position = peek().position
        let alias = try name()
        let name = try skip(.colon) ? try self.name() : alias
        return try tree.node(
            [
                .alias: alias, .name: name, .arguments: try arguments(isConstant: false),
                .directives: try directives(isConstant: false), .selectionSet: try selectionSet(),
            ], at: position)
    }

    private mutating func fragment() throws(BuiltinFailure) -> Value {
        try expect(.spread)
        let token = peek()
        if token.kind == .name, !token.is("on") {
            return try tree.node(
                [.name: try name(), .directives: try directives(isConstant: false)], at: token.position)
        }
        var condition = tree.text([])
        if token.kind == .name {
            try next()
            condition = try name()
        }
        return try tree.node(
            [
                .typeCondition: condition, .directives: try directives(isConstant: false),
                .selectionSet: try requiredSelectionSet(),
            ], at: token.position)
    }

    private mutating func fragmentDefinition() throws(BuiltinFailure) -> Value {
        let position = peek().position
        try expect(word: "fragment")
        if peek().is("on") { throw unexpected() }
        let name = try name()
        let variables = try variableDefinitions()
        try expect(word: "on")
        return try tree.node(
            [
                .name: name, .variableDefinition: variables, .typeCondition: try self.name(),
                .directives: try directives(isConstant: false), .selectionSet: try requiredSelectionSet(),
            ], at: position)
    }

    // MARK: What queries and schemas share

    mutating func arguments(isConstant: Bool) throws(BuiltinFailure) -> Value {
        try list(.openParenthesis, .closeParenthesis, isEmptyAllowed: true) { parser throws(BuiltinFailure) in
            try parser.namedValue(isConstant: isConstant)
        }
    }

    private mutating func namedValue(isConstant: Bool) throws(BuiltinFailure) -> Value {
        let position = peek().position
        let name = try name()
        try expect(.colon)
        return try tree.node([.name: name, .value: try value(isConstant: isConstant)], at: position)
    }

    mutating func directives(isConstant: Bool) throws(BuiltinFailure) -> Value {
        var directives: [Value] = []
        while try skip(.at) {
            let position = peek().position
            directives.append(
                try tree.node(
                    [
                        .name: try name(), .arguments: try arguments(isConstant: isConstant),
                        .location: tree.text([]),
                    ], at: position))
        }
        return tree.array(directives)
    }

    mutating func typeReference() throws(BuiltinFailure) -> Value {
        depth &+= 1
        if depth > GraphQLParser.depthLimit { throw .limit(.depth) }
        defer { depth &-= 1 }
        var position = peek().position
        var element = Value.undefined
        var named = tree.text([])
        if try skip(.openBracket) {
            position = peek().position
            element = try typeReference()
            try expect(.closeBracket)
        } else {
            named = try name()
        }
        let isRequired = try skip(.bang)
        if isRequired { position = peek().position }
        return try tree.node(
            [.namedType: named, .element: element, .nonNull: .boolean(isRequired)], at: position)
    }

    mutating func value(isConstant: Bool) throws(BuiltinFailure) -> Value {
        let token = peek()
        switch token.kind {
        case .openBracket:
            let children = try list(.openBracket, .closeBracket, isEmptyAllowed: true) {
                parser throws(BuiltinFailure) in
                try parser.tree.node([.name: parser.tree.text([]), .value: try parser.value(isConstant: isConstant)])
            }
            return try valueNode(.list, [], children, at: token)
        case .openBrace:
            let children = try list(.openBrace, .closeBrace, isEmptyAllowed: true) {
                parser throws(BuiltinFailure) in
                try parser.namedValue(isConstant: isConstant)
            }
            return try valueNode(.object, [], children, at: token)
        case .dollar where !isConstant:
            try next()
            return try valueNode(.variable, try expect(.name).text, .undefined, at: token)
        case .integer, .float, .string, .blockString, .name:
            try next()
            return try valueNode(GraphQLValueKind(token), token.text, .undefined, at: token)
        default: throw unexpected()
        }
    }

    private func valueNode(
        _ kind: GraphQLValueKind, _ raw: [UInt8], _ children: Value, at token: GraphQLToken
    ) throws(BuiltinFailure) -> Value {
        try tree.node(
            [
                .kind: .integer(kind.rawValue), .raw: tree.text(raw), .children: children,
                .expectedTypeHasDefault: .boolean(false),
            ], at: token.position)
    }
}

/// What a value literal is; the numbers stand in trees.
enum GraphQLValueKind: Int64 {
    case variable
    case integer
    case float
    case string
    case block
    case boolean
    case null
    case `enum`
    case list
    case object

    init(_ token: GraphQLToken) {
        switch token.kind {
        case .integer: self = .integer
        case .float: self = .float
        case .string: self = .string
        case .blockString: self = .block
        default:
            self = token.is("true") || token.is("false") ? .boolean : (token.is("null") ? .null : .enum)
        }
    }
}
