// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `strings.render_template`.
enum TemplateBuiltins {
    static let all: [Builtin] = [
        Builtin("strings.render_template", [.string, .map(.string, .any)], .string, evaluate: render)
    ]

    private static func render(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let source = Array(try arguments.utf8(0))
        let variables = try arguments.object(1)
        try context.checkString(source.count)
        try context.charge(source.count / 8)
        try check(variables, context, depth: 0)
        var parser = TemplateParser(source, context.heap)
        let template = try parser.parse()
        var renderer = TemplateRenderer(template, variables, context)
        try renderer.render()
        try context.checkString(renderer.output.count)
        return context.heap.string(UTF8Text.repaired(renderer.output))
    }

    /// Refuses what JSON cannot hold.
    private static func check(_ value: Value, _ context: BuiltinContext, depth: Int) throws(BuiltinFailure) {
        if depth > 1000 { throw .limit(.depth) }
        switch value.tag {
        case .set: throw .value("a set is not valid JSON")
        case .array:
            try context.charge(value.count)
            for element in value.elements { try check(element, context, depth: depth + 1) }
        case .object:
            try context.charge(value.count)
            for member in value.members {
                guard member.key.isString else {
                    throw .value("an object with a key of another type is not valid JSON")
                }
                try check(member.value, context, depth: depth + 1)
            }
        default: break
        }
    }
}
