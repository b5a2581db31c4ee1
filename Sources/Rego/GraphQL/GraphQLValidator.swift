// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Checks a query document against a schema by the rules of GraphQL (October 2021, section 5).
struct GraphQLValidator {
    typealias Definition = GraphQLSchema.Definition

    let query: GraphQLQuery
    private var overlaps: GraphQLOverlaps
    private var walked: Set<Text> = []
    private var usedFragments: Set<Text> = []
    private var operation: Value?
    private var variables: [Text: Value] = [:]
    private var usedVariables: Set<Text> = []
    private var depth = 0

    private static let depthLimit = 200

    var tree: GraphQLTree { query.tree }
    private var schema: GraphQLSchema { query.schema }
    private var document: Value { query.document }

    init(schema: GraphQLSchema, document: Value) {
        query = GraphQLQuery(schema: schema, document: document)
        overlaps = GraphQLOverlaps(query)
    }

    /// Refuses a document that breaks a rule.
    mutating func validate() throws(BuiltinFailure) {
        var names: Set<Text> = []
        for operation in tree.list(document, .operations) {
            walked = []
            try validate(operation: operation)
            let name = tree.name(operation)
            if !name.bytes.isEmpty, !names.insert(name).inserted {
                throw query.failure("There can be only one operation named \"\(name)\".", at: operation)
            }
        }
        names = []
        operation = nil
        for fragment in tree.list(document, .fragments) {
            walked = []
            try validate(fragment: fragment)
            let name = tree.name(fragment)
            if !names.insert(name).inserted {
                throw query.failure("There can be only one fragment named \"\(name)\".", at: fragment)
            }
        }
    }

    // MARK: Operations and fragments

    private mutating func validate(operation: Value) throws(BuiltinFailure) {
        self.operation = operation
        variables = [:]
        usedVariables = []
        let definitions = tree.list(operation, .variableDefinitions)
        for variable in definitions {
            let type = tree.member(variable, .type)
            let name = tree.typeName(type)
            guard let definition = schema.definition(name) else {
                throw query.failure("Unknown type \"\(name)\".", at: variable)
            }
            if !definition.isInput {
                throw query.failure(
                    "Variable \"$\(tree.name(variable, .variable))\" cannot be non-input type \"\(tree.typeText(type))\".",
                    at: variable)
            }
            if variables.updateValue(variable, forKey: tree.name(variable, .variable)) != nil {
                throw query.failure(
                    "There can be only one variable named \"$\(tree.name(variable, .variable))\".", at: variable)
            }
        }
        let (root, location) = root(of: tree.name(operation, .operation))
        for variable in definitions {
            let value = tree.member(variable, .defaultValue)
            if value.tag == .object { try validate(value: value, expected: tree.member(variable, .type)) }
            try validate(directives: variable, at: "VARIABLE_DEFINITION")
        }
        try validate(directives: operation, at: location)
        try validate(selections: operation, of: root)
        try check(operation: operation, root: root)
    }

    private func root(of operation: Text) -> (Definition?, location: Text) {
        switch operation {
        case "mutation": (schema.mutation.flatMap { schema.definition($0) }, "MUTATION")
        case "subscription": (schema.subscription.flatMap { schema.definition($0) }, "SUBSCRIPTION")
        default: (schema.query.flatMap { schema.definition($0) }, "QUERY")
        }
    }

    private mutating func check(operation: Value, root: Definition?) throws(BuiltinFailure) {
        let name = tree.name(operation)
        if root == nil {
            throw query.failure(
                "Schema does not support operation type \"\(tree.name(operation, .operation))\"", at: operation)
        }
        if name.bytes.isEmpty, tree.list(document, .operations).count > 1 {
            throw query.failure("This anonymous operation must be the only defined operation.", at: operation)
        }
        for variable in tree.list(operation, .variableDefinitions) {
            let variableName = tree.name(variable, .variable)
            if usedVariables.contains(variableName) { continue }
            let suffix = name.bytes.isEmpty ? "" : " in operation \"\(name)\""
            throw query.failure("Variable \"$\(variableName)\" is never used\(suffix).", at: variable)
        }
        try overlaps.check(tree.member(operation, .selectionSet), of: root)
        if tree.name(operation, .operation) == "subscription", tree.list(operation, .selectionSet).count != 1 {
            let title = name.bytes.isEmpty ? "Anonymous Subscription" : "Subscription \"\(name)\""
            throw query.failure("\(title) must select only one top level field.", at: operation)
        }
    }

