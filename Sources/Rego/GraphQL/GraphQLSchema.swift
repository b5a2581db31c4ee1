// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The types and directives of a schema document together with those that every schema has.
struct GraphQLSchema {
    /// A type with its extensions.
    struct Definition {
        let name: Text
        let kind: Text
        var interfaces: [Text] = []
        var fields: [Value] = []
        var types: [Text] = []
        var enumValues: [Value] = []
        var directives: [Value] = []
        var isBuiltIn = false
        var position: GraphQLPosition?

        var isLeaf: Bool { kind == "ENUM" || kind == "SCALAR" }
        var isComposite: Bool { kind == "OBJECT" || kind == "INTERFACE" || kind == "UNION" }
        var isInput: Bool { kind == "SCALAR" || kind == "ENUM" || kind == "INPUT_OBJECT" }
    }

    let tree: GraphQLTree
    var types: [Text: Definition] = [:]
    var directives: [Text: Value] = [:]
    /// The types that objects of a type may have.
    var possibleTypes: [Text: [Text]] = [:]
    var query: Text?
    var mutation: Text?
    var subscription: Text?

    /// Merges a document with the prelude and checks the result.
    init(_ document: Value, _ tree: GraphQLTree) throws(BuiltinFailure) {
        self.tree = tree
        let prelude = try GraphQLPrelude.text.utf8.withContiguousBytes { bytes throws(BuiltinFailure) in
            try GraphQLParser.schema(bytes, tree)
        }
        try addDefinitions(of: prelude, areBuiltIn: true)
        try addDefinitions(of: document, areBuiltIn: false)
        var order = types.keys.sorted()
        try addExtensions(of: document, to: &order)
        addPossibleTypes(order)
        try addDirectives(of: prelude)
        try addDirectives(of: document)
        try addRoots(of: document)
        for name in types.keys.sorted() {
            if let definition = types[name] { try check(definition) }
        }
        for name in directives.keys.sorted() {
            guard let directive = directives[name] else { continue }
            try check(name: name, of: directive)
            try checkArguments(of: directive, within: name)
        }
        addRootsByName(document)
        try addIntrospection()
    }

    func definition(_ name: Text) -> Definition? { types[name] }

    /// The field of a type.
    func field(_ name: Text, of definition: Definition?) -> Value? {
        definition.flatMap { tree.find(name, in: $0.fields) }
    }

    func failure(_ message: String, at position: GraphQLPosition?) -> BuiltinFailure {
        let place = position.map { ":\($0.line):\($0.column)" } ?? ""
        return .value("Error in gqlparser SchemaDocument to Schema conversion: input\(place): \(message)")
    }

    // MARK: Building

    private mutating func addDefinitions(of document: Value, areBuiltIn: Bool) throws(BuiltinFailure) {
        for node in tree.list(document, .definitions) {
            try tree.context.charge(4)
            let name = tree.name(node)
            if types[name] != nil {
                throw failure("Cannot redeclare type \(name).", at: tree.position(node))
            }
            var definition = Definition(name: name, kind: tree.name(node, .kind))
            definition.isBuiltIn = areBuiltIn || tree.flag(node, .builtIn)
            definition.position = tree.position(node)
            extend(&definition, by: node)
            types[name] = definition
        }
    }

    private func extend(_ definition: inout Definition, by node: Value) {
        definition.interfaces += tree.list(node, .interfaces).map(\.text)
        definition.fields += Array(tree.list(node, .fields))
        definition.types += tree.list(node, .types).map(\.text)
        definition.enumValues += Array(tree.list(node, .enumValues))
        definition.directives += Array(tree.list(node, .directives))
    }

    private mutating func addExtensions(of document: Value, to order: inout [Text]) throws(BuiltinFailure) {
        for node in tree.list(document, .extensions) {
            try tree.context.charge(4)
            let name = tree.name(node)
            let kind = tree.name(node, .kind)
            if types[name] == nil { order.append(name) }
            var definition = types[name] ?? Definition(name: name, kind: kind)
            if definition.position == nil { definition.position = tree.position(node) }
            guard definition.kind == kind else {
                throw failure(
                    "Cannot extend type \(name) because the base type is a \(definition.kind), not \(kind).",
                    at: tree.position(node))
            }
            extend(&definition, by: node)
            types[name] = definition
        }
    }

    private mutating func addPossibleTypes(_ order: [Text]) {
        for name in order {
            guard let definition = types[name] else { continue }
            switch definition.kind {
            case "UNION":
                for type in definition.types where types[type] != nil { possibleTypes[name, default: []].append(type) }
            case "OBJECT", "INPUT_OBJECT":
                for interface in definition.interfaces { possibleTypes[interface, default: []].append(name) }
                possibleTypes[name, default: []].append(name)
            case "INTERFACE":
                for interface in definition.interfaces { possibleTypes[interface, default: []].append(name) }
            default: break
            }
        }
    }

    private mutating func addDirectives(of document: Value) throws(BuiltinFailure) {
        let replaceable: Set<Text> = ["include", "skip", "deprecated", "specifiedBy", "defer"]
        for node in tree.list(document, .directives) {
            let name = tree.name(node)
            if directives[name] != nil, !replaceable.contains(name) {
                throw failure("Cannot redeclare directive \(name).", at: tree.position(node))
            }
            directives[name] = node
        }
    }

    private mutating func addRoots(of document: Value) throws(BuiltinFailure) {
        let schemas = tree.list(document, .schema)
        if schemas.count > 1 {
            throw failure(
                "Cannot have multiple schema entry points, consider schema extensions instead.",
                at: tree.position(schemas[1]))
        }
        for node in Array(schemas) + Array(tree.list(document, .schemaExtension)) {
            for entry in tree.list(node, .operationTypes) {
                let operation = tree.name(entry, .operation)
                let type = tree.name(entry, .type)
                guard types[type] != nil else {
                    throw failure(
                        "Schema root \(operation) refers to a type \(type) that does not exist.",
                        at: tree.position(entry))
                }
                switch operation {
                case "query": query = type
                case "mutation": mutation = type
                default: subscription = type
                }
            }
        }
    }

    /// Without a schema definition the roots are the types of these names.
    private mutating func addRootsByName(_ document: Value) {
        guard tree.list(document, .schema).isEmpty else { return }
        if query == nil, types["Query"] != nil { query = "Query" }
        if mutation == nil, types["Mutation"] != nil { mutation = "Mutation" }
        if subscription == nil, types["Subscription"] != nil { subscription = "Subscription" }
    }

    private mutating func addIntrospection() throws(BuiltinFailure) {
        guard let query else { return }
        let text = "type Query { __schema: __Schema! __type(name: String!): __Type }"
        let document = try text.utf8.withContiguousBytes { bytes throws(BuiltinFailure) in
            try GraphQLParser.schema(bytes, tree)
        }
        for node in tree.list(document, .definitions) {
            types[query]?.fields += Array(tree.list(node, .fields))
        }
    }
}

extension String.UTF8View {
    func withContiguousBytes<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(BuiltinFailure) -> Result
    ) throws(BuiltinFailure) -> Result {
        let bytes = Array(self)
        return try bytes.withUnsafeBufferPointer { buffer throws(BuiltinFailure) in try body(buffer) }
    }
}
