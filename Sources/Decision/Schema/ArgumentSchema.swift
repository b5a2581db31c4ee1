// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// The shape that the arguments of a tool must have, as the tool's definition states it.
///
/// JSON Schema 2020-12 without what reaches beyond one document, and the spelling of drafts 4 to 7. `format` and content
/// keywords only annotate. What a schema says and is not judged here stands in ``unjudged``, so that whoever relies on the
/// schema knows. Judging takes bounded time whatever schema and arguments are.
public struct ArgumentSchema: Sendable {
    /// The keywords that have an effect and are not judged, each with its place in the schema.
    public let unjudged: [String]

    let nodes: [Node]
    let root: Int

    /// The most schemas in one.
    public static let maximumNodes = 4096
    /// The most steps for one set of arguments.
    public static let maximumSteps = 200_000

    /// Reads a schema.
    public init(_ schema: JSONObject) throws(ArgumentSchemaError) {
        var reader = ArgumentSchemaReader(document: .object(schema))
        root = try reader.read()
        nodes = reader.nodes
        unjudged = reader.unjudged
    }

    /// What is wrong with the arguments: a place and a rule, never a value; `nil` when nothing is.
    public func refusal(of arguments: JSONValue) -> String? {
        var judge = ArgumentSchemaJudge(schema: self)
        return judge.refusal(of: arguments)
    }

    /// The types of JSON Schema.
    struct Types: OptionSet, Sendable {
        let rawValue: UInt8
        static let null = Types(rawValue: 1)
        static let boolean = Types(rawValue: 2)
        static let integer = Types(rawValue: 4)
        static let number = Types(rawValue: 8)
        static let string = Types(rawValue: 16)
        static let array = Types(rawValue: 32)
        static let object = Types(rawValue: 64)

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init?(name: String) {
            switch Array(name.utf8) {
            case Array("null".utf8): self = .null
            case Array("boolean".utf8): self = .boolean
            case Array("integer".utf8): self = .integer
            case Array("number".utf8): self = .number
            case Array("string".utf8): self = .string
            case Array("array".utf8): self = .array
            case Array("object".utf8): self = .object
            default: return nil
            }
        }
    }

    /// One schema; others are named by their numbers.
    struct Node: Sendable {
        /// Set for `true` and `false`.
        var verdict: Bool?
        var reference: Int?
        var types: Types?
        /// The canonical forms of the only values.
        var choices: Set<[UInt8]>?
        var minimum: (limit: ExactDecimal, isExclusive: Bool)?
        var maximum: (limit: ExactDecimal, isExclusive: Bool)?
        var multipleOf: JSONNumber?
        var lengths: Span?
        var pattern: LinearPattern?
        var items: Int?
        var prefixItems: [Int] = []
        var itemCount: Span?
        var hasUniqueItems = false
        var contains: (schema: Int, count: Span)?
        var properties: [[UInt8]: Int] = [:]
        var patternProperties: [(pattern: LinearPattern, schema: Int)] = []
        var additionalProperties: Int?
        var propertyNames: Int?
        var required: [String] = []
        var propertyCount: Span?
        var dependentRequired: [(name: String, others: [String])] = []
        var dependentSchemas: [(name: String, schema: Int)] = []
        var allOf: [Int] = []
        var anyOf: [Int] = []
        var oneOf: [Int] = []
        var not: Int?
        var condition: (test: Int, consequence: Int?, alternative: Int?)?
    }

    /// From a least to a greatest number.
    struct Span: Sendable {
        var least = 0
        var most = Int.max

        func holds(_ count: Int) -> Bool { count >= least && count <= most }
    }
}

/// Why a schema is of no use for judging arguments.
public struct ArgumentSchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: String, Sendable, Hashable {
        /// A keyword has a value that it cannot have.
        case malformed = "a keyword has a value that JSON Schema does not allow"
        /// A reference leads out of the schema, or to nothing.
        case reference = "a reference leads out of the schema or to nothing"
        /// There are more schemas in it than the limit.
        case tooLarge = "the schema is larger than the limit"
    }

    /// What is wrong.
    public let problem: Problem
    /// The keyword concerned.
    public let keyword: String

    /// For a person.
    public var description: String { "\(keyword): \(problem.rawValue)" }
}