    private mutating func validate(fragment: Value) throws(BuiltinFailure) {
        let name = tree.name(fragment)
        let condition = tree.name(fragment, .typeCondition)
        let definition = schema.definition(condition)
        try validate(directives: fragment, at: "FRAGMENT_DEFINITION")
        try validate(selections: fragment, of: definition)
        guard let definition else { throw query.failure("Unknown type \"\(condition)\".", at: fragment) }
        if !definition.isComposite {
            throw query.failure(
                "Fragment \"\(name)\" cannot condition on non composite type \"\(condition)\".", at: fragment)
        }
        var visited: Set<Text> = []
        try checkCycles(fragment, path: [name], visited: &visited)
        if !usedFragments.contains(name) { throw query.failure("Fragment \"\(name)\" is never used.", at: fragment) }
        try overlaps.check(tree.member(fragment, .selectionSet), of: definition)
    }

    private func checkCycles(
        _ fragment: Value, path: [Text], visited: inout Set<Text>
    ) throws(BuiltinFailure) {
        guard visited.insert(tree.name(fragment)).inserted else { return }
        for spread in try spreads(in: tree.member(fragment, .selectionSet), depth: 0) {
            try tree.context.charge(1)
            let name = tree.name(spread)
            if let position = path.firstIndex(of: name) {
                let via = path[(position &+ 1)...].map { "\"\($0)\"" }.joined(separator: ", ")
                throw query.failure(
                    "Cannot spread fragment \"\(name)\" within itself\(via.isEmpty ? "" : " via \(via)").", at: spread)
            }
            if let next = query.fragment(name), path.count < GraphQLValidator.depthLimit {
                try checkCycles(next, path: path + [name], visited: &visited)
            }
        }
    }

    private func spreads(in selections: Value, depth: Int) throws(BuiltinFailure) -> [Value] {
        if depth > GraphQLValidator.depthLimit { throw .limit(.depth) }
        var result: [Value] = []
        for selection in selections.elements {
            try tree.context.charge(1)
            if case .spread = query.kind(of: selection) {
                result.append(selection)
            } else {
                result += try spreads(in: tree.member(selection, .selectionSet), depth: depth &+ 1)
            }
        }
        return result
    }

    // MARK: Selections

    private mutating func validate(selections node: Value, of parent: Definition?) throws(BuiltinFailure) {
        depth &+= 1
        if depth > GraphQLValidator.depthLimit { throw .limit(.depth) }
        for selection in tree.list(node, .selectionSet) {
            try tree.context.charge(4)
            switch query.kind(of: selection) {
            case .field: try validate(field: selection, of: parent)
            case .spread: try validate(spread: selection, of: parent)
            case .inlineFragment: try validate(inline: selection, of: parent)
            }
        }
        depth &-= 1
    }

    private mutating func validate(field: Value, of parent: Definition?) throws(BuiltinFailure) {
        let name = tree.name(field)
        let isTypeName = name == "__typename"
        let definition = isTypeName ? nil : schema.field(name, of: parent)
        let type = definition.map { tree.member($0, .type) }
        let next = isTypeName ? schema.definition("String") : type.flatMap { schema.definition(tree.typeName($0)) }
        for argument in tree.list(field, .arguments) {
            let expected = definition.flatMap { tree.find(tree.name(argument), in: tree.list($0, .arguments)) }
            try validate(argument: argument, expected: expected)
        }
        try validate(directives: field, at: "FIELD")
        try validate(selections: field, of: next)
        if let parent, definition == nil, !isTypeName {
            throw query.failure("Cannot query field \"\(name)\" on type \"\(parent.name)\".", at: field)
        }
        if let definition, let parent {
            for argument in tree.list(field, .arguments)
            where tree.find(tree.name(argument), in: tree.list(definition, .arguments)) == nil {
                throw query.failure(
                    "Unknown argument \"\(tree.name(argument))\" on field \"\(parent.name).\(name)\".", at: field)
            }
        }
        if operation != nil { try overlaps.check(tree.member(field, .selectionSet), of: next) }
        if let definition {
            try checkRequired(of: definition, in: field, title: "Field \"\(name)\"")
        }
        if let next { try checkLeaf(field, next, type.map { tree.typeText($0) } ?? "String") }
        try checkUniqueArguments(of: field)
    }

