// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A compiled JSON Schema of the drafts 4, 6 and 7.
struct JSONSchema {
    /// What follows where something else than named members or positions is concerned.
    enum Additional {
        case allowed
        case refused
        case schema(Int)
    }

    /// What the presence of a member demands.
    enum Dependency {
        case members([Text])
        case schema(Int)
    }

    /// One schema; others are named by their numbers.
    struct Node {
        /// Set for `true` and `false`.
        var verdict: Bool?
        var reference: Int?
        var types: [String] = []
        var properties: [(name: Value, schema: Int)] = []
        var additionalProperties = Additional.allowed
        var patternProperties: [(pattern: Pattern, schema: Int)] = []
        var propertyNames: Int?
        var dependencies: [(name: Value, dependency: Dependency)] = []
        var items: [Int] = []
        var isOneForAllItems = false
        var additionalItems = Additional.allowed
        var multipleOf: Value?
        var minimum: Value?
        var exclusiveMinimum: Value?
        var maximum: Value?
        var exclusiveMaximum: Value?
        var minLength: Int64?
        var maxLength: Int64?
        var pattern: (pattern: Pattern, text: Value)?
        var format: Text?
        var minProperties: Int64?
        var maxProperties: Int64?
        var required: [Value] = []
        var minItems: Int64?
        var maxItems: Int64?
        var hasUniqueItems = false
        var contains: Int?
        var constant: Value?
        var choices: [Value]?
        var oneOf: [Int] = []
        var anyOf: [Int] = []
        var allOf: [Int] = []
        var not: Int?
        var condition: Int?
        var consequence: Int?
        var alternative: Int?
    }

    var nodes: [Node] = []
    var root = 0

    static let typeNames = ["array", "boolean", "integer", "number", "null", "object", "string"]

    /// The JSON text of a value, with its numbers as binary floating point has them.
    static func text(_ value: Value) -> String {
        if value.isNumber, let number = Double(String(decoding: value.numberText, as: UTF8.self)) {
            return GoFloat.text(number, form: .json)
        }
        var options = JSONWriter.Options()
        options.escapesHTML = true
        var writer = JSONWriter(options)
        guard (try? writer.write(value)) != nil else { return "" }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
