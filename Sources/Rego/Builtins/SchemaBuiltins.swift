// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `json.match_schema` and `json.verify_schema`.
enum SchemaBuiltins {
    private static let document = RegoType.union([.string, .anyObject])

    static let all: [Builtin] = [
        Builtin(
            "json.match_schema", [document, document],
            .array(
                [
                    .boolean,
                    .list(
                        .object(
                            ["error", "type", "field", "desc"].map {
                                RegoType.Member(key: .string(Text($0)), value: .string)
                            }, rest: nil)),
                ], rest: nil), evaluate: match),
        Builtin(
            "json.verify_schema", [document], .array([.boolean, .union([.string, .null])], rest: nil), evaluate: verify),
    ]

    private static func match(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let document = try read(arguments[0], context)
        let schema = try JSONSchemaCompiler.compile(read(arguments[1], context), context)
        let problems = try JSONSchemaValidator.problems(in: document, schema, context)
        try context.checkCollection(problems.count &* 5)
        let heap = context.heap
        let list = problems.map { problem in
            heap.object([
                (key: heap.string("desc"), value: heap.string(problem.description)),
                (key: heap.string("error"), value: heap.string("\(problem.field): \(problem.description)")),
                (key: heap.string("field"), value: heap.string(problem.field)),
                (key: heap.string("type"), value: heap.string(problem.type)),
            ])
        }
        return heap.array([.boolean(problems.isEmpty), heap.array(list)])
    }

    private static func verify(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        do throws(BuiltinFailure) {
            _ = try JSONSchemaCompiler.compile(read(arguments[0], context), context)
            return context.heap.array([.boolean(true), .null])
        } catch {
            guard case .value(let message) = error else { throw error }
            return context.heap.array([.boolean(false), context.heap.string("jsonschema: \(message)")])
        }
    }

    /// A document from its JSON text, or from a value as JSON says it.
    private static func read(_ operand: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let reader = JSONReader(heap: context.heap, limits: context.limits)
        let bytes: [UInt8]
        switch operand.tag {
        case .string: bytes = Array(operand.utf8)
        case .object, .array:
            var options = JSONWriter.Options()
            options.byteLimit = context.limits.inputBytes
            var writer = JSONWriter(options)
            try writer.write(operand)
            bytes = writer.bytes
        default: throw .value("wrong type, expected string or object")
        }
        try context.charge(bytes.count / 16)
        do throws(JSONFailure) {
            return try reader.read(bytes)
        } catch {
            if case .limit(let limit) = error { throw .limit(limit) }
            throw .value("invalid JSON string")
        }
    }
}
