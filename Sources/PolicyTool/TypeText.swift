// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

extension RegoType {
    /// The type as OPA's capabilities show it.
    var json: SyntaxValue {
        switch self {
        case .any: return named("any")
        case .null: return named("null")
        case .boolean: return named("boolean")
        case .number: return named("number")
        case .string: return named("string")
        case .array(let elements, let rest):
            var fields: [(String, SyntaxValue)] = []
            if let rest { fields.append(("dynamic", rest.json)) }
            if !elements.isEmpty { fields.append(("static", .array(elements.map(\.json)))) }
            return .fields(fields + [("type", .text("array"))])
        case .object(let members, let rest):
            var fields: [(String, SyntaxValue)] = []
            if let rest { fields.append(("dynamic", .fields([("key", rest.key.json), ("value", rest.value.json)]))) }
            if !members.isEmpty {
                let list = members.map { SyntaxValue.fields([("key", $0.key), ("value", $0.value.json)]) }
                fields.append(("static", .array(list)))
            }
            return .fields(fields + [("type", .text("object"))])
        case .set(let element): return .fields([("of", element.json), ("type", .text("set"))])
        case .union(let types): return .fields([("of", .array(types.map(\.json))), ("type", .text("any"))])
        case .function(let arguments, let result):
            return .fields([
                ("args", .array(arguments.map(\.json))), ("result", result.json), ("type", .text("function")),
            ])
        }
    }

    private func named(_ name: String) -> SyntaxValue {
        .fields([("type", .text(name))])
    }
}

extension Builtin {
    /// The builtin as OPA's capabilities show it.
    var json: SyntaxValue {
        var fields: [(String, SyntaxValue)] = [
            ("name", .string(name)), ("decl", RegoType.function(arguments: arguments, result: result).json),
        ]
        if let infix { fields.append(("infix", .string(infix))) }
        if traits.contains(.relation) { fields.append(("relation", .boolean(true))) }
        if traits.contains(.nondeterministic) { fields.append(("nondeterministic", .boolean(true))) }
        return .fields(fields)
    }
}