    private func checkLeaf(_ field: Value, _ type: Definition, _ text: String) throws(BuiltinFailure) {
        let name = tree.name(field)
        let isEmpty = tree.list(field, .selectionSet).isEmpty
        if type.isLeaf && !isEmpty {
            throw query.failure(
                "Field \"\(name)\" must not have a selection since type \"\(type.name)\" has no subfields.", at: field)
        }
        if !type.isLeaf && isEmpty {
            throw query.failure(
                "Field \"\(name)\" of type \"\(text)\" must have a selection of subfields. Did you mean \"\(name) { ... }\"?",
                at: field)
        }
    }

    private func checkRequired(of definition: Value, in node: Value, title: String) throws(BuiltinFailure) {
        for argument in tree.list(definition, .arguments) {
            let type = tree.member(argument, .type)
            guard tree.flag(type, .nonNull), tree.member(argument, .defaultValue).isUndefined,
                tree.find(tree.name(argument), in: tree.list(node, .arguments)) == nil
            else { continue }
            throw query.failure(
                "\(title) argument \"\(tree.name(argument))\" of type \"\(tree.typeText(type))\" is required, but it was not provided.",
                at: node)
        }
    }

    private func checkUniqueArguments(of node: Value) throws(BuiltinFailure) {
        var names: Set<Text> = []
        for argument in tree.list(node, .arguments) where !names.insert(tree.name(argument)).inserted {
            throw query.failure("There can be only one argument named \"\(tree.name(argument))\".", at: node)
        }
    }

    private mutating func validate(inline fragment: Value, of parent: Definition?) throws(BuiltinFailure) {
        let condition = tree.name(fragment, .typeCondition)
        let next = condition.bytes.isEmpty ? parent : schema.definition(condition)
        try validate(directives: fragment, at: "INLINE_FRAGMENT")
        try validate(selections: fragment, of: next)
        if condition.bytes.isEmpty {
            return try overlaps.check(tree.member(fragment, .selectionSet), of: next)
        }
        guard let next else { throw query.failure("Unknown type \"\(condition)\".", at: fragment) }
        if !next.isComposite {
            throw query.failure("Fragment cannot condition on non composite type \"\(condition)\".", at: fragment)
        }
        try overlaps.check(tree.member(fragment, .selectionSet), of: next)
        try checkSpread(of: next, in: parent, title: "Fragment", at: fragment)
    }

    private mutating func validate(spread: Value, of parent: Definition?) throws(BuiltinFailure) {
        let name = tree.name(spread)
        if operation != nil { usedFragments.insert(name) }
        try validate(directives: spread, at: "FRAGMENT_SPREAD")
        guard let fragment = query.fragment(name) else {
            throw query.failure("Unknown fragment \"\(name)\".", at: spread)
        }
        let next = schema.definition(tree.name(fragment, .typeCondition))
        if walked.insert(name).inserted { try validate(selections: fragment, of: next) }
        if let next { try checkSpread(of: next, in: parent, title: "Fragment \"\(name)\"", at: spread) }
    }

    private func checkSpread(
        of type: Definition, in parent: Definition?, title: String, at node: Value
    ) throws(BuiltinFailure) {
        guard let parent, parent.isComposite, type.isComposite else { return }
        let own = parent.kind == "OBJECT" ? [parent.name] : schema.possibleTypes[parent.name] ?? []
        let others = Set(schema.possibleTypes[type.name] ?? [])
        try tree.context.charge(own.count)
        if own.contains(where: { others.contains($0) }) { return }
        throw query.failure(
            "\(title) cannot be spread here as objects of type \"\(parent.name)\" can never be of type \"\(type.name)\".",
            at: node)
    }

