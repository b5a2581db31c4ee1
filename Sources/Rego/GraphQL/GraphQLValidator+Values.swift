// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension GraphQLValidator {
    /// Refuses a literal that is none of its type.
    func check(
        value: Value, _ kind: GraphQLValueKind, type: Value, definition: Definition
    ) throws(BuiltinFailure) {
        let builtIn: Set<Text> = ["Int", "Float", "String", "Boolean", "ID"]
        if definition.kind == "SCALAR", !builtIn.contains(definition.name) { return }
        switch kind {
        case .variable: return
        case .null:
            if tree.flag(type, .nonNull) {
                throw query.failure(
                    "Expected value of type \"\(tree.typeText(type))\", found \(query.text(of: value)).", at: value)
            }
        case .list:
            if tree.member(type, .element).tag != .object { throw mismatch(value, type, definition) }
        case .integer:
            let isInteger = Int64(tree.name(value, .raw).string) != nil
            if !isInteger || !["Int", "Float", "ID"].contains(definition.name) {
                throw mismatch(value, type, definition)
            }
        case .float:
            if definition.name != "Float" { throw mismatch(value, type, definition) }
        case .string, .block:
            if definition.kind == "ENUM" || !["String", "ID"].contains(definition.name) {
                throw mismatch(value, type, definition)
            }
        case .enum:
            guard definition.kind == "ENUM" else { throw mismatch(value, type, definition) }
            if tree.find(tree.name(value, .raw), in: definition.enumValues) == nil {
                throw query.failure(
                    "Value \"\(query.text(of: value))\" does not exist in \"\(tree.typeText(type))\" enum.", at: value)
            }
        case .boolean:
            if definition.name != "Boolean" { throw mismatch(value, type, definition) }
        case .object: try check(object: value, type, definition)
        }
    }

    private func check(object: Value, _ type: Value, _ definition: Definition) throws(BuiltinFailure) {
        if definition.kind != "INPUT_OBJECT" { throw mismatch(object, type, definition) }
        let children = tree.list(object, .children)
        for field in definition.fields {
            let expected = tree.member(field, .type)
            guard tree.flag(expected, .nonNull), tree.member(field, .defaultValue).isUndefined,
                tree.find(tree.name(field), in: children) == nil
            else { continue }
            throw query.failure(
                "Field \"\(definition.name).\(tree.name(field))\" of required type \"\(tree.typeText(expected))\" was not provided.",
                at: object)
        }
        for child in children where tree.find(tree.name(child), in: definition.fields) == nil {
            throw query.failure(
                "Field \"\(tree.name(child))\" is not defined by type \"\(definition.name)\".", at: child)
        }
    }

    private func mismatch(_ value: Value, _ type: Value, _ definition: Definition) -> BuiltinFailure {
        let text = query.text(of: value)
        let message =
            switch tree.typeText(type) {
            case "Int", "Int!":
                Int64(tree.name(value, .raw).string).map { Int32(exactly: $0) == nil } ?? false
                    ? "Int cannot represent non 32-bit signed integer value: \(text)"
                    : "Int cannot represent non-integer value: \(text)"
            case "String", "String!", "[String]": "String cannot represent a non string value: \(text)"
            case "Boolean", "Boolean!": "Boolean cannot represent a non boolean value: \(text)"
            case "Float", "Float!": "Float cannot represent non numeric value: \(text)"
            case "ID", "ID!": "ID cannot represent a non-string and non-integer value: \(text)"
            default:
                definition.kind == "ENUM"
                    ? "Enum \"\(tree.typeText(type))\" cannot represent non-enum value: \(text)."
                    : "Expected value of type \"\(tree.typeText(type))\", found \(text)."
            }
        return query.failure(message, at: value)
    }
}
