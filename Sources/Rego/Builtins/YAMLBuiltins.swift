// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `yaml.*`.
enum YAMLBuiltins {
    static let all: [Builtin] = [
        Builtin("yaml.marshal", [.any], .string, evaluate: marshal),
        Builtin("yaml.unmarshal", [.string], .any, evaluate: unmarshal),
        Builtin("yaml.is_valid", [.string], .boolean, evaluate: isValid),
    ]

    private static func marshal(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let bytes = try YAMLWriter.bytes(arguments[0], context)
        try context.checkString(bytes.count)
        return context.heap.string(bytes)
    }

    private static func unmarshal(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        try YAMLReader.read(arguments.utf8(0), context)
    }

    private static func isValid(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        guard arguments[0].isString else { return .boolean(false) }
        do throws(BuiltinFailure) {
            _ = try YAMLReader.read(arguments[0].utf8, context)
            return .boolean(true)
        } catch {
            if case .value = error { return .boolean(false) }
            throw error
        }
    }
}
