// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// A short notation for schemas of flat messages: `agent, bytes_up:int, why?, signals:[string], now?:Judgement`.
///
/// A member without a type is a string; `?` marks one that may be absent or null; `[x]` is a list, `{x}` an object of any
/// names, `a|b` one of these words, and a name with a capital letter another schema.
enum SchemaNotation {
    /// The schema of an object.
    static func object(_ members: String) -> JSONValue {
        var properties: [(name: String, value: JSONValue)] = []
        var required: [JSONValue] = []
        for member in members.split(separator: ",") {
            let text = member.drop { $0 == " " || $0 == "\n" }
            let parts = text.split(separator: ":", maxSplits: 1)
            guard let first = parts.first else { continue }
            let isOptional = first.utf8.last == UInt8(ascii: "?")
            let name = String(isOptional ? first.dropLast() : first)
            let type = type(parts.count == 2 ? parts[1] : "string")
            properties.append((name, isOptional ? nullable(type) : type))
            if !isOptional { required.append(.string(name)) }
        }
        var schema: [(name: String, value: JSONValue)] = [
            ("type", "object"), ("properties", .object(JSONObject(properties) ?? JSONObject())),
        ]
        if !required.isEmpty { schema.append(("required", .array(required))) }
        return .object(JSONObject(schema) ?? JSONObject())
    }

    /// The schema of one type.
    static func type(_ text: some StringProtocol) -> JSONValue {
        switch text {
        case "string": return object([("type", "string")])
        case "int": return object([("type", "integer"), ("format", "int64")])
        case "bool": return object([("type", "boolean")])
        default: break
        }
        let inner = text.dropFirst().dropLast()
        switch text.utf8.first ?? 0 {
        case UInt8(ascii: "["): return object([("type", "array"), ("items", type(inner))])
        case UInt8(ascii: "{"): return object([("type", "object"), ("additionalProperties", type(inner))])
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return object([("$ref", .string("#/components/schemas/\(text)"))])
        default:
            return object([
                ("type", "string"), ("enum", .array(text.split(separator: "|").map { .string(String($0)) })),
            ])
        }
    }

    /// The same, or null.
    private static func nullable(_ schema: JSONValue) -> JSONValue {
        object([("anyOf", [schema, object([("type", "null")])])])
    }

    private static func object(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
        .object(JSONObject(members) ?? JSONObject())
    }
}
