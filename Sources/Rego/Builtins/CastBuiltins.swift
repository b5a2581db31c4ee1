// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `to_number` and the old `cast_*`.
enum CastBuiltins {
    static let all: [Builtin] = [
        Builtin("to_number", [.union([.number, .string, .boolean, .null])], .number, evaluate: toNumber),
        Builtin("cast_array", [.any], .anyArray, traits: .deprecated) { arguments, context throws(BuiltinFailure) in
            let value = arguments[0]
            if value.tag == .array { return value }
            guard value.tag == .set else { throw .operand(1, mustBeOneOf: ["array", "set"], got: value) }
            try context.checkCollection(value.count)
            return context.heap.array(value.elements)
        },
        Builtin("cast_set", [.any], .anySet, traits: .deprecated) { arguments, context throws(BuiltinFailure) in
            let value = arguments[0]
            if value.tag == .set { return value }
            guard value.tag == .array else { throw .operand(1, mustBeOneOf: ["array", "set"], got: value) }
            try context.checkCollection(value.count)
            return context.heap.set(value.elements)
        },
        same("cast_string", "string", .string),
        same("cast_boolean", "boolean", .boolean),
        same("cast_null", "null", .null),
        same("cast_object", "object", .anyObject),
    ]

    private static func same(_ name: Text, _ expected: String, _ type: RegoType) -> Builtin {
        Builtin(name, [.any], type, traits: .deprecated) { arguments, _ throws(BuiltinFailure) in
            let value = arguments[0]
            guard value.typeName == expected else { throw .operand(1, mustBe: expected, got: value) }
            return value
        }
    }

    private static func toNumber(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let value = arguments[0]
        switch value.tag {
        case .integer, .decimal: return value
        case .null, .false: return .integer(0)
        case .true: return .integer(1)
        case .string: return try number(value, context)
        default: throw .operand(1, mustBeOneOf: ["null", "boolean", "number", "string"], got: value)
        }
    }

    private static func number(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let text = value.utf8
        let word = text.drop { $0 == 0x2B || $0 == 0x2D }.map { $0 | 0x20 }
        if word == Array("inf".utf8) || word == Array("infinity".utf8) || word == Array("nan".utf8) {
            throw .operand(1, mustBe: "valid number string", got: value)
        }
        guard text.count <= context.limits.numberDigits &+ 32 else { throw .limit(.number) }
        // What only Go reads as a number (+1, 1., .5, 007) is put into the form of JSON.
        guard let form = canonical(text) else {
            var message: [UInt8] = []
            QuotedText.write(text, to: &message)
            throw .value("strconv.ParseFloat: parsing \(String(decoding: message, as: UTF8.self)): invalid syntax")
        }
        do {
            return try form.withUnsafeBufferPointer { bytes throws(NumberText.Failure) in
                try context.heap.number(parsing: bytes, limits: context.limits)
            }
        } catch {
            throw .limit(.number)
        }
    }

    /// A text of digits, at most one point among or beside them, and an exponent, as JSON writes it.
    private static func canonical(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        if NumberText.end(of: text, from: 0) == text.count { return Array(text) }
        var position = 0
        var result: [UInt8] = []
        if text.first == 0x2B || text.first == 0x2D {
            if text.first == 0x2D { result.append(0x2D) }
            position = 1
        }
        let integer = text[position...].prefix { $0 &- 0x30 < 10 }
        position = integer.endIndex
        var fraction = text[position..<position]
        if position < text.count, text[position] == 0x2E {
            fraction = text[(position &+ 1)...].prefix { $0 &- 0x30 < 10 }
            position = fraction.endIndex
        }
        if integer.isEmpty && fraction.isEmpty { return nil }
        let significant = integer.drop { $0 == 0x30 }
        result += significant.isEmpty ? [0x30] : Array(significant)
        if !fraction.isEmpty { result += [0x2E] + fraction }
        result += text[position...]
        return result.withUnsafeBufferPointer { NumberText.end(of: $0, from: 0) } == result.count ? result : nil
    }
}
