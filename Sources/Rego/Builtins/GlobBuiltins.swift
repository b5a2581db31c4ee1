// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `glob.*`.
enum GlobBuiltins {
    static let all: [Builtin] = [
        Builtin(
            "glob.match", [.string, .union([.null, .list(.string)]), .string], .boolean, evaluate: match),
        Builtin("glob.quote_meta", [.string], .string, evaluate: quote),
    ]

    private static func match(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let source = try arguments.string(0)
        let marks = try marks(of: arguments[1])
        let text = try arguments.utf8(2)
        let pattern = try context.patterns.pattern(source, marks: marks, context) { () throws(BuiltinFailure) in
            try GlobPattern.expression(of: source.utf8, delimiters: delimiters(of: marks))
        }
        try context.charge(text.count / 64 &+ 1)
        return .boolean(pattern.matches(text))
    }

    private static func quote(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let text = try arguments.utf8(0)
        try context.checkString(text.count &* 2)
        return context.heap.string(GlobPattern.quote(text))
    }

    /// What tells apart globs of the same pattern: 0 and the delimiters. An empty array means a dot, null none.
    private static func marks(of operand: Value) throws(BuiltinFailure) -> [UInt8] {
        var marks: [UInt8] = [0]
        if operand.tag == .null { return marks }
        guard operand.tag == .array else { throw .operand(2, mustBeOneOf: ["array", "null"], got: operand) }
        if operand.count == 0 { return [0, UInt8(ascii: ".")] }
        for element in operand.elements {
            guard element.isString else { throw mustBeArray(of: "string", got: element) }
            var reader = ScalarReader(element.utf8)
            guard reader.next() != nil, reader.next() == nil else { throw mustBeArray(of: "rune", got: element) }
            marks += element.utf8
        }
        return marks
    }

    private static func delimiters(of marks: [UInt8]) -> [Unicode.Scalar] {
        marks.withUnsafeBufferPointer { bytes in
            var reader = ScalarReader(bytes, from: 1)
            var delimiters: [Unicode.Scalar] = []
            while let delimiter = reader.next() { delimiters.append(delimiter) }
            return delimiters
        }
    }

    private static func mustBeArray(of element: String, got value: Value) -> BuiltinFailure {
        .type("operand 2 must be array of \(element)s but got array containing \(value.typeName)")
    }
}
