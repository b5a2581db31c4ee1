// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Checks schemas and compiles them.
struct JSONSchemaCompiler {
    /// The dialects, by what they lack.
    private enum Draft: Int {
        case four = 4
        case six = 6
        case seven = 7
        /// No `$schema`: whatever can be told apart.
        case any = 100
    }

    private let context: BuiltinContext
    private let document: Value
    private var draft = Draft.any
    private var schema = JSONSchema()
    /// The numbers of schemas that references led to, by their texts.
    private var known: [Text: Int] = [:]
    private var depth = 0

    /// Compiles a schema.
    static func compile(_ document: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> JSONSchema {
        var compiler = JSONSchemaCompiler(context: context, document: document)
        compiler.draft = compiler.detectDraft()
        compiler.schema.root = try compiler.compile(document)
        return compiler.schema
    }

    private init(context: BuiltinContext, document: Value) {
        self.context = context
        self.document = document
    }

    private func detectDraft() -> Draft {
        guard let name = member(document, "$schema"), name.isString else { return .any }
        let text = name.string
        if text.contains("draft-04") { return .four }
        if text.contains("draft-06") { return .six }
        return text.contains("draft-07") ? .seven : .any
    }

    private func member(_ object: Value, _ key: String) -> Value? {
        guard object.tag == .object else { return nil }
        let value = object.member(context.heap.string(key))
        return value.isDefined ? value : nil
    }

    private func invalid(_ expected: String, _ given: String) -> BuiltinFailure {
        .value("Invalid type. Expected: \(expected), given: \(given)")
    }

    private mutating func compile(_ value: Value) throws(BuiltinFailure) -> Int {
        try context.charge(16)
        depth &+= 1
        if depth > context.limits.inputDepth { throw .limit(.depth) }
        defer { depth &-= 1 }
        let number = schema.nodes.count
        var node = JSONSchema.Node()
        schema.nodes.append(node)
        if value.isBoolean, draft.rawValue >= Draft.six.rawValue {
            schema.nodes[number].verdict = value.isTrue
            return number
        }
        guard value.tag == .object else { throw .value("Expected: schema") }
        try readTexts(value)
        if let reference = member(value, "$ref") {
            schema.nodes[number].reference = try resolve(reference)
            return number
        }
        try readTypes(value, &node)
        try readObjectKeywords(value, &node)
        try readArrayKeywords(value, &node)
        try readNumberKeywords(value, &node)
        try readStringKeywords(value, &node)
        try readLimits(value, &node)
        try readChoices(value, &node)
        try readCombinations(value, &node)
        schema.nodes[number] = node
        return number
    }

    /// Texts that mean nothing here but must be texts, and definitions, which must be schemas.
    private mutating func readTexts(_ value: Value) throws(BuiltinFailure) {
        for key in ["$id", "id", "title", "description", "$ref"] {
            if key == "id", draft != .four, draft != .any { continue }
            if let text = member(value, key), !text.isString { throw invalid("string", key) }
        }
        guard let definitions = member(value, "definitions") else { return }
        guard definitions.tag == .object else { throw invalid("array of schemas", "definitions") }
        for definition in definitions.members {
            guard definition.value.tag == .object || definition.value.isBoolean else {
                throw invalid("array of schemas", "definitions")
            }
            _ = try compile(definition.value)
        }
    }

    private mutating func schemaOrFlag(_ value: Value, _ key: String) throws(BuiltinFailure) -> JSONSchema.Additional {
        if value.isBoolean { return value.isTrue ? .allowed : .refused }
        guard value.tag == .object else { throw invalid("boolean/schema", key) }
        return .schema(try compile(value))
    }

    // MARK: References

    private mutating func resolve(_ reference: Value) throws(BuiltinFailure) -> Int {
        let text = reference.text
        if let number = known[text] { return number }
        let hash = text.bytes.firstIndex(of: UInt8(ascii: "#")) ?? text.bytes.count
        let base = Text(bytes: Array(text.bytes[..<hash]))
        let fragment = Array(text.bytes[hash...].dropFirst())
        let isPointer = fragment.first == UInt8(ascii: "/")
        var target: Value? = document
        if !base.bytes.isEmpty || !fragment.isEmpty && !isPointer {
            target = try find(ids: isPointer || fragment.isEmpty ? [base, text] : [text], in: document, depth: 0)
        }
        if isPointer, let found = target { target = try follow(fragment, from: found) }
        guard let target else {
            throw .value("could not resolve reference \(text): remote references are not fetched")
        }
        guard target.tag == .object || target.isBoolean else { throw .value("schema must be of type object") }
        // Entered before its content, which may refer to it.
        let number = schema.nodes.count
        schema.nodes.append(JSONSchema.Node())
        known[text] = number
        let content = try compile(target)
        schema.nodes[number].reference = content
        return number
    }

    /// The schema that bears one of the given ids.
    private func find(ids: Set<Text>, in value: Value, depth: Int) throws(BuiltinFailure) -> Value? {
        if depth > context.limits.inputDepth { throw .limit(.depth) }
        try context.charge(1)
        for key in ["$id", "id"] {
            guard let own = member(value, key), own.isString else { continue }
            // An empty fragment says nothing.
            let isBare = own.utf8.last != UInt8(ascii: "#")
            if ids.contains(isBare ? own.text : Text(bytes: Array(own.utf8.dropLast()))) { return value }
        }
        switch value.tag {
        case .object:
            for member in value.members {
                if let found = try find(ids: ids, in: member.value, depth: depth &+ 1) { return found }
            }
        case .array:
            for element in value.elements {
                if let found = try find(ids: ids, in: element, depth: depth &+ 1) { return found }
            }
        default: break
        }
        return nil
    }

    /// The value that a JSON pointer (RFC 6901) leads to.
    private func follow(_ pointer: [UInt8], from start: Value) throws(BuiltinFailure) -> Value {
        var value = start
        for part in pointer.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            let name = unescape(Array(part))
            switch value.tag {
            case .object:
                let next = value.member(context.heap.string(name))
                guard next.isDefined else {
                    throw .value("Object has no key '\(String(decoding: name, as: UTF8.self))'")
                }
                value = next
            case .array:
                guard let position = Int64(String(decoding: name, as: UTF8.self)), position >= 0,
                    position < Int64(value.count)
                else { throw .value("Invalid array index '\(String(decoding: name, as: UTF8.self))'") }
                value = value.elements[Int(position)]
            default: throw .value("Invalid token reference '\(String(decoding: name, as: UTF8.self))'")
            }
        }
        return value
    }

