// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct SchemaBuiltinsTests {
    private func problems(_ document: Operand, _ schema: String) throws -> [String] {
        guard case .array(let result) = try BuiltinCaller()("json.match_schema", document, .string(schema)),
            result.count == 2, case .array(let list) = result[1]
        else { return ["no result"] }
        #expect(result[0] == .boolean(list.isEmpty))
        return list.map { problem in
            guard case .object(let members) = problem, case .string(let type)? = members["type"],
                case .string(let error)? = members["error"]
            else { return "no problem" }
            return "\(type) | \(error)"
        }
    }

    @Test func `describes what is wrong`() throws {
        let result = try BuiltinCaller()(
            "json.match_schema", ["id": "foo"], ["properties": ["id": ["type": "integer"]], "required": ["id"]])
        #expect(
            result == [
                false,
                [
                    [
                        "desc": "Invalid type. Expected: integer, given: string",
                        "error": "id: Invalid type. Expected: integer, given: string", "field": "id",
                        "type": "invalid_type",
                    ]
                ],
            ])
    }

    @Test(
        arguments: [
            ("{}", #"{"required": ["a"]}"#, ["required | (root): a is required"]),
            (
                #"{"a": {"b": [1, "x"]}}"#,
                #"{"properties": {"a": {"properties": {"b": {"items": {"type": "number"}}}}}}"#,
                ["invalid_type | a.b.1: Invalid type. Expected: number, given: string"]
            ),
            (
                #"{"a": 1, "b": 2}"#, #"{"properties": {"a": {}}, "additionalProperties": false}"#,
                ["additional_property_not_allowed | (root): Additional property b is not allowed"]
            ),
            (
                #"{"a": 1.5}"#, #"{"properties": {"a": {"type": ["integer", "null"]}}}"#,
                ["invalid_type | a: Invalid type. Expected: [integer,null], given: number"]
            ),
            (#"{"a": 1.0}"#, #"{"properties": {"a": {"type": "integer"}}}"#, []),
            (#"[1, 2, 1]"#, #"{"uniqueItems": true}"#, ["unique | (root): array items[0,2] must be unique"]),
            (
                #"{"a": 7}"#, #"{"properties": {"a": {"multipleOf": 0.5, "minimum": 8, "exclusiveMaximum": 7}}}"#,
                ["number_lt | a: Must be less than 7", "number_gte | a: Must be greater than or equal to 8"]
            ),
            (
                #"{"a": 0.35}"#, #"{"properties": {"a": {"multipleOf": 0.1}}}"#,
                ["multiple_of | a: Must be a multiple of 0.1"]
            ), (#"{"a": 0.3}"#, #"{"properties": {"a": {"multipleOf": 0.1}}}"#, []),
            (
                #"{"a": "éé"}"#, #"{"properties": {"a": {"minLength": 3, "pattern": "^x"}}}"#,
                [
                    "string_gte | a: String length must be greater than or equal to 3",
                    "pattern | a: Does not match pattern '^x'",
                ]
            ),
            (
                #"{"a": 1}"#, #"{"properties": {"a": {"enum": ["x", 2.0]}}}"#,
                [#"enum | a: a must be one of the following: "x", 2"#]
            ), (#"{"a": 2}"#, #"{"properties": {"a": {"enum": ["x", 2.0]}}}"#, []),
            (#"{"a": 1}"#, #"{"properties": {"a": {"const": 2}}}"#, ["const | a: a does not match: 2"]),
            (
                "[1]", #"{"anyOf": [{"type": "object"}, {"items": {"type": "string"}}]}"#,
                [
                    "number_any_of | (root): Must validate at least one schema (anyOf)",
                    "invalid_type | 0: Invalid type. Expected: string, given: integer",
                ]
            ),
            ("[1]", #"{"oneOf": [{}, {}]}"#, ["number_one_of | (root): Must validate one and only one schema (oneOf)"]),
            ("[1]", #"{"not": {}}"#, ["number_not | (root): Must not validate the schema (not)"]),
            (
                #"{"a": {"a": {"a": 1}}}"#, ##"{"type": "object", "properties": {"a": {"$ref": "#"}}}"##,
                ["invalid_type | a.a.a: Invalid type. Expected: object, given: integer"]
            ),
            (
                #"{"x": 1}"#,
                ##"{"properties": {"x": {"$ref": "#/definitions/s~1t"}}, "definitions": {"s/t": {"type": "string"}}}"##,
                ["invalid_type | x: Invalid type. Expected: string, given: integer"]
            ),
            (
                #"{"x": 1}"#,
                ##"{"properties": {"x": {"$ref": "#s"}}, "definitions": {"t": {"$id": "#s", "type": "string"}}}"##,
                ["invalid_type | x: Invalid type. Expected: string, given: integer"]
            ),
            (
                #"{"k": 1, "kk": "x"}"#, #"{"patternProperties": {"^k+$": {"type": "integer"}}}"#,
                ["invalid_type | kk: Invalid type. Expected: integer, given: string"]
            ),
            (
                #"{"a": 1}"#, #"{"dependencies": {"a": ["b"]}, "propertyNames": {"minLength": 2}}"#,
                [
                    "missing_dependency | (root): Has a dependency on b",
                    #"invalid_property_name | (root): Property name of "a" does not match"#,
                    "string_gte | (root): String length must be greater than or equal to 2",
                ]
            ),
            (
                #"{"a": 1}"#, #"{"if": {"required": ["a"]}, "then": {"required": ["b"]}}"#,
                [
                    #"condition_then | (root): Must validate "then" as "if" was valid"#,
                    "required | (root): b is required",
                ]
            ),
            (
                "[1, 2]", #"{"items": [{}], "additionalItems": false, "contains": {"const": 3}, "maxItems": 1}"#,
                [
                    "array_no_additional_items | (root): No additional items allowed on array",
                    "array_max_items | (root): Array must have at most 1 items",
                    "contains | (root): At least one of the items must match", "const | 0: 0 does not match: 3",
                ]
            ),
            (
                #"{"a": 1}"#,
                ##"{"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"a": {"const": 2, "minimum": 1, "exclusiveMinimum": true}}}"##,
                ["number_gt | a: Must be greater than 1"]
            ),
            ("[]", "false", ["false | (root): False always fails validation"]),
        ] as [(String, String, [String])])
    func `says what is wrong with a document`(document: String, schema: String, expected: [String]) throws {
        #expect(try problems(.string(document), schema) == expected)
    }

    @Test(
        arguments: [
            ("date", "2024-02-29", "2024-02-30"), ("time", "12:00:00Z", "25:00:00"),
            ("date-time", "2024-02-29T12:00:00Z", "2024-02-29 12:00"),
            ("hostname", "a.example", "-a.example"), ("email", "a@b.c", "a b@c"), ("ipv4", "1.2.3.4", "::1"),
            ("ipv6", "::1", "1.2.3.4"), ("uri", "http://a/b?c", "/a"),
            ("uri-reference", "/a", "a b"), ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123"),
            ("regex", "a+", "("), ("json-pointer", "/a~1b", "a"), ("relative-json-pointer", "0/a", "/a"),
            ("uri-template", "/a/{b}", "/a/{b"),
        ])
    func `knows formats`(format: String, good: String, bad: String) throws {
        let schema = "{\"items\": {\"format\": \"\(format)\"}}"
        #expect(try problems([.string(good), 1], schema) == [])
        #expect(try problems([.string(bad)], schema) == ["format | 0: Does not match format '\(format)'"])
    }

    @Test(
        arguments: [
            (
                #"{"type": "unknown"}"#,
                "has a primitive type that is NOT VALID -- given: /unknown/ Expected valid values are:[array boolean integer number null object string]"
            ),
            ("{", "invalid JSON string"), (#"{"minLength": -1}"#, "minLength must be greater than or equal to 0"),
            (#"{"minLength": "x"}"#, "minLength must be of an integer"),
            (#"{"required": ["a", "a"]}"#, "required items must be unique"),
            (#"{"properties": 1}"#, "properties must be of type object"),
            (#"{"pattern": "("}"#, "pattern must be a valid regex"),
            (#"{"type": ["string", "string"]}"#, "string type is duplicated"),
            (#"{"multipleOf": 0}"#, "multipleOf must be strictly greater than 0"),
            (##"{"$ref": "#/definitions/x"}"##, "Object has no key 'definitions'"),
            (
                #"{"$ref": "http://example.com/x"}"#,
                "could not resolve reference http://example.com/x: remote references are not fetched"
            ),
        ])
    func `refuses what is no schema`(schema: String, words: String) throws {
        let call = BuiltinCaller()
        #expect(try call("json.verify_schema", .string(schema)) == [false, .string("jsonschema: \(words)")])
        #expect(call.failure("json.match_schema", "{}", .string(schema)) == words)
    }

    @Test func `accepts schemas as texts and values`() throws {
        let call = BuiltinCaller()
        #expect(try call("json.verify_schema", #"{"type": "boolean"}"#) == [true, nil])
        #expect(try call("json.verify_schema", ["type": "boolean"]) == [true, nil])
        #expect(try call("json.verify_schema", 1) == [false, "jsonschema: wrong type, expected string or object"])
    }

    @Test func `ends where references turn in circles`() {
        let call = BuiltinCaller()
        #expect(call.failure("json.match_schema", "{}", ##"{"$ref": "#"}"##) == "limit: depth")
        #expect(
            call.failure("json.match_schema", "{}", ##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##)?.hasPrefix(
                "limit: ")
                == true)
    }
}
