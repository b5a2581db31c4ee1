// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Validates a document against a schema and says what is wrong, in the words and the order of OPA's validator.
struct JSONSchemaValidator {
    /// One thing that is wrong.
    struct Problem {
        let type: String
        let field: String
        let description: String
    }

    /// What a validation found, and how far it went, which tells the closest of several schemas.
    private struct Outcome {
        var problems: [Problem] = []
        var score = 0

        mutating func merge(_ other: Outcome) {
            problems += other.problems
            score += other.score
        }
    }

    private let schema: JSONSchema
    private let context: BuiltinContext
    private var depth = 0

    private static let depthLimit = 200

    /// What is wrong with a document.
    static func problems(
        in document: Value, _ schema: JSONSchema, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> [Problem] {
        var validator = JSONSchemaValidator(schema: schema, context: context)
        return try validator.validate(document, schema.root, []).problems
    }

    private init(schema: JSONSchema, context: BuiltinContext) {
        self.schema = schema
        self.context = context
    }

    private func report(
        _ type: String, _ description: String, at path: [String], in outcome: inout Outcome
    ) {
        let field = path.isEmpty ? "(root)" : path.joined(separator: ".")
        outcome.problems.append(Problem(type: type, field: field, description: description))
        outcome.score -= 1
    }

    private mutating func validate(
        _ value: Value, _ number: Int, _ path: [String]
    ) throws(BuiltinFailure) -> Outcome {
        try context.charge(8)
        depth &+= 1
        if depth > JSONSchemaValidator.depthLimit { throw .limit(.depth) }
        defer { depth &-= 1 }
        var outcome = Outcome()
        guard number < schema.nodes.count else { return outcome }
        let node = schema.nodes[number]
        if let verdict = node.verdict {
            if !verdict { report("false", "False always fails validation", at: path, in: &outcome) }
            return outcome
        }
        if let reference = node.reference { return try validate(value, reference, path) }
        let given = typeName(of: value)
        if !node.types.isEmpty, !node.types.contains(given), !(given == "integer" && node.types.contains("number")) {
            let expected = node.types.count == 1 ? node.types[0] : "[\(node.types.joined(separator: ","))]"
            report(
                "invalid_type", "Invalid type. Expected: \(expected), given: \(given)", at: path, in: &outcome)
            return outcome
        }
        try combine(value, node, path, &outcome)
        switch value.tag {
        case .array: try validate(array: value, node, path, &outcome)
        case .object: try validate(object: value, node, path, &outcome)
        case .integer, .decimal: try validate(number: value, node, path, &outcome)
        default: break
        }
        try validate(common: value, node, path, &outcome)
        if value.isString { try validate(string: value, node, path, &outcome) }
        if value.tag == .object {
            for property in node.properties {
                let member = value.member(property.name)
                guard member.isDefined else { continue }
                outcome.merge(try validate(member, property.schema, path + [property.name.string]))
            }
        }
        outcome.score += 1
        return outcome
    }

    private func typeName(of value: Value) -> String {
        if value.isNumber { return value.exactInteger != nil || isIntegral(value) ? "integer" : "number" }
        return value.typeName
    }

    private func isIntegral(_ value: Value) -> Bool {
        value.withDecimalText { $0.isIntegral }
    }

    // MARK: Combinations

    private mutating func combine(
        _ value: Value, _ node: JSONSchema.Node, _ path: [String], _ outcome: inout Outcome
    ) throws(BuiltinFailure) {
        try checkAnyOf(value, node, path, &outcome)
        try checkOneOf(value, node, path, &outcome)
        if !node.allOf.isEmpty {
            var isValid = true
            for number in node.allOf {
                let result = try validate(value, number, path)
                if !result.problems.isEmpty { isValid = false }
                outcome.merge(result)
            }
            if !isValid { report("number_all_of", "Must validate all the schemas (allOf)", at: path, in: &outcome) }
        }
        if let not = node.not, try validate(value, not, path).problems.isEmpty {
            report("number_not", "Must not validate the schema (not)", at: path, in: &outcome)
        }
        for (name, dependency) in node.dependencies where value.tag == .object && value.contains(name) {
            switch dependency {
            case .members(let names):
                for needed in names where !value.contains(context.heap.string(needed)) {
                    report("missing_dependency", "Has a dependency on \(needed)", at: path, in: &outcome)
                }
            case .schema(let number): outcome.merge(try validate(value, number, path))
            }
        }
        if let condition = node.condition {
            let holds = try validate(value, condition, path).problems.isEmpty
            if let branch = holds ? node.consequence : node.alternative {
                let result = try validate(value, branch, path)
                if !result.problems.isEmpty {
                    report(
                        holds ? "condition_then" : "condition_else",
                        holds
                            ? "Must validate \"then\" as \"if\" was valid"
                            : "Must validate \"else\" as \"if\" was not valid", at: path, in: &outcome)
                    outcome.merge(result)
                }
            }
        }
        outcome.score += 1
    }

    private mutating func checkAnyOf(
        _ value: Value, _ node: JSONSchema.Node, _ path: [String], _ outcome: inout Outcome
    ) throws(BuiltinFailure) {
        guard !node.anyOf.isEmpty else { return }
        var best: Outcome?
        for number in node.anyOf {
            let result = try validate(value, number, path)
            if result.problems.isEmpty { return }
            if result.score > best?.score ?? .min { best = result }
        }
        report("number_any_of", "Must validate at least one schema (anyOf)", at: path, in: &outcome)
        if let best { outcome.merge(best) }
    }

    private mutating func checkOneOf(
        _ value: Value, _ node: JSONSchema.Node, _ path: [String], _ outcome: inout Outcome
    ) throws(BuiltinFailure) {
        guard !node.oneOf.isEmpty else { return }
        var best: Outcome?
        var count = 0
        for number in node.oneOf {
            let result = try validate(value, number, path)
            if result.problems.isEmpty {
                count += 1
            } else if count == 0, result.score > best?.score ?? .min {
                best = result
            }
        }
        guard count != 1 else { return }
        report("number_one_of", "Must validate one and only one schema (oneOf)", at: path, in: &outcome)
        if count == 0, let best { outcome.merge(best) }
    }

    private func validate(
        common value: Value, _ node: JSONSchema.Node, _ path: [String], _ outcome: inout Outcome
    ) throws(BuiltinFailure) {
        let field = path.isEmpty ? "(root)" : path.joined(separator: ".")
        if let constant = node.constant, !constant.isEqual(to: value) {
            report("const", "\(field) does not match: \(JSONSchema.text(constant))", at: path, in: &outcome)
        }
        if let choices = node.choices {
            try context.charge(choices.count)
            if !choices.contains(where: { $0.isEqual(to: value) }) {
                let allowed = choices.isEmpty ? "(none)" : choices.map { JSONSchema.text($0) }.joined(separator: ", ")
                report("enum", "\(field) must be one of the following: \(allowed)", at: path, in: &outcome)
            }
        }
        if let format = node.format, value.isString, try !JSONSchemaFormat.accepts(value, format, context) {
            report("format", "Does not match format '\(format)'", at: path, in: &outcome)
        }
        outcome.score += 1
    }

    // MARK: Arrays and objects

    private mutating func validate(
        array: Value, _ node: JSONSchema.Node, _ path: [String], _ outcome: inout Outcome
    ) throws(BuiltinFailure) {
        let elements = array.elements
        for (position, element) in elements.enumerated() {
            var number: Int?
            if node.isOneForAllItems {
                number = node.items.first
            } else if position < node.items.count {
                number = node.items[position]
            } else if !node.items.isEmpty, case .schema(let additional) = node.additionalItems {
                number = additional
            }
            if let number { outcome.merge(try validate(element, number, path + [String(position)])) }
        }
        if !node.isOneForAllItems, !node.items.isEmpty, elements.count > node.items.count,
            case .refused = node.additionalItems
        {
            report("array_no_additional_items", "No additional items allowed on array", at: path, in: &outcome)
        }
        if let least = node.minItems, Int64(elements.count) < least {
            report("array_min_items", "Array must have at least \(least) items", at: path, in: &outcome)
        }
        if let most = node.maxItems, Int64(elements.count) > most {
            report("array_max_items", "Array must have at most \(most) items", at: path, in: &outcome)
        }
        if node.hasUniqueItems {
            try context.charge(elements.count)
            let known = context.heap.emptySet(capacity: elements.count)
            var positions: [Int: Int] = [:]
            for (position, element) in elements.enumerated() where !context.heap.insert(element, into: known) {
                let first = elements.firstIndex { $0.isEqual(to: element) } ?? 0
                report(
                    "unique", "array items[\(positions[first] ?? first),\(position)] must be unique", at: path,
                    in: &outcome)
                positions[first] = position
            }
        }
        if let contains = node.contains { try checkContains(elements, contains, path, &outcome) }
        outcome.score += 1
    }

    private mutating func checkContains(
        _ elements: ValueList, _ number: Int, _ path: [String], _ outcome: inout Outcome
    ) throws(BuiltinFailure) {
        var best: Outcome?
        for (position, element) in elements.enumerated() {
            let result = try validate(element, number, path + [String(position)])
            if result.problems.isEmpty { return }
            if result.score > best?.score ?? .min { best = result }
        }
        report("contains", "At least one of the items must match", at: path, in: &outcome)
        if let best { outcome.merge(best) }
    }

    private mutating func validate(
        object: Value, _ node: JSONSchema.Node, _ path: [String], _ outcome: inout Outcome
    ) throws(BuiltinFailure) {
        if let least = node.minProperties, Int64(object.count) < least {
            report("array_min_properties", "Must have at least \(least) properties", at: path, in: &outcome)
        }
        if let most = node.maxProperties, Int64(object.count) > most {
            report("array_max_properties", "Must have at most \(most) properties", at: path, in: &outcome)
        }
        for name in node.required {
            if object.contains(name) {
                outcome.score += 1
            } else {
                report("required", "\(name.string) is required", at: path, in: &outcome)
            }
        }
        for member in object.members {
            let name = member.key.string
            var isDescribed = node.properties.contains { $0.name.isEqual(to: member.key) }
            try context.charge(node.properties.count / 8 &+ node.patternProperties.count)
            for (pattern, number) in node.patternProperties where pattern.matches(member.key.utf8) {
                isDescribed = true
                outcome.merge(try validate(member.value, number, path + [name]))
            }
            guard !isDescribed else { continue }
            switch node.additionalProperties {
            case .allowed: break
            case .refused:
                report(
                    "additional_property_not_allowed", "Additional property \(name) is not allowed", at: path,
                    in: &outcome)
            case .schema(let number): outcome.merge(try validate(member.value, number, path + [name]))
            }
        }
        if let names = node.propertyNames {
            for key in object.keys {
                let result = try validate(key, names, path)
                if result.problems.isEmpty { continue }
                report(
                    "invalid_property_name", "Property name of \"\(key.string)\" does not match", at: path,
                    in: &outcome)
                outcome.merge(result)
            }
        }
        outcome.score += 1
    }

    // MARK: Strings and numbers

    private func validate(
        string: Value, _ node: JSONSchema.Node, _ path: [String], _ outcome: inout Outcome
    ) throws(BuiltinFailure) {
        try context.charge(string.byteCount / 64 &+ 1)
        if node.minLength != nil || node.maxLength != nil {
            let length = Int64(string.utf8.count { $0 & 0xC0 != 0x80 })
            if let least = node.minLength, length < least {
                report(
                    "string_gte", "String length must be greater than or equal to \(least)", at: path, in: &outcome)
            }
            if let most = node.maxLength, length > most {
                report("string_lte", "String length must be less than or equal to \(most)", at: path, in: &outcome)
            }
        }
        if let pattern = node.pattern, !pattern.pattern.matches(string.utf8) {
            report("pattern", "Does not match pattern '\(pattern.text.string)'", at: path, in: &outcome)
        }
        outcome.score += 1
    }

    private func validate(
        number: Value, _ node: JSONSchema.Node, _ path: [String], _ outcome: inout Outcome
    ) throws(BuiltinFailure) {
        if let multiple = node.multipleOf, try !Divisibility.isMultiple(number, of: multiple, context) {
            report("multiple_of", "Must be a multiple of \(text(multiple))", at: path, in: &outcome)
        }
        if let most = node.maximum, number.compareNumber(to: most) > 0 {
            report("number_lte", "Must be less than or equal to \(text(most))", at: path, in: &outcome)
        }
        if let bound = node.exclusiveMaximum, number.compareNumber(to: bound) >= 0 {
            report("number_lt", "Must be less than \(text(bound))", at: path, in: &outcome)
        }
        if let least = node.minimum, number.compareNumber(to: least) < 0 {
            report("number_gte", "Must be greater than or equal to \(text(least))", at: path, in: &outcome)
        }
        if let bound = node.exclusiveMinimum, number.compareNumber(to: bound) <= 0 {
            report("number_gt", "Must be greater than \(text(bound))", at: path, in: &outcome)
        }
        outcome.score += 1
    }

    private func text(_ number: Value) -> String {
        JSONSchema.text(number)
    }
}

/// Whether one decimal number divides another.
enum Divisibility {
    static func isMultiple(
        _ number: Value, of divisor: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Bool {
        let (mantissa, scale) = parts(number)
        let (divisorMantissa, divisorScale) = parts(divisor)
        let shift = scale &- divisorScale
        // Far beyond what documents hold, and yet quick.
        if abs(shift) > 5000 { throw .limit(.number) }
        try context.charge(abs(shift) / 8 &+ mantissa.bitWidth / 64)
        let dividend = shift > 0 ? mantissa * .powerOfTen(shift) : mantissa
        let factor = shift < 0 ? divisorMantissa * .powerOfTen(0 &- shift) : divisorMantissa
        if factor.isZero { return false }
        return dividend.dividing(by: factor).remainder.isZero
    }

    private static func parts(_ number: Value) -> (Magnitude, Int) {
        number.withDecimalText { text in (Magnitude(digits: text.digits), text.exponent &- text.digitCount) }
    }
}
