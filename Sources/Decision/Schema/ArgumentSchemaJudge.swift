// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Holds one set of arguments against a schema, in a bounded number of steps.
struct ArgumentSchemaJudge {
    typealias Node = ArgumentSchema.Node

    let schema: ArgumentSchema
    private var steps = 0
    private var path: [String] = []
    private var failure: String?
    /// How many alternatives are being tried; what fails there is not told.
    private var trials = 0

    init(schema: ArgumentSchema) { self.schema = schema }

    mutating func refusal(of arguments: JSONValue) -> String? {
        let isFine = holds(arguments, schema.root, 0)
        if isExhausted { return "the schema takes more steps than the limit for these arguments" }
        return isFine ? nil : failure ?? "the arguments do not fit the tool's schema"
    }

    private var isExhausted: Bool { steps > ArgumentSchema.maximumSteps }

    private mutating func spend(_ cost: Int = 1) -> Bool {
        steps = steps &+ max(cost, 1)
        return !isExhausted
    }

    /// Matching takes a step for each character and instruction at the most.
    private mutating func spend(on pattern: LinearPattern, _ text: String) -> Bool {
        let (work, isTooMuch) = (text.utf8.count &+ 1).multipliedReportingOverflow(by: pattern.program.count)
        return spend(isTooMuch ? ArgumentSchema.maximumSteps : work / 64 &+ 16)
    }

    private mutating func fail(_ rule: String) -> Bool {
        if trials == 0, failure == nil {
            failure = (path.isEmpty ? "arguments" : path.joined(separator: ".")) + ": " + rule
        }
        return false
    }

    private mutating func inside(_ name: String, _ value: JSONValue, _ number: Int, _ depth: Int) -> Bool {
        let isPlain = name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        path.append(isPlain ? name : "…")
        defer { path.removeLast() }
        return holds(value, number, depth &+ 1)
    }

    private mutating func tries(_ value: JSONValue, _ number: Int, _ depth: Int) -> Bool {
        trials &+= 1
        defer { trials &-= 1 }
        return holds(value, number, depth &+ 1)
    }

    private mutating func holds(_ value: JSONValue, _ number: Int, _ depth: Int) -> Bool {
        // The depth bounds references that lead in a circle.
        guard spend(), depth <= 256, schema.nodes.indices.contains(number) else {
            steps = Int.max / 2
            return false
        }
        let node = schema.nodes[number]
        if let verdict = node.verdict { return verdict ? true : fail("nothing is allowed here") }
        if let reference = node.reference, !holds(value, reference, depth &+ 1) { return false }
        if let types = node.types, !Self.isType(value, types) { return fail("has another type than the schema names") }
        if let choices = node.choices {
            let canonical = value.canonicalBytes
            guard spend(canonical.count / 64) else { return false }
            guard choices.contains(canonical) else {
                return fail("is none of the allowed values")
            }
        }
        switch value {
        case .number(let number): if !numberHolds(number, value, node) { return false }
        case .string(let text): if !textHolds(text, node) { return false }
        case .array(let elements): if !arrayHolds(elements, node, depth) { return false }
        case .object(let object): if !objectHolds(object, node, depth) { return false }
        case .null, .bool: break
        }
        return logicHolds(value, node, depth)
    }

    private static func isType(_ value: JSONValue, _ types: ArgumentSchema.Types) -> Bool {
        switch value {
        case .null: types.contains(.null)
        case .bool: types.contains(.boolean)
        case .string: types.contains(.string)
        case .array: types.contains(.array)
        case .object: types.contains(.object)
        case .number:
            types.contains(.number) || types.contains(.integer) && value.decimal?.isInteger ?? false
        }
    }

    private mutating func numberHolds(_ number: JSONNumber, _ value: JSONValue, _ node: Node) -> Bool {
        if node.minimum != nil || node.maximum != nil {
            guard let decimal = value.decimal else { return fail("is no number that can be compared") }
            if let (limit, isExclusive) = node.minimum, decimal < limit || isExclusive && decimal == limit {
                return fail("is less than allowed")
            }
            if let (limit, isExclusive) = node.maximum, limit < decimal || isExclusive && decimal == limit {
                return fail("is more than allowed")
            }
        }
        if let step = node.multipleOf {
            let isMultiple: Bool
            if let whole = number.integer, let divisor = step.integer, divisor > 0 {
                isMultiple = whole % divisor == 0
            } else {
                let ratio = number.double / step.double
                isMultiple = ratio.isFinite && abs(ratio - ratio.rounded()) < 1e-9 * max(1, abs(ratio))
            }
            if !isMultiple { return fail("is no multiple of the step") }
        }
        return true
    }

