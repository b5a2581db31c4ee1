// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `is_string` and its like, and `type_name`.
enum TypeBuiltins {
    static let all: [Builtin] =
        [
            Builtin("type_name", [.any], .string) { arguments, context in
                context.heap.string(arguments[0].typeName)
            }
        ]
        + [
            ("is_null", "null"), ("is_boolean", "boolean"), ("is_number", "number"), ("is_string", "string"),
            ("is_array", "array"), ("is_object", "object"), ("is_set", "set"),
        ].map { name, type in
            Builtin(Text(name), [.any], .boolean) { arguments, _ in
                .boolean(arguments[0].typeName == type)
            }
        }
}
