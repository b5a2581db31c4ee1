// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

@Suite struct GrantArgumentConstraintTests {
    private static func number(_ text: String) -> JSONValue { (try? JSONValue(parsing: text)) ?? .null }

    private static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        JSONObject(members.map { ($0.key, $0.value) }).map(JSONValue.object) ?? .null
    }

    private static func constraint(_ members: KeyValuePairs<String, JSONValue>) throws -> ArgumentConstraint {
        try ArgumentConstraint(parsing: object(members))
    }

    @Test("compares numbers exactly, whatever their size and spelling")
    func numbers() throws {
        let big = try Self.constraint(["maximum": Self.number("9007199254740992")])
        #expect(big.refusal(of: Self.number("9007199254740992.0")) == nil)
        #expect(big.refusal(of: Self.number("9007199254740993")) != nil)
        #expect(big.refusal(of: Self.number("9.007199254740993e15")) != nil)
        #expect(big.refusal(of: Self.number("-1e300")) == nil)
        let open = try Self.constraint(["exclusiveMinimum": Self.number("0"), "exclusiveMaximum": Self.number("0.1")])
        #expect(open.refusal(of: Self.number("0")) != nil)
        #expect(open.refusal(of: Self.number("-0.0")) != nil)
        #expect(open.refusal(of: Self.number("1e-300")) == nil)
        #expect(open.refusal(of: Self.number("0.10")) != nil)
        #expect(open.refusal(of: Self.number("0.09999999999999999999999")) == nil)
        let negative = try Self.constraint(["minimum": Self.number("-5")])
        #expect(negative.refusal(of: Self.number("-5.01")) != nil)
        #expect(negative.refusal(of: Self.number("-4.99")) == nil)
        #expect(negative.refusal(of: Self.number("1e300")) == nil)
        #expect(negative.refusal(of: Self.number("-1e300")) != nil)
    }

    @Test("takes 3.0 for an integer and 3.5 not")
    func integers() throws {
        let integer = try Self.constraint(["type": .string("integer")])
        #expect(integer.refusal(of: Self.number("3.0")) == nil)
        #expect(integer.refusal(of: Self.number("35e-1")) != nil)
        #expect(integer.refusal(of: Self.number("30e-1")) == nil)
        #expect(integer.refusal(of: .string("3")) != nil)
    }

    @Test("does not let a value of another type pass a keyword")
    func impliedTypes() throws {
        let pattern = try Self.constraint(["pattern": .string("^[a-z]+$")])
        #expect(pattern.refusal(of: .string("abc")) == nil)
        #expect(pattern.refusal(of: .string("abc1")) == "arguments must match ^[a-z]+$")
        #expect(pattern.refusal(of: .array([.string("ABC")])) != nil)
        #expect(pattern.refusal(of: .null) != nil)
        let nullable = try Self.constraint([
            "type": .array([.string("string"), .string("null")]), "maxLength": Self.number("2"),
        ])
        #expect(nullable.refusal(of: .null) == nil)
        #expect(nullable.refusal(of: .string("abc")) != nil)
        #expect(nullable.refusal(of: Self.number("1")) != nil)
    }

    @Test("compares strings by bytes, not by canonical equivalence")
    func bytes() throws {
        let constant = try Self.constraint(["const": .string("\u{E9}")])
        #expect(constant.refusal(of: .string("\u{E9}")) == nil)
        #expect(constant.refusal(of: .string("e\u{301}")) != nil)
        let closed = try Self.constraint([
            "properties": Self.object(["\u{E9}": Self.object([:])]), "additionalProperties": .bool(false),
        ])
        #expect(closed.refusal(of: Self.object(["e\u{301}": .null])) != nil)
    }

    @Test("judges members, items and lengths, and names the place without the value")
    func places() throws {
        let constraint = try Self.constraint([
            "required": .array([.string("query")]), "additionalProperties": .bool(false),
            "properties": Self.object([
                "query": Self.object(["minLength": Self.number("2"), "maxLength": Self.number("5")]),
                "tags": Self.object([
                    "items": Self.object(["enum": .array([.string("a"), .string("b")])]), "maxItems": Self.number("2"),
                ]),
            ]),
        ])
        let good = Self.object(["query": .string("ééééé"), "tags": .array([.string("a"), .string("b")])])
        #expect(constraint.refusal(of: good) == nil)
        let missing = constraint.refusal(of: Self.object([:]))
        #expect(missing == "arguments must have query")
        let secret = constraint.refusal(of: Self.object(["query": .string("secret")]))
        #expect(secret == "arguments.query must have at most 5 characters")
        let tags = constraint.refusal(
            of: Self.object(["query": .string("ab"), "tags": .array([.string("a"), .string("c")])]))
        #expect(tags == "arguments.tags[1] must be one of the 2 values that the grant names")
        let extra = constraint.refusal(of: Self.object(["query": .string("ab"), "path": .string("/etc")]))
        #expect(extra?.contains("no members but") == true)
    }

    @Test("compares constants of every kind, objects without regard to order")
    func constants() throws {
        let value = Self.object(["a": .array([Self.number("1"), .bool(true), .null]), "b": .string("x")])
        let same = Self.object(["b": .string("x"), "a": .array([Self.number("1.0"), .bool(true), .null])])
        let constraint = try Self.constraint(["const": value])
        #expect(constraint.refusal(of: same) == nil)
        #expect(constraint.refusal(of: Self.object(["a": .null, "b": .string("x")])) != nil)
        #expect(constraint.refusal(of: .array([])) != nil)
    }

    @Test(
        "refuses what it does not support, and says where",
        arguments: [
            ("$ref", JSONValue.string("#/x"), "$ref: this keyword is not supported"),
            ("pattern", .string("(?=a)"), "pattern: "),
            ("pattern", .bool(true), "pattern: a regular expression"),
            ("type", .string("text"), "type: one or more of"),
            ("type", .array([]), "type: one or more of"), ("enum", .array([]), "enum: a list of values"),
            ("minLength", .string("1"), "minLength: a whole number"),
            ("required", .string("a"), "required: a list of names"),
            ("additionalProperties", Self.object([:]), "additionalProperties: true or false"),
            (
                "properties", Self.object(["a": Self.object(["format": .string("uri")])]),
                "properties.a.format: this keyword"
            ),
            ("items", .bool(true), "items: a constraint is a mapping"), ("maximum", .string("5"), "maximum: a number"),
        ])
    func refuses(keyword: String, operand: JSONValue, message: String) {
        let error = #expect(throws: ArgumentConstraintError.self) { try Self.constraint([keyword: operand]) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test("limits depth")
    func depth() {
        var nested = Self.object([:])
        for _ in 0..<60 { nested = Self.object(["items": nested]) }
        #expect(throws: ArgumentConstraintError.self) { try ArgumentConstraint(parsing: nested) }
        var value = JSONValue.null
        for _ in 0..<60 { value = .array([value]) }
        #expect(throws: ArgumentConstraintError.self) { try Self.constraint(["const": value]) }
    }
}
