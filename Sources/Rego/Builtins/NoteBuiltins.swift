// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `trace`, and what the compiler makes of `print`.
enum NoteBuiltins {
    /// Notes beyond these are dropped.
    private static let noteLimit = 1000

    static let all: [Builtin] = [
        Builtin("trace", [.string], .boolean) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.string(0)
            try context.checkString(text.byteCount)
            note(text.string, context)
            return .boolean(true)
        },
        Builtin("internal.print", [.list(.anySet)], .boolean, evaluate: printLines),
    ]

    private static func note(_ line: String, _ context: BuiltinContext) {
        if context.notes.count < noteLimit { context.notes.append(line) }
    }

    /// Writes a line for each choice of one element of each set; a set without elements is an undefined operand.
    private static func printLines(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let operands = try arguments.array(0).elements
        guard operands.allSatisfy({ $0.tag == .set || !$0.isCollection }) else {
            throw .halt(code: "eval_internal_error", message: "illegal argument type")
        }
        var choice = [Int](repeating: 0, count: operands.count)
        repeat {
            var line = RegoPrinter(byteLimit: context.limits.stringBytes)
            for (position, operand) in operands.enumerated() {
                try context.charge(1)
                if position > 0 { try line.write(text: [UInt8(ascii: " ")]) }
                // Past the end of an empty set there is an undefined value.
                try line.write(plain: operand.tag == .set ? operand.elements[choice[position]] : operand)
            }
            try context.checkString(line.bytes.count)
            note(String(decoding: line.bytes, as: UTF8.self), context)
        } while advance(&choice, over: operands)
        return .boolean(true)
    }

    /// Goes to the next choice, the last operand first.
    private static func advance(_ choice: inout [Int], over operands: ValueList) -> Bool {
        for position in choice.indices.reversed() {
            if choice[position] &+ 1 < operands[position].count, operands[position].tag == .set {
                choice[position] &+= 1
                return true
            }
            choice[position] = 0
        }
        return false
    }
}
