// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// Reads a constraint from its JSON form and collects where it is.
struct ArgumentConstraintReader {
    private var path: [String] = []
    private var nodes = 0

    private static let keywords = [
        "additionalProperties", "const", "enum", "exclusiveMaximum", "exclusiveMinimum", "items", "maxItems",
        "maxLength",
        "maximum", "minItems", "minLength", "minimum", "pattern", "properties", "required", "type",
    ]

    /// Reads one constraint.
    mutating func read(_ value: JSONValue) throws(ArgumentConstraintError) -> ArgumentConstraint {
        guard path.count <= 2 * ArgumentConstraint.maximumDepth else {
            throw error("constraints nest deeper than \(ArgumentConstraint.maximumDepth)")
        }
        guard let members = value.members else { throw error("a constraint is a mapping of keywords") }
        var constraint = ArgumentConstraint(types: [])
        var explicit: Set<ArgumentConstraint.ValueType>?
        var implied: Set<ArgumentConstraint.ValueType> = []
        for (keyword, operand) in members {
            try count()
            path.append(keyword)
            switch keyword {
            case "type": explicit = try types(operand)
            case "const": constraint.allowed = [try constant(operand)]
            case "enum": try readEnumeration(operand, into: &constraint)
            case "pattern": constraint.pattern = try pattern(operand)
            case "minLength", "maxLength": try readLimit(keyword, operand, into: &constraint.length)
            case "minItems", "maxItems": try readLimit(keyword, operand, into: &constraint.itemCount)
            case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
                try readBound(keyword, operand, into: &constraint)
            case "items": constraint.items = [try read(operand)]
            case "properties": try readProperties(operand, into: &constraint)
            case "required": constraint.required = try names(operand)
            case "additionalProperties":
                guard case .bool(let allows) = operand else { throw error("true or false is allowed here") }
                constraint.allowsAdditionalProperties = allows
            default:
                throw error("this keyword is not supported; allowed are \(Self.keywords.joined(separator: ", "))")
            }
            path.removeLast()
            if let type = Self.impliedType(of: keyword) { implied.formUnion(type) }
        }
        constraint.types = explicit ?? (implied.isEmpty ? Set(ArgumentConstraint.ValueType.allCases) : implied)
        return constraint
    }

    private static func impliedType(of keyword: String) -> Set<ArgumentConstraint.ValueType>? {
        switch keyword {
        case "pattern", "minLength", "maxLength": [.string]
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum": [.number]
        case "items", "minItems", "maxItems": [.array]
        case "properties", "required", "additionalProperties": [.object]
        default: nil
        }
    }

    private func error(_ problem: String) -> ArgumentConstraintError {
        ArgumentConstraintError(path: path, problem: problem)
    }

    private mutating func count() throws(ArgumentConstraintError) {
        nodes += 1
        guard nodes <= ArgumentConstraint.maximumNodes else {
            throw error("a constraint has at most \(ArgumentConstraint.maximumNodes) keywords and values")
        }
    }

    // MARK: Operands

    private func types(_ operand: JSONValue) throws(ArgumentConstraintError) -> Set<ArgumentConstraint.ValueType> {
        let names = operand.string.map { [$0] } ?? operand.array?.compactMap(\.string) ?? []
        let types = names.compactMap(ArgumentConstraint.ValueType.init(rawValue:))
        guard !types.isEmpty, types.count == names.count, operand.array.map({ $0.count == types.count }) ?? true
        else {
            let known = ArgumentConstraint.ValueType.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("one or more of \(known) are allowed here")
        }
        return Set(types)
    }

    private mutating func constant(_ value: JSONValue) throws(ArgumentConstraintError) -> JSONValue {
        try check(value, depth: 0)
        return value
    }

    private mutating func check(_ value: JSONValue, depth: Int) throws(ArgumentConstraintError) {
        try count()
        guard depth < ArgumentConstraint.maximumDepth else {
            throw error("values nest deeper than \(ArgumentConstraint.maximumDepth)")
        }
        for element in value.array ?? [] { try check(element, depth: depth + 1) }
        for member in value.members ?? [] { try check(member.value, depth: depth + 1) }
    }

    private mutating func readEnumeration(
        _ operand: JSONValue, into constraint: inout ArgumentConstraint
    ) throws(ArgumentConstraintError) {
        guard let values = operand.array, !values.isEmpty else { throw error("a list of values is allowed here") }
        for value in values { _ = try constant(value) }
        if let allowed = constraint.allowed {
            constraint.allowed = values.filter { value in allowed.contains { $0.isSame(as: value) } }
        } else {
            constraint.allowed = values
        }
    }

    private func pattern(_ operand: JSONValue) throws(ArgumentConstraintError) -> LinearPattern {
        guard let text = operand.string else { throw error("a regular expression is allowed here") }
        do {
            return try LinearPattern(parsing: text)
        } catch {
            throw self.error("\(error)")
        }
    }

    private func readLimit(
        _ keyword: String, _ operand: JSONValue, into limits: inout ArgumentConstraint.Limits?
    ) throws(ArgumentConstraintError) {
        guard let number = operand.count else { throw error("a whole number from 0 to 1000000000 is allowed here") }
        var changed = limits ?? ArgumentConstraint.Limits()
        if keyword.utf8.starts(with: "min".utf8) { changed.minimum = number } else { changed.maximum = number }
        limits = changed
    }

    private func readBound(
        _ keyword: String, _ operand: JSONValue, into constraint: inout ArgumentConstraint
    ) throws(ArgumentConstraintError) {
        guard let value = operand.decimal else { throw error("a number is allowed here") }
        let bound = ArgumentConstraint.Bound(
            value: value, isExclusive: keyword.utf8.starts(with: "exclusive".utf8), text: operand.numberText ?? "")
        if keyword.utf8.elementsEqual("minimum".utf8) || keyword.utf8.elementsEqual("exclusiveMinimum".utf8) {
            guard constraint.minimum == nil else { throw error("minimum and exclusiveMinimum exclude one another") }
            constraint.minimum = bound
        } else {
            guard constraint.maximum == nil else { throw error("maximum and exclusiveMaximum exclude one another") }
            constraint.maximum = bound
        }
    }

    private mutating func readProperties(
        _ operand: JSONValue, into constraint: inout ArgumentConstraint
    ) throws(ArgumentConstraintError) {
        guard let members = operand.members else { throw error("a mapping of names to constraints is allowed here") }
        for (name, value) in members {
            path.append(name)
            constraint.properties.append(.init(name: name, constraint: try read(value)))
            path.removeLast()
        }
    }

    private func names(_ operand: JSONValue) throws(ArgumentConstraintError) -> [String] {
        guard let elements = operand.array else { throw error("a list of names is allowed here") }
        let names = elements.compactMap(\.string)
        guard names.count == elements.count else { throw error("a list of names is allowed here") }
        return names
    }
}

extension ArgumentConstraint {
    /// Reads a constraint.
    ///
    /// - Throws: ``ArgumentConstraintError`` that says where the mistake is and what is allowed there.
    public init(parsing value: JSONValue) throws(ArgumentConstraintError) {
        var reader = ArgumentConstraintReader()
        self = try reader.read(value)
        source = value
    }
}
