// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct GraphQLBuiltinsTests {
    private static let schema = """
        interface Named { name: String! }
        type Dog implements Named { name: String! barks(volume: Int = 1, at: [ID!]): Boolean owner: Human age: Int }
        type Human implements Named { name: String! dogs(first: Int!): [Dog!]! age: String }
        union Being = Dog | Human
        enum Mood { HAPPY SAD }
        input Filter { name: String! mood: Mood limit: Int = 3 inner: Filter }
        directive @trace(id: ID) repeatable on FIELD
        type Query { dog: Dog human: Human being: Being named: Named find(filter: Filter): [Being] mood(of: Mood): Mood }
        type Subscription { news: String more: String }
        """

    @Test func `writes the tree of a query`() throws {
        let tree = try BuiltinCaller()(
            "graphql.parse_query", "{ d: dog(a: [1, $x]) @trace { ...F ... on Dog { name } } }")
        let child: (Operand, Int64) -> Operand = { raw, kind in
            ["Name": "", "Value": ["ExpectedTypeHasDefault": false, "Kind": .integer(kind), "Raw": raw]]
        }
        let list: Operand = [
            "Children": [child("1", 1), child("x", 0)], "ExpectedTypeHasDefault": false, "Kind": 8, "Raw": "",
        ]
        let field: Operand = [
            "Alias": "d", "Name": "dog", "Arguments": [["Name": "a", "Value": list]],
            "Directives": [["Name": "trace", "Location": ""]],
            "SelectionSet": [
                ["Name": "F"], ["TypeCondition": "Dog", "SelectionSet": [["Alias": "name", "Name": "name"]]],
            ],
        ]
        #expect(tree == ["Operations": [["Name": "", "Operation": "query", "SelectionSet": [field]]]])
    }

    @Test(
        arguments: [
            ("{", "Expected Name, found <EOF> in GraphQL string at location 1:2"),
            ("{ field: {} }", "Expected Name, found { in GraphQL string at location 1:10"),
            ("query Foo($x: A = [$v]) { f }", "Unexpected $ in GraphQL string at location 1:20"),
            ("{ a { } }", "expected at least one definition, found } in GraphQL string at location 1:7"),
            ("{ a(b: 01) }", "Unexpected <Invalid> in GraphQL string at location 1:9"),
            ("{ a(b: \"x", "Unexpected <Invalid> in GraphQL string at location 1:10"),
            ("{ a ? }", "Expected Name, found <Invalid> in GraphQL string at location 1:5"),
            ("\n\n  é", "Unexpected <Invalid> in GraphQL string at location 3:3"),
        ])
    func `says where a query is wrong`(text: String, words: String) {
        #expect(BuiltinCaller().failure("graphql.parse_query", .string(text)) == words)
    }

    @Test(
        arguments: [
            "{ dog { name barks(volume: 2, at: [1, \"a\"]) } }",
            "query A { dog { ...F } } query B { dog { ...F } } fragment F on Dog { name }",
            "query Q($f: Filter = {name: \"x\"}) { find(filter: $f) { ... on Dog { name } ...H } } fragment H on Human { name }",
            "{ named { name ... on Dog { age } } __schema { types { name } } __type(name: \"Dog\") { kind } __typename }",
            "{ being { ... on Dog { x: age } ... on Human { y: age } } }",
            "query Q($v: Int) { dog { barks(volume: $v) @trace @trace(id: 1) } }",
            "subscription { news }", "query Q($i: Boolean!) { dog @include(if: $i) { name } }", "{ mood(of: HAPPY) }",
            "{ dog { name } dog { age } }",
            "{ find(filter: {name: \"a\", inner: {name: \"b\", limit: null}}) { __typename } }",
        ])
    func `accepts valid queries`(query: String) throws {
        let call = BuiltinCaller()
        #expect(call.failure("graphql.parse", .string(query), .string(Self.schema)) == nil)
        #expect(try call("graphql.is_valid", .string(query), .string(Self.schema)) == true)
    }

    @Test(
        arguments: [
            ("{ cat }", #"Cannot query field "cat" on type "Query""#),
            ("{ dog }", #"must have a selection of subfields"#),
            ("{ dog { name { __typename } } }", #"must not have a selection since type "String" has no subfields"#),
            ("{ dog { barks(x: 1) } }", #"Unknown argument "x" on field "Dog.barks""#),
            (
                "{ human { dogs { name } } }",
                #"Field "dogs" argument "first" of type "Int!" is required, but it was not provided"#
            ),
            ("{ dog { barks(volume: \"a\") } }", #"Int cannot represent non-integer value: "a""#),
            ("{ dog { barks(volume: 1, volume: 2) } }", #"There can be only one argument named "volume""#),
            ("{ mood(of: ANGRY) }", #"Value "ANGRY" does not exist in "Mood" enum"#),
            ("{ mood(of: \"HAPPY\") }", #"Enum "Mood" cannot represent non-enum value: "HAPPY""#),
            (
                "{ find(filter: {}) { __typename } }",
                #"Field "Filter.name" of required type "String!" was not provided"#
            ),
            ("{ find(filter: {name: \"a\", x: 1}) { __typename } }", #"Field "x" is not defined by type "Filter""#),
            (
                "{ find(filter: {name: \"a\", name: \"b\"}) { __typename } }",
                #"There can be only one input field named "name""#
            ),
            ("{ find(filter: {name: null}) { __typename } }", #"Expected value of type "String!", found null"#),
            ("{ dog { name @nope } }", #"Unknown directive "@nope""#),
            ("query @trace { dog { name } }", #"Directive "@trace" may not be used on QUERY"#),
            ("{ dog { name @skip } }", #"Directive "@skip" argument "if" of type "Boolean!" is required"#),
            (
                "{ dog { name @skip(if: true) @skip(if: true) } }",
                #"The directive "@skip" can only be used once at this location"#
            ),
            ("{ dog { ...F } }", #"Unknown fragment "F""#),
            ("{ dog { name } } fragment F on Dog { name }", #"Fragment "F" is never used"#),
            ("{ dog { ...F } } fragment F on Dog { ...F }", #"Cannot spread fragment "F" within itself"#),
            (
                "{ dog { ...F } } fragment F on Dog { ...G } fragment G on Dog { ...F }",
                #"Cannot spread fragment "F" within itself via "G""#
            ),
            (
                "{ dog { ...F } } fragment F on Mood { __typename }",
                #"Fragment "F" cannot condition on non composite type "Mood""#
            ),
            ("{ dog { ... on Human { name } } }", #"can never be of type "Human""#),
            ("{ dog { ... on Cat { name } } }", #"Unknown type "Cat""#),
            ("query Q($x: Int) { dog { name } }", #"Variable "$x" is never used in operation "Q""#),
            ("{ dog { barks(volume: $x) } }", #"Variable "$x" is not defined"#),
            (
                "query Q($x: String) { dog { barks(volume: $x) } }",
                #"Variable "$x" of type "String" used in position expecting type "Int""#
            ),
            ("query Q($x: Dog) { dog { barks(volume: $x) } }", #"Variable "$x" cannot be non-input type "Dog""#),
            ("query Q($x: Int, $x: Int) { dog { barks(volume: $x) } }", #"There can be only one variable named "$x""#),
            ("query A { dog { name } } query A { dog { name } }", #"There can be only one operation named "A""#),
            (
                "{ dog { name } } query A { dog { name } }",
                "This anonymous operation must be the only defined operation"
            ),
            ("mutation { x }", #"Schema does not support operation type "mutation""#),
            ("subscription { news more }", "Anonymous Subscription must select only one top level field"),
            ("{ dog { a: name a: age } }", #"Fields "a" conflict because name and age are different fields"#),
            (
                "{ dog { barks(volume: 1) barks(volume: 2) } }",
                #"Fields "barks" conflict because they have differing arguments"#
            ),
            (
                "{ being { ... on Dog { age } ... on Human { age } } }",
                #"Fields "age" conflict because they return conflicting types Int and String"#
            ),
            (
                "{ a: dog { name } a: human { name } }",
                #"Fields "a" conflict because dog and human are different fields"#
            ),
            (
                "{ dog { owner { x: name } } dog { owner { x: age } } }",
                #"Fields "dog" conflict because subfields "owner" conflict because subfields "x" conflict because"#
            ),
        ])
    func `refuses queries that break a rule`(query: String, words: String) throws {
        let call = BuiltinCaller()
        let failure = try #require(call.failure("graphql.parse", .string(query), .string(Self.schema)))
        #expect(failure.contains(words), "\(failure)")
        #expect(failure.contains(" in GraphQL string at location 1:"))
        #expect(try call("graphql.is_valid", .string(query), .string(Self.schema)) == false)
        #expect(try call("graphql.parse_and_verify", .string(query), .string(Self.schema)) == [false, [:], [:]])
    }

    @Test(
        arguments: [
            ("type A { x: B }", "Undefined type B."),
            ("type A { x: Int } type A { y: Int }", "Cannot redeclare type A."),
            ("type A { x: Int x: Int }", "Field A.x can only be defined once."),
            ("type A implements I { x: Int }", #"Undefined type "I"."#),
            ("interface I { x: Int! } type A implements I { x: Int }", "the field x must have type Int!."),
            ("enum E { true }", "non-enum value true."),
            ("type A { __x: Int }", "must not begin with \"__\""),
            ("type A { x: Int @nope }", "Undefined directive nope."),
            ("type A @skip(if: true) { x: Int }", "Directive skip is not applicable on OBJECT."),
            ("union U = Int", "UNION type \"Int\" must be OBJECT."),
            ("schema { query: Q }", "Schema root query refers to a type Q that does not exist."),
            ("input I { a: A } type A { x: Int }", "field must be one of SCALAR, ENUM, INPUT_OBJECT."),
            ("type A { x(a: A): Int }", "is not a valid input type"),
            (
                "extend enum A { B } type A { x: Int }",
                "Cannot extend type A because the base type is a OBJECT, not ENUM."
            ),
        ])
    func `refuses schemas that break a rule`(schema: String, words: String) throws {
        let call = BuiltinCaller()
        let failure = try #require(call.failure("graphql.parse", "{ a }", .string(schema)))
        #expect(failure.contains(words), "\(failure)")
        #expect(try call("graphql.schema_is_valid", .string(schema)) == false)
    }

    @Test func `takes trees for texts`() throws {
        let call = BuiltinCaller()
        let query = try call("graphql.parse_query", "{ dog { name } }")
        let schema = try call("graphql.parse_schema", .string(Self.schema))
        #expect(try call("graphql.parse_and_verify", query, schema) == [true, query, schema])
        #expect(try call("graphql.is_valid", 1, schema) == false)
        #expect(
            call.failure("graphql.parse", query, 1) == "type: operand 1 must be one of {string, object} but got number")
        #expect(try call("graphql.is_valid", ["Operations": [["SelectionSet": [["Name": 1]]], 7]], schema) == false)
    }

    @Test func `removes the indentation of block strings`() throws {
        let tree = try BuiltinCaller()("graphql.parse_schema", "\"\"\"\n    a\n      b\n\n\"\"\" scalar X")
        #expect(
            tree == [
                "Definitions": [["BuiltIn": false, "Description": "a\n  b", "Kind": "SCALAR", "Name": "X"]]
            ])
    }

    @Test func `bounds hostile documents`() {
        let deep = String(repeating: "{a", count: 10_000)
        #expect(BuiltinCaller().failure("graphql.parse_query", .string(deep)) == "limit: depth")
        let lists = "{a(b:" + String(repeating: "[", count: 10_000)
        #expect(BuiltinCaller().failure("graphql.parse_query", .string(lists)) == "limit: depth")
        var fragments = "{ dog { ...F0 } }"
        for level in 0..<300 { fragments += " fragment F\(level) on Dog { name ...F\(level + 1) ...F\(level + 1) }" }
        #expect(BuiltinCaller().failure("graphql.parse", .string(fragments), .string(Self.schema)) != nil)
    }
}
