// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// What the arguments of a tool must satisfy: a part of JSON Schema.
///
/// Supported are `type`, `const`, `enum`, `pattern`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`,
/// `minLength`, `maxLength`, `minItems`, `maxItems`, `properties`, `required`, `additionalProperties` (a boolean) and
/// `items`; any other keyword is an error when the constraint is read. Numbers are compared exactly, strings byte by
/// byte, lengths in Unicode scalars.
///
/// It is stricter than JSON Schema in one point: without `type`, a keyword that speaks of strings, numbers, arrays or
/// objects admits only those, so that `pattern` alone is not passed by sending a list.
///
/// Source: JSON Schema Validation 2020-12, section 6.
public struct ArgumentConstraint: Sendable, Hashable {
    /// The constraint as it was read.
    public internal(set) var source: JSONValue = .null
    var types: Set<ValueType>
    var allowed: [JSONValue]?
    var pattern: LinearPattern?
    var minimum: Bound?
    var maximum: Bound?
    var length: Limits?
    var itemCount: Limits?
    /// At most one element: the constraint on every item.
    var items: [ArgumentConstraint] = []
    var properties: [Property] = []
    var required: [String] = []
    var allowsAdditionalProperties = true

    /// The deepest nesting of constraints and of constant values.
    public static let maximumDepth = 16
    /// The most keywords and constant values in one constraint.
    public static let maximumNodes = 10_000

    /// The JSON types, with `integer` apart.
    enum ValueType: String, Sendable, Hashable, CaseIterable {
        case null
        case boolean
        case integer
        case number
        case string
        case array
        case object
    }

    /// An end of a range of numbers.
    struct Bound: Sendable, Hashable {
        var value: ExactDecimal
        var isExclusive: Bool
        var text: String
    }

    /// The least and the most of a count.
    struct Limits: Sendable, Hashable {
        var minimum = 0
        var maximum = Int.max
    }

    /// The constraint on one property.
    struct Property: Sendable, Hashable {
        var name: String
        var constraint: ArgumentConstraint
    }
}

/// Why a constraint cannot be used.
public struct ArgumentConstraintError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The keywords and property names that lead to the mistake, from the outside in.
    public let path: [String]
    /// What is wrong and what is allowed there.
    public let problem: String

    /// The place and the problem.
    public var description: String { path.isEmpty ? problem : path.joined(separator: ".") + ": " + problem }
}