    // MARK: Directives, arguments and values

    private mutating func validate(directives node: Value, at location: Text) throws(BuiltinFailure) {
        var names: Set<Text> = []
        for directive in tree.list(node, .directives) {
            try tree.context.charge(1)
            let name = tree.name(directive)
            let definition = schema.directives[name]
            for argument in tree.list(directive, .arguments) {
                let expected = definition.flatMap { tree.find(tree.name(argument), in: tree.list($0, .arguments)) }
                try validate(argument: argument, expected: expected)
                if definition != nil, expected == nil {
                    throw query.failure(
                        "Unknown argument \"\(tree.name(argument))\" on directive \"@\(name)\".", at: directive)
                }
            }
            guard let definition else { throw query.failure("Unknown directive \"@\(name)\".", at: directive) }
            guard tree.list(definition, .locations).contains(where: { $0.utf8.elementsEqual(location.bytes) }) else {
                throw query.failure("Directive \"@\(name)\" may not be used on \(location).", at: directive)
            }
            try checkRequired(of: definition, in: directive, title: "Directive \"@\(name)\"")
            try checkUniqueArguments(of: directive)
            if !names.insert(name).inserted, !tree.flag(definition, .isRepeatable) {
                throw query.failure("The directive \"@\(name)\" can only be used once at this location.", at: directive)
            }
        }
    }

    private mutating func validate(argument: Value, expected definition: Value?) throws(BuiltinFailure) {
        let type = definition.map { tree.member($0, .type) }
        let hasDefault = definition.map { tree.member($0, .defaultValue).isDefined } ?? false
        try validate(value: tree.member(argument, .value), expected: type, hasDefault: hasDefault)
    }

    private mutating func validate(
        value: Value, expected type: Value?, hasDefault: Bool = false
    ) throws(BuiltinFailure) {
        depth &+= 1
        if depth > GraphQLValidator.depthLimit { throw .limit(.depth) }
        try tree.context.charge(1)
        let kind = tree.member(value, .kind).exactInteger.flatMap { GraphQLValueKind(rawValue: $0) }
        let definition = type.flatMap { schema.definition(tree.typeName($0)) }
        if kind == .object {
            for child in tree.list(value, .children) {
                let field = schema.field(tree.name(child), of: definition)
                try validate(argument: child, expected: field)
            }
        } else if kind == .list {
            let element = type.map { tree.member($0, .element) }
            for child in tree.list(value, .children) {
                let expected = element?.tag == .object ? element : nil
                try validate(value: tree.member(child, .value), expected: expected)
            }
        } else if kind == .variable, operation != nil {
            try check(variable: value, expected: type, hasDefault: hasDefault)
        }
        if let type, let definition, let kind {
            try check(value: value, kind, type: type, definition: definition)
        }
        if kind == .object {
            var names: Set<Text> = []
            for child in tree.list(value, .children) where !names.insert(tree.name(child)).inserted {
                throw query.failure("There can be only one input field named \"\(tree.name(child))\".", at: value)
            }
        }
        depth &-= 1
    }

    private mutating func check(variable: Value, expected type: Value?, hasDefault: Bool) throws(BuiltinFailure) {
        let name = tree.name(variable, .raw)
        usedVariables.insert(name)
        guard let definition = variables[name] else {
            let title = operation.map { tree.name($0) } ?? ""
            let suffix = title.bytes.isEmpty ? "" : " by operation \"\(title)\""
            throw query.failure("Variable \"$\(name)\" is not defined\(suffix).", at: variable)
        }
        guard let type else { return }
        let given = tree.member(definition, .defaultValue)
        let hasOwnDefault = given.isDefined && tree.member(given, .kind).exactInteger != GraphQLValueKind.null.rawValue
        let own = tree.member(definition, .type)
        if schema.isCompatible(own, with: type, isOptional: hasDefault || hasOwnDefault) { return }
        throw query.failure(
            "Variable \"$\(name)\" of type \"\(tree.typeText(own))\" used in position expecting type \"\(tree.typeText(type))\".",
            at: variable)
    }
}