    private func unescape(_ bytes: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "%"), position &+ 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[(position &+ 1)...(position &+ 2)], as: UTF8.self), radix: 16)
            {
                plain.append(byte)
                position &+= 3
            } else {
                plain.append(bytes[position])
                position &+= 1
            }
        }
        var result: [UInt8] = []
        position = 0
        while position < plain.count {
            let next = position &+ 1 < plain.count ? plain[position &+ 1] : 0
            if plain[position] == UInt8(ascii: "~"), next == UInt8(ascii: "0") || next == UInt8(ascii: "1") {
                result.append(next == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
                position &+= 2
            } else {
                result.append(plain[position])
                position &+= 1
            }
        }
        return Array(String(decoding: result, as: UTF8.self).utf8)
    }

    // MARK: Keywords

    private func readTypes(_ value: Value, _ node: inout JSONSchema.Node) throws(BuiltinFailure) {
        guard let type = member(value, "type") else { return }
        guard type.isString || type.tag == .array else { throw invalid("type", "string/array of strings") }
        for name in type.isString ? [type] : Array(type.elements) {
            guard name.isString else { throw invalid("type", "string/array of strings") }
            let text = name.string
            guard JSONSchema.typeNames.contains(text) else {
                throw .value(
                    "has a primitive type that is NOT VALID -- given: /\(text)/ Expected valid values are:[\(JSONSchema.typeNames.joined(separator: " "))]"
                )
            }
            if node.types.contains(text) { throw .value("\(text) type is duplicated") }
            node.types.append(text)
        }
    }

    private mutating func readObjectKeywords(_ value: Value, _ node: inout JSONSchema.Node) throws(BuiltinFailure) {
        if let properties = member(value, "properties") {
            guard properties.tag == .object else { throw .value("properties must be of type object") }
            for property in properties.members {
                node.properties.append((property.key, try compile(property.value)))
            }
        }
        if let additional = member(value, "additionalProperties") {
            node.additionalProperties = try schemaOrFlag(additional, "additionalProperties")
        }
        if let patterns = member(value, "patternProperties") {
            guard patterns.tag == .object else { throw invalid("schema", "patternProperties") }
            for property in patterns.members {
                let pattern = try compile(pattern: property.key, "Invalid regex pattern '\(property.key.string)'")
                node.patternProperties.append((pattern, try compile(property.value)))
            }
        }
        if let names = member(value, "propertyNames"), draft.rawValue >= Draft.six.rawValue {
            guard names.tag == .object || names.isBoolean else { throw invalid("schema", "patternProperties") }
            node.propertyNames = try compile(names)
        }
        try readDependencies(value, &node)
        if let required = member(value, "required") {
            guard required.tag == .array else { throw .value("required must be of an array") }
            for name in required.elements {
                guard name.isString else { throw invalid("string", "required") }
                if node.required.contains(where: { $0.isEqual(to: name) }) {
                    throw .value("required items must be unique")
                }
                node.required.append(name)
            }
        }
    }

    private mutating func readDependencies(_ value: Value, _ node: inout JSONSchema.Node) throws(BuiltinFailure) {
        guard let dependencies = member(value, "dependencies") else { return }
        guard dependencies.tag == .object else { throw .value("dependencies must be of type object") }
        for entry in dependencies.members {
            let failure = BuiltinFailure.value("dependency must be of type schema or array of strings")
            if entry.value.tag == .array {
                guard entry.value.elements.allSatisfy(\.isString) else { throw failure }
                node.dependencies.append((entry.key, .members(entry.value.elements.map(\.text))))
            } else if entry.value.tag == .object || entry.value.isBoolean {
                node.dependencies.append((entry.key, .schema(try compile(entry.value))))
            } else {
                throw failure
            }
        }
    }

    private mutating func readArrayKeywords(_ value: Value, _ node: inout JSONSchema.Node) throws(BuiltinFailure) {
        if let items = member(value, "items") {
            let failure = invalid("schema/array of schemas", "items")
            if items.tag == .array {
                for item in items.elements {
                    guard item.tag == .object || item.isBoolean else { throw failure }
                    node.items.append(try compile(item))
                }
            } else {
                guard items.tag == .object || items.isBoolean else { throw failure }
                node.items = [try compile(items)]
                node.isOneForAllItems = true
            }
        }
        if let additional = member(value, "additionalItems") {
            node.additionalItems = try schemaOrFlag(additional, "additionalItems")
        }
        if let unique = member(value, "uniqueItems") {
            guard unique.isBoolean else { throw .value("uniqueItems must be of a boolean") }
            node.hasUniqueItems = unique.isTrue
        }
        if let contains = member(value, "contains"), draft.rawValue >= Draft.six.rawValue {
            node.contains = try compile(contains)
        }
    }

    private func readNumberKeywords(_ value: Value, _ node: inout JSONSchema.Node) throws(BuiltinFailure) {
        if let multiple = member(value, "multipleOf") {
            guard multiple.isNumber else { throw invalid("number", "multipleOf") }
            guard multiple.compareNumber(to: .integer(0)) > 0 else {
                throw .value("multipleOf must be strictly greater than 0")
            }
            node.multipleOf = multiple
        }
        (node.minimum, node.exclusiveMinimum) = try readBounds(value, "minimum", "exclusiveMinimum")
        (node.maximum, node.exclusiveMaximum) = try readBounds(value, "maximum", "exclusiveMaximum")
    }

    /// The bound itself, and the one that is excluded; in draft 4 a flag turns the first into the second.
    private func readBounds(
        _ value: Value, _ key: String, _ exclusiveKey: String
    ) throws(BuiltinFailure) -> (Value?, Value?) {
        let bound = member(value, key)
        if let bound, !bound.isNumber { throw .value("\(key) must be of a number") }
        guard let exclusive = member(value, exclusiveKey) else { return (bound, nil) }
        if exclusive.isBoolean, draft == .four || draft == .any {
            guard let bound else { throw .value("\(exclusiveKey) cannot be used without \(key)") }
            return exclusive.isTrue ? (nil, bound) : (bound, nil)
        }
        guard exclusive.isNumber, draft != .four else {
            throw invalid(draft == .any ? "boolean/number" : (draft == .four ? "boolean" : "number"), exclusiveKey)
        }
        return (bound, exclusive)
    }

    private func compile(pattern: Value, _ message: String) throws(BuiltinFailure) -> Pattern {
        do throws(BuiltinFailure) {
            return try context.patterns.pattern(pattern, context)
        } catch {
            if case .value = error { throw .value(message) }
            throw error
        }
    }

    private func readStringKeywords(_ value: Value, _ node: inout JSONSchema.Node) throws(BuiltinFailure) {
        if let pattern = member(value, "pattern") {
            guard pattern.isString else { throw invalid("string", "pattern") }
            node.pattern = (try compile(pattern: pattern, "pattern must be a valid regex"), pattern)
        }
        if let format = member(value, "format") {
            guard format.isString else { throw invalid("string", "format") }
            node.format = format.text
        }
    }

    private func readLimits(_ value: Value, _ node: inout JSONSchema.Node) throws(BuiltinFailure) {
        (node.minLength, node.maxLength) = try readLimits(value, "minLength", "maxLength")
        (node.minProperties, node.maxProperties) = try readLimits(value, "minProperties", "maxProperties")
        node.minItems = try readLimit(value, "minItems")
        node.maxItems = try readLimit(value, "maxItems")
    }

    private func readLimits(
        _ value: Value, _ low: String, _ high: String
    ) throws(BuiltinFailure) -> (Int64?, Int64?) {
        let limits = (try readLimit(value, low), try readLimit(value, high))
        if let least = limits.0, let most = limits.1, least > most {
            throw .value("\(low) cannot be greater than \(high)")
        }
        return limits
    }

    private func readLimit(_ value: Value, _ key: String) throws(BuiltinFailure) -> Int64? {
        guard let limit = member(value, key) else { return nil }
        guard limit.isNumber, let number = limit.exactInteger else { throw .value("\(key) must be of an integer") }
        guard number >= 0 else { throw .value("\(key) must be greater than or equal to 0") }
        return number
    }

    private func readChoices(_ value: Value, _ node: inout JSONSchema.Node) throws(BuiltinFailure) {
        if draft.rawValue >= Draft.six.rawValue { node.constant = member(value, "const") }
        guard let choices = member(value, "enum") else { return }
        guard choices.tag == .array else { throw .value("enum must be of an array") }
        let known = context.heap.emptySet()
        for choice in choices.elements where !context.heap.insert(choice, into: known) {
            throw .value("enum items must be unique")
        }
        node.choices = Array(choices.elements)
    }

    private mutating func readCombinations(_ value: Value, _ node: inout JSONSchema.Node) throws(BuiltinFailure) {
        node.oneOf = try readList(value, "oneOf")
        node.anyOf = try readList(value, "anyOf")
        node.allOf = try readList(value, "allOf")
        node.not = try readSchema(value, "not")
        guard draft.rawValue >= Draft.seven.rawValue else { return }
        node.condition = try readSchema(value, "if")
        node.consequence = try readSchema(value, "then")
        node.alternative = try readSchema(value, "else")
    }

    private mutating func readList(_ value: Value, _ key: String) throws(BuiltinFailure) -> [Int] {
        guard let list = member(value, key) else { return [] }
        guard list.tag == .array else { throw .value("\(key) must be of an array") }
        var numbers: [Int] = []
        for element in list.elements { numbers.append(try compile(element)) }
        return numbers
    }

    private mutating func readSchema(_ value: Value, _ key: String) throws(BuiltinFailure) -> Int? {
        guard let schema = member(value, key) else { return nil }
        guard schema.tag == .object || schema.isBoolean else { throw .value("\(key) must be of an object") }
        return try compile(schema)
    }
}
