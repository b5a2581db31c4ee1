// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `base64.*`, `base64url.*`, `hex.*` and `urlquery.*`.
enum EncodingBuiltins {
    static let all: [Builtin] = [
        encoder("base64.encode") { Base64.standard.encode($0, padded: true) },
        decoder("base64.decode") { text throws(BuiltinFailure) in
            try decode { () throws(Base64.Corrupt) in try Base64.standard.decode(text) }
        },
        Builtin("base64.is_valid", [.string], .boolean, evaluate: isBase64),
        encoder("base64url.encode") { Base64.url.encode($0, padded: true) },
        encoder("base64url.encode_no_pad") { Base64.url.encode($0, padded: false) },
        decoder("base64url.decode") { text throws(BuiltinFailure) in
            try decode { () throws(Base64.Corrupt) in try Base64.url.decodeUnpadded(text) }
        },
        encoder("hex.encode") { Hexadecimal.encode($0) },
        decoder("hex.decode") { text throws(BuiltinFailure) in try HexadecimalText.decode(text) },
        encoder("urlquery.encode") { text in
            var output: [UInt8] = []
            FormText.encode(text, to: &output)
            return output
        },
        decoder("urlquery.decode") { text throws(BuiltinFailure) in try FormText.decode(ArraySlice(text)) },
        Builtin(
            "urlquery.encode_object", [.map(.string, .union([.string, .list(.string), .set(.string)]))], .string,
            evaluate: encodeObject),
        Builtin("urlquery.decode_object", [.string], .map(.string, .list(.string)), evaluate: decodeObject),
    ]

    private static func encoder(
        _ name: Text, _ encode: @escaping @Sendable (UnsafeBufferPointer<UInt8>) -> [UInt8]
    ) -> Builtin {
        Builtin(name, [.string], .string) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.utf8(0)
            try context.checkString(text.count)
            let result = encode(text)
            try context.checkString(result.count)
            return context.heap.string(result)
        }
    }

    private static func decoder(
        _ name: Text, _ decode: @escaping @Sendable (UnsafeBufferPointer<UInt8>) throws(BuiltinFailure) -> [UInt8]
    ) -> Builtin {
        Builtin(name, [.string], .string) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.utf8(0)
            try context.checkString(text.count)
            return context.heap.string(UTF8Text.repaired(try decode(text)))
        }
    }

    private static func decode(_ body: () throws(Base64.Corrupt) -> [UInt8]) throws(BuiltinFailure) -> [UInt8] {
        do throws(Base64.Corrupt) {
            return try body()
        } catch {
            throw .value(error.message)
        }
    }

    private static func isBase64(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        guard arguments[0].isString else { return .boolean(false) }
        let text = arguments[0].utf8
        try context.checkString(text.count)
        return .boolean((try? Base64.standard.decode(text)) != nil)
    }

    private static func encodeObject(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let mustBeStrings = BuiltinFailure.type("operand 1 values must be string, array[string], or set[string]")
        var fields: [(key: [UInt8], values: Value)] = []
        for member in try arguments.object(0).members {
            try context.charge(1)
            fields.append((member.key.isString ? Array(member.key.utf8) : JSONWriter.bytes(member.key), member.value))
        }
        fields.sort { $0.key.lexicographicallyPrecedes($1.key) }
        var output: [UInt8] = []
        func write(_ value: Value, under key: [UInt8]) throws(BuiltinFailure) {
            guard value.isString else { throw mustBeStrings }
            if !output.isEmpty { output.append(UInt8(ascii: "&")) }
            FormText.encode(key, to: &output)
            output.append(UInt8(ascii: "="))
            FormText.encode(value.utf8, to: &output)
            if output.count > context.limits.stringBytes { throw .limit(.string) }
        }
        for field in fields {
            switch field.values.tag {
            case .string: try write(field.values, under: field.key)
            case .array, .set: for value in field.values.elements { try write(value, under: field.key) }
            default: throw mustBeStrings
            }
        }
        try context.checkString(output.count)
        return context.heap.string(output)
    }

    private static func decodeObject(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let text = try arguments.utf8(0)
        try context.checkString(text.count)
        let heap = context.heap
        let result = heap.emptyObject()
        for field in ArraySlice(text).split(separator: UInt8(ascii: "&")) {
            try context.checkElement(after: result.count)
            guard !field.contains(UInt8(ascii: ";")) else { throw .value("invalid semicolon separator in query") }
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let key = heap.string(try FormText.decode(parts[0]))
            let value = heap.string(try FormText.decode(parts.count > 1 ? parts[1] : []))
            let known = result.member(key)
            if known.isDefined {
                heap.append(value, to: known)
            } else {
                heap.insert(key, heap.array([value]), into: result)
            }
        }
        return result
    }
}
