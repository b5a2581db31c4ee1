// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `json.marshal`, `json.unmarshal` and `json.is_valid`.
enum JSONBuiltins {
    private static let layout = RegoType.object(
        [
            RegoType.Member(key: .string("indent"), value: .string),
            RegoType.Member(key: .string("prefix"), value: .string),
            RegoType.Member(key: .string("pretty"), value: .boolean),
        ], rest: RegoType.Rest(key: .string, value: .any))

    static let all: [Builtin] = [
        Builtin("json.marshal", [.any], .string) { arguments, context throws(BuiltinFailure) in
            try text(arguments[0], JSONWriter.Options(), context)
        },
        Builtin("json.marshal_with_options", [.any, layout], .string, evaluate: marshal),
        Builtin("json.unmarshal", [.string], .any) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.utf8(0)
            do throws(JSONFailure) {
                return try read(text, context)
            } catch {
                throw failure(error, of: text)
            }
        },
        Builtin("json.is_valid", [.string], .boolean) { arguments, context throws(BuiltinFailure) in
            guard arguments[0].isString else { return .boolean(false) }
            do throws(JSONFailure) {
                _ = try read(arguments[0].utf8, context)
                return .boolean(true)
            } catch {
                guard case .limit(let limit) = error else { return .boolean(false) }
                throw .limit(limit)
            }
        },
    ]

    private static func text(
        _ value: Value, _ options: JSONWriter.Options, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        var options = options
        options.escapesHTML = true
        options.byteLimit = context.limits.stringBytes
        var writer = JSONWriter(options)
        do {
            try writer.write(value)
        } catch {
            if case .limit(.result) = error { throw .limit(.string) }
            throw error
        }
        let text = options.indent == nil ? writer.bytes : options.prefix + writer.bytes
        try context.checkString(text.count)
        return context.heap.string(text)
    }

    private static func marshal(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let layout = try arguments.object(1)
        var isPretty: Bool?
        var options = JSONWriter.Options()
        for member in layout.members {
            let key = member.key.string
            let value = member.value
            guard member.key.isString else {
                throw .type("operand 2 failed to stringify key \(RegoPrinter.string(member.key))")
            }
            switch key {
            case "indent", "prefix":
                guard value.isString else { throw .type("operand 2 key \"\(key)\" failed cast to string") }
                if key == "indent" { options.indent = Array(value.utf8) } else { options.prefix = Array(value.utf8) }
            case "pretty":
                guard value.isBoolean else { throw .type("operand 2 key \"\(key)\" failed cast to bool") }
                isPretty = value.isTrue
            default:
                throw .type("operand 2 object contained unknown key \(RegoPrinter.string(member.key))")
            }
        }
        let hasLayout = layout.contains(context.heap.string("indent")) || layout.contains(context.heap.string("prefix"))
        if isPretty ?? hasLayout {
            options.indent = options.indent ?? [0x09]
        } else {
            options.indent = nil
        }
        return try text(arguments[0], options, context)
    }

    private static func read(
        _ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(JSONFailure) -> Value {
        do throws(BuiltinFailure) {
            try context.checkString(text.count)
        } catch {
            guard case .limit(let limit) = error else { throw .limit(.string) }
            throw .limit(limit)
        }
        return try JSONReader(heap: context.heap, limits: context.limits).read(text)
    }

    private static func failure(_ failure: JSONFailure, of text: UnsafeBufferPointer<UInt8>) -> BuiltinFailure {
        switch failure {
        case .limit(let limit): .limit(limit)
        case .malformed(_, .unexpectedEnd):
            .value(text.allSatisfy { $0 <= 0x20 } ? "EOF" : "unexpected EOF")
        case .malformed(_, let problem): .value(problem.description)
        }
    }
}