    private mutating func textHolds(_ text: String, _ node: Node) -> Bool {
        if let lengths = node.lengths {
            guard spend(text.utf8.count / 64) else { return false }
            if !lengths.holds(text.unicodeScalars.count) { return fail("is too short or too long") }
        }
        if let pattern = node.pattern {
            guard spend(on: pattern, text) else { return false }
            if !pattern.matches(text) { return fail("does not have the form that the schema asks for") }
        }
        return true
    }

    private mutating func arrayHolds(_ elements: [JSONValue], _ node: Node, _ depth: Int) -> Bool {
        if let count = node.itemCount, !count.holds(elements.count) { return fail("has too few or too many elements") }
        for (index, element) in elements.enumerated() {
            let schema = index < node.prefixItems.count ? node.prefixItems[index] : node.items
            guard let schema else { break }
            guard inside("[\(index)]", element, schema, depth) else { return false }
        }
        if node.hasUniqueItems {
            guard spend(elements.count &* 4) else { return false }
            var seen: Set<[UInt8]> = []
            for element in elements where !seen.insert(element.canonicalBytes).inserted {
                return fail("has an element twice")
            }
        }
        if let (schema, count) = node.contains {
            var found = 0
            for element in elements where tries(element, schema, depth) { found &+= 1 }
            if isExhausted { return false }
            if !count.holds(found) { return fail("does not contain what it must") }
        }
        return true
    }

    private mutating func objectHolds(_ object: JSONObject, _ node: Node, _ depth: Int) -> Bool {
        if let count = node.propertyCount, !count.holds(object.count) { return fail("has too few or too many members") }
        guard spend(node.required.count) else { return false }
        for name in node.required where object[name] == nil { return fail("lacks a member that is required") }
        for member in object.members {
            if let names = node.propertyNames, !tries(.string(member.name), names, depth) {
                return fail("has a member with a name that is not allowed")
            }
            var isKnown = false
            if let schema = node.properties[Array(member.name.utf8)] {
                isKnown = true
                guard inside(member.name, member.value, schema, depth) else { return false }
            }
            for (pattern, schema) in node.patternProperties {
                guard spend(on: pattern, member.name) else { return false }
                guard pattern.matches(member.name) else { continue }
                isKnown = true
                guard inside(member.name, member.value, schema, depth) else { return false }
            }
            if !isKnown, let rest = node.additionalProperties {
                guard inside(member.name, member.value, rest, depth) else { return false }
            }
        }
        for (name, others) in node.dependentRequired where object[name] != nil {
            guard spend(others.count) else { return false }
            for other in others where object[other] == nil { return fail("lacks a member that another one needs") }
        }
        for (name, schema) in node.dependentSchemas where object[name] != nil {
            guard holds(.object(object), schema, depth &+ 1) else { return false }
        }
        return true
    }

    private mutating func logicHolds(_ value: JSONValue, _ node: Node, _ depth: Int) -> Bool {
        for schema in node.allOf { guard holds(value, schema, depth &+ 1) else { return false } }
        if !node.anyOf.isEmpty {
            var isFound = false
            for schema in node.anyOf where !isFound { isFound = tries(value, schema, depth) }
            if !isFound { return fail("fits none of the alternatives") }
        }
        if !node.oneOf.isEmpty {
            var found = 0
            for schema in node.oneOf where tries(value, schema, depth) { found &+= 1 }
            if found != 1 { return fail("does not fit exactly one of the alternatives") }
        }
        if let schema = node.not, tries(value, schema, depth) { return fail("has a form that the schema excludes") }
        if let condition = node.condition {
            let branch = tries(value, condition.test, depth) ? condition.consequence : condition.alternative
            if let branch { return holds(value, branch, depth &+ 1) }
        }
        return !isExhausted
    }
}
