// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

/// What the arguments of a tool must look like.
@Suite struct ArgumentSchemaTests {
    private static func schema(_ text: String) throws -> ArgumentSchema {
        try ArgumentSchema(try #require(try JSONValue(parsing: text).object))
    }

    private static let fitting: [(String, String, String)] = [
        (##"{"type":"object"}"##, "{}", "[]"),
        (##"{"type":["object","null"]}"##, "null", "1"),
        (##"{"type":"integer"}"##, "1.0", "1.5"),
        (##"{"type":"number","minimum":0.1,"maximum":9007199254740993}"##, "9007199254740993", "9007199254740994"),
        (##"{"exclusiveMinimum":3}"##, "3.0000000000000000001", "3"),
        (##"{"minimum":3,"exclusiveMinimum":true}"##, "4", "3.0"),
        (##"{"maximum":5,"exclusiveMaximum":9}"##, "5", "6"),
        (##"{"multipleOf":0.1}"##, "0.3", "0.35"),
        (##"{"multipleOf":7}"##, "9007199254740995", "9007199254740996"),
        (##"{"enum":["a",1,{"b":[2]}]}"##, ##"{"b":[2.0]}"##, ##"{"b":[2,3]}"##),
        (##"{"const":null}"##, "null", "false"),
        (##"{"minLength":2,"maxLength":2}"##, ##""äö""##, ##""a""##),
        (##"{"pattern":"^a+$"}"##, ##""aaa""##, ##""aab""##),
        (##"{"items":{"type":"string"},"minItems":1,"maxItems":2}"##, ##"["a"]"##, ##"["a",1]"##),
        (##"{"prefixItems":[{"type":"string"}],"items":false}"##, ##"["a"]"##, ##"["a","b"]"##),
        (##"{"items":[{"type":"string"}],"additionalItems":{"type":"number"}}"##, ##"["a",1]"##, ##"["a","b"]"##),
        (##"{"uniqueItems":true}"##, ##"[1,2,{"a":1}]"##, ##"[{"a":1,"b":2},{"b":2,"a":1}]"##),
        (##"{"contains":{"type":"null"},"maxContains":1}"##, "[1,null]", "[null,null]"),
        (##"{"contains":{"type":"null"},"minContains":2}"##, "[null,null]", "[null]"),
        (##"{"required":["a"]}"##, ##"{"a":null}"##, ##"{"A":1}"##),
        (##"{"properties":{"a":{"type":"string"}},"additionalProperties":false}"##, ##"{"a":"x"}"##, ##"{"b":"x"}"##),
        (
            ##"{"patternProperties":{"^x-":{"type":"null"}},"additionalProperties":{"type":"string"}}"##,
            ##"{"x-a":null,"b":"c"}"##, ##"{"x-a":"b"}"##
        ),
        (##"{"propertyNames":{"maxLength":2}}"##, ##"{"ab":1}"##, ##"{"abc":1}"##),
        (##"{"minProperties":1,"maxProperties":1}"##, ##"{"a":1}"##, "{}"),
        (##"{"dependentRequired":{"a":["b"]}}"##, ##"{"b":1}"##, ##"{"a":1}"##),
        (##"{"dependencies":{"a":["b"],"c":{"required":["d"]}}}"##, ##"{"c":1,"d":1}"##, ##"{"c":1}"##),
        (##"{"dependentSchemas":{"a":{"required":["b"]}}}"##, ##"{"a":1,"b":1}"##, ##"{"a":1}"##),
        (##"{"allOf":[{"type":"string"},{"minLength":1}]}"##, ##""a""##, ##""""##),
        (##"{"anyOf":[{"type":"string"},{"type":"null"}]}"##, "null", "1"),
        (##"{"oneOf":[{"type":"number"},{"type":"integer"}]}"##, "1.5", "1"),
        (##"{"not":{"required":["a"]}}"##, "{}", ##"{"a":1}"##),
        (
            ##"{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}"##, ##"{"c":1}"##,
            ##"{"a":1}"##
        ),
        (##"{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"null"}}}"##, "null", "1"),
        (##"{"$ref":"#/$defs/a%25","$defs":{"a%":{"type":"null"}}}"##, "null", "1"),
        (##"{"$ref":"#here","$defs":{"x":{"$anchor":"here","type":"null"}}}"##, "null", "1"),
        (
            ##"{"properties":{"next":{"$ref":"#"}},"additionalProperties":false}"##, ##"{"next":{"next":{}}}"##,
            ##"{"next":{"other":1}}"##
        ),
        (##"{"properties":{"a":true,"b":false}}"##, ##"{"a":1}"##, ##"{"b":1}"##),
    ]

    @Test(arguments: fitting)
    func `What fits and what does not`(_ schema: String, _ fits: String, _ other: String) throws {
        let schema = try Self.schema(schema)
        #expect(schema.unjudged.isEmpty)
        #expect(schema.refusal(of: try JSONValue(parsing: fits)) == nil)
        #expect(schema.refusal(of: try JSONValue(parsing: other)) != nil)
    }

    private static let broken: [(String, String)] = [
        (##"{"type":"text"}"##, "type"), (##"{"type":5}"##, "type"), (##"{"enum":{}}"##, "enum"),
        (##"{"minimum":"1"}"##, "minimum"), (##"{"multipleOf":0}"##, "multipleOf"),
        (##"{"minLength":-1}"##, "minLength"),
        (##"{"pattern":1}"##, "pattern"), (##"{"required":[1]}"##, "required"), (##"{"properties":[]}"##, "properties"),
        (##"{"allOf":[]}"##, "allOf"), (##"{"$ref":"https://evil.test/s"}"##, "$ref"),
        (##"{"$ref":"other.json"}"##, "$ref"),
        (##"{"$ref":"#/$defs/none"}"##, "$ref"), (##"{"$ref":"#/a%2"}"##, "$ref"), (##"{"properties":{"a":5}}"##, "a"),
    ]

    @Test(arguments: broken)
    func `A schema that cannot be read`(_ text: String, _ keyword: String) throws {
        let object = try #require(try JSONValue(parsing: text).object)
        let error = #expect(throws: ArgumentSchemaError.self) { try ArgumentSchema(object) }
        #expect(error?.keyword == keyword)
    }

    private static let open: [(String, String)] = [
        (##"{"properties":{"a":{"pattern":"(?=x)"}}}"##, "properties.a.pattern"),
        (##"{"patternProperties":{"\\bx":{}}}"##, "patternProperties"),
        (##"{"unevaluatedProperties":false}"##, "unevaluatedProperties"), (##"{"$dynamicRef":"#a"}"##, "$dynamicRef"),
    ]

    @Test(arguments: open)
    func `What is not judged is named`(_ text: String, _ place: String) throws {
        #expect(try Self.schema(text).unjudged == [place])
    }

    @Test func `A place is told, a value never`() throws {
        let schema = try Self.schema(
            ##"{"properties":{"list":{"items":{"properties":{"to":{"type":"string","maxLength":3}}}}}}"##)
        let refusal = schema.refusal(of: ["list": [["to": "a"], ["to": "secret"]]])
        #expect(refusal == "list.[1].to: is too short or too long")
    }

    @Test func `Circles and floods end`() throws {
        let circle = try Self.schema(
            ##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}"##)
        #expect(circle.refusal(of: [:]) != nil)
        var branches = ##"{"type":"string"}"##
        for _ in 0..<5 {
            branches = "{\"anyOf\":[" + Array(repeating: branches, count: 4).joined(separator: ",") + "]}"
        }
        let wide = try #require(try JSONValue(parsing: "{\"additionalProperties\":\(branches)}").object)
        if let schema = try? ArgumentSchema(wide) {
            var arguments = JSONObject()
            for index in 0..<1000 { arguments["k\(index)"] = 1 }
            #expect(schema.refusal(of: .object(arguments)) != nil)
        }
        let doubling = try Self.schema(
            ##"{"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}}}"##)
        #expect(doubling.refusal(of: [:])?.contains("steps") == true)
    }
}
