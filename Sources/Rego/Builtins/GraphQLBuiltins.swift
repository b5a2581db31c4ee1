// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `graphql.*`.
enum GraphQLBuiltins {
    private static let document = RegoType.union([.string, .anyObject])

    static let all: [Builtin] = [
        Builtin("graphql.parse", [document, document], .array([.anyObject, .anyObject], rest: nil), evaluate: parse),
        Builtin(
            "graphql.parse_and_verify", [document, document], .array([.boolean, .anyObject, .anyObject], rest: nil),
            evaluate: parseAndVerify),
        Builtin("graphql.parse_query", [.string], .anyObject) { arguments, context throws(BuiltinFailure) in
            let tree = GraphQLTree(context)
            return try tree.prune(GraphQLParser.query(arguments.utf8(0), tree))
        },
        Builtin("graphql.parse_schema", [.string], .anyObject) { arguments, context throws(BuiltinFailure) in
            let tree = GraphQLTree(context)
            return try tree.prune(GraphQLParser.schema(arguments.utf8(0), tree))
        },
        Builtin("graphql.is_valid", [document, document], .boolean) { arguments, context throws(BuiltinFailure) in
            .boolean(try verified(arguments, context) != nil)
        },
        Builtin("graphql.schema_is_valid", [document], .boolean, evaluate: isSchemaValid),
    ]

    private static func parse(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let tree = GraphQLTree(context)
        let query = try query(arguments[0], tree)
        let schema = try schema(arguments[1], tree)
        var validator = GraphQLValidator(schema: try GraphQLSchema(schema, tree), document: query)
        try validator.validate()
        return context.heap.array([try tree.prune(query), try tree.prune(schema)])
    }

    private static func parseAndVerify(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        guard let (query, schema) = try verified(arguments, context) else {
            return context.heap.array([.boolean(false), context.heap.emptyObject(), context.heap.emptyObject()])
        }
        let tree = GraphQLTree(context)
        return context.heap.array([.boolean(true), try tree.prune(query), try tree.prune(schema)])
    }

    private static func isSchemaValid(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        do throws(BuiltinFailure) {
            let tree = GraphQLTree(context)
            _ = try GraphQLSchema(schema(arguments[0], tree), tree)
            return .boolean(true)
        } catch {
            if case .limit = error { throw error }
            return .boolean(false)
        }
    }

    /// The trees of a query and a schema, if the query is valid.
    private static func verified(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> (query: Value, schema: Value)? {
        do throws(BuiltinFailure) {
            let tree = GraphQLTree(context)
            let query = try query(arguments[0], tree)
            let schema = try schema(arguments[1], tree)
            var validator = GraphQLValidator(schema: try GraphQLSchema(schema, tree), document: query)
            try validator.validate()
            return (query, schema)
        } catch {
            if case .limit = error { throw error }
            return nil
        }
    }

    private static func query(_ operand: Value, _ tree: GraphQLTree) throws(BuiltinFailure) -> Value {
        if operand.tag == .object { return operand }
        guard operand.isString else { throw .operand(0, mustBeOneOf: ["string", "object"], got: operand) }
        return try GraphQLParser.query(operand.utf8, tree)
    }

    private static func schema(_ operand: Value, _ tree: GraphQLTree) throws(BuiltinFailure) -> Value {
        if operand.tag == .object { return operand }
        guard operand.isString else { throw .operand(1, mustBeOneOf: ["string", "object"], got: operand) }
        return try GraphQLParser.schema(operand.utf8, tree)
    }
}
