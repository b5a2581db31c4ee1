// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension GraphQLParser {
    mutating func schemaDocument() throws(BuiltinFailure) -> Value {
        var parts: [GraphQLTree.Key: [Value]] = [:]
        while peek().kind != .end {
            var description: GraphQLToken?
            if peek().kind == .string || peek().kind == .blockString { description = try next() }
            let token = peek()
            guard token.kind == .name else { throw unexpected() }
            let text = tree.text(description?.text ?? [])
            switch token.text {
            case Array("schema".utf8): parts[.schema, default: []].append(try schemaDefinition(text))
            case Array("directive".utf8): parts[.directives, default: []].append(try directiveDefinition(text))
            case Array("extend".utf8):
                if let description, !description.text.isEmpty { throw unexpected(description) }
                let (key, node) = try typeExtension()
                parts[key, default: []].append(node)
            default:
                guard GraphQLParser.kinds[token.text] != nil else { throw unexpected() }
                parts[.definitions, default: []].append(try typeDefinition(text, isExtension: false))
            }
        }
        return try tree.node(parts.mapValues { tree.array($0) })
    }

    private static let kinds: [[UInt8]: String] = Dictionary(
        uniqueKeysWithValues: [
            ("scalar", "SCALAR"), ("type", "OBJECT"), ("interface", "INTERFACE"), ("union", "UNION"), ("enum", "ENUM"),
            ("input", "INPUT_OBJECT"),
        ].map { (Array($0.utf8), $1) })

    private mutating func schemaDefinition(_ description: Value) throws(BuiltinFailure) -> Value {
        try expect(word: "schema")
        let position = peek().position
        return try tree.node(
            [
                .description: description, .directives: try directives(isConstant: true),
                .operationTypes: try operationTypes(),
            ], at: position)
    }

    private mutating func operationTypes() throws(BuiltinFailure) -> Value {
        try list(.openBrace, .closeBrace, isEmptyAllowed: false) { parser throws(BuiltinFailure) in
            let position = parser.peek().position
            let operation = try parser.operationType()
            try parser.expect(.colon)
            return try parser.tree.node([.operation: operation, .type: try parser.name()], at: position)
        }
    }

    private mutating func typeExtension() throws(BuiltinFailure) -> (GraphQLTree.Key, Value) {
        try expect(word: "extend")
        if peek().is("schema"), peek().kind == .name {
            let definition = try schemaDefinition(tree.text([]))
            if tree.list(definition, .directives).isEmpty, tree.list(definition, .operationTypes).isEmpty {
                throw unexpected()
            }
            return (.schemaExtension, definition)
        }
        guard peek().kind == .name, GraphQLParser.kinds[peek().text] != nil else { throw unexpected() }
        let definition = try typeDefinition(tree.text([]), isExtension: true)
        let parts: [GraphQLTree.Key] = [.interfaces, .directives, .fields, .types, .enumValues]
        if parts.allSatisfy({ tree.list(definition, $0).isEmpty }) { throw unexpected() }
        return (.extensions, definition)
    }

    private mutating func typeDefinition(_ description: Value, isExtension: Bool) throws(BuiltinFailure) -> Value {
        let kind = GraphQLParser.kinds[try next().text] ?? ""
        let position = peek().position
        var members: [GraphQLTree.Key: Value] = [
            .description: description, .kind: tree.text(Array(kind.utf8)), .builtIn: .boolean(false),
            .name: try name(),
        ]
        if kind == "OBJECT" || (kind == "INTERFACE" && !isExtension) { members[.interfaces] = try interfaces() }
        members[.directives] = try directives(isConstant: kind != "INPUT_OBJECT" || !isExtension)
        switch kind {
        case "OBJECT", "INTERFACE": members[.fields] = try fields()
        case "INPUT_OBJECT":
            members[.fields] = try list(.openBrace, .closeBrace, isEmptyAllowed: false) {
                parser throws(BuiltinFailure) in
                try parser.inputValue()
            }
        case "UNION": members[.types] = try skip(.equals) ? try names(separator: .pipe) : .undefined
        case "ENUM":
            members[.enumValues] = try list(.openBrace, .closeBrace, isEmptyAllowed: false) {
                parser throws(BuiltinFailure) in
                try parser.enumValue()
            }
        default: break
        }
        return try tree.node(members, at: position)
    }

    private mutating func interfaces() throws(BuiltinFailure) -> Value {
        guard peek().kind == .name, peek().is("implements") else { return .undefined }
        try next()
        return try names(separator: .ampersand)
    }

    /// Names between separators, of which one may stand in front.
    private mutating func names(separator: GraphQLToken.Kind) throws(BuiltinFailure) -> Value {
        _ = try skip(separator)
        var names = [try name()]
        while try skip(separator) { names.append(try name()) }
        return tree.array(names)
    }

    private mutating func description() throws(BuiltinFailure) -> Value {
        guard peek().kind == .string || peek().kind == .blockString else { return tree.text([]) }
        return tree.text(try next().text)
    }

    private mutating func fields() throws(BuiltinFailure) -> Value {
        try list(.openBrace, .closeBrace, isEmptyAllowed: false) { parser throws(BuiltinFailure) in
            let position = parser.peek().position
            let description = try parser.description()
            let name = try parser.name()
            let arguments = try parser.argumentDefinitions()
            try parser.expect(.colon)
            return try parser.tree.node(
                [
                    .description: description, .name: name, .arguments: arguments,
                    .type: try parser.typeReference(), .directives: try parser.directives(isConstant: true),
                ], at: position)
        }
    }

    private mutating func argumentDefinitions() throws(BuiltinFailure) -> Value {
        try list(.openParenthesis, .closeParenthesis, isEmptyAllowed: false) { parser throws(BuiltinFailure) in
            try parser.inputValue()
        }
    }

    private mutating func inputValue() throws(BuiltinFailure) -> Value {
        let position = peek().position
        let description = try description()
        let name = try name()
        try expect(.colon)
        let type = try typeReference()
        let value = try skip(.equals) ? try self.value(isConstant: true) : .undefined
        return try tree.node(
            [
                .description: description, .name: name, .type: type, .defaultValue: value,
                .directives: try directives(isConstant: true),
            ], at: position)
    }

    private mutating func enumValue() throws(BuiltinFailure) -> Value {
        let position = peek().position
        return try tree.node(
            [
                .description: try description(), .name: try name(), .directives: try directives(isConstant: true),
            ], at: position)
    }

    private mutating func directiveDefinition(_ description: Value) throws(BuiltinFailure) -> Value {
        try expect(word: "directive")
        try expect(.at)
        let position = peek().position
        let name = try name()
        let arguments = try argumentDefinitions()
        let isRepeatable = peek().kind == .name && peek().is("repeatable")
        if isRepeatable { try next() }
        try expect(word: "on")
        _ = try skip(.pipe)
        var locations = [try location()]
        while try skip(.pipe) { locations.append(try location()) }
        return try tree.node(
            [
                .description: description, .name: name, .arguments: arguments, .isRepeatable: .boolean(isRepeatable),
                .locations: tree.array(locations),
            ], at: position)
    }

    private static let locations = Set(
        [
            "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT",
            "VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE",
            "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION",
        ].map { Array($0.utf8) })

    private mutating func location() throws(BuiltinFailure) -> Value {
        let token = try expect(.name)
        guard GraphQLParser.locations.contains(token.text) else { throw unexpected(token) }
        return tree.text(token.text)
    }
}
