// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What `print` becomes, and `trace`: both write into the notes of the evaluation.
enum PrintBuiltins {
    static let all: [Builtin] = [
        Builtin("internal.print", [.list(.set(.any))], .boolean, evaluate: print),
        Builtin("trace", [.string], .boolean, evaluate: trace),
    ]

    private static let noteLimit = 10_000

    private static func trace(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        try note(Array(arguments.utf8(0)), context)
        return .boolean(true)
    }

    /// Each operand is a set of the values that it has, empty for an undefined one; there is a note for each combination.
    private static func print(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        var lines: [[UInt8]] = [[]]
        for (position, operand) in arguments[0].elements.enumerated() {
            var texts: [[UInt8]] = []
            for value in operand.elements {
                var printer = RegoPrinter(byteLimit: context.limits.stringBytes)
                try printer.write(plain: value)
                texts.append(printer.bytes)
            }
            if texts.isEmpty { texts = [Array("<undefined>".utf8)] }
            try context.checkCollection(lines.count.multipliedReportingOverflow(by: texts.count).partialValue)
            lines = lines.flatMap { line in texts.map { line + (position > 0 ? [UInt8(ascii: " ")] : []) + $0 } }
        }
        for line in lines { try note(line, context) }
        return .boolean(true)
    }

    private static func note(_ text: [UInt8], _ context: BuiltinContext) throws(BuiltinFailure) {
        try context.checkString(text.count)
        guard context.notes.count < noteLimit else { throw .limit(.collection) }
        context.notes.append(String(decoding: text, as: UTF8.self))
    }
}
