// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The arithmetic operators, rounding, and ranges of numbers.
enum ArithmeticBuiltins {
    private static let numberOrSet = RegoType.union([.number, .anySet])

    static let all: [Builtin] = [
        Builtin("plus", [.number, .number], .number, infix: "+") { arguments, context throws(BuiltinFailure) in
            try Arithmetic.add(arguments.number(0), arguments.number(1), context)
        },
        Builtin("minus", [numberOrSet, numberOrSet], numberOrSet, infix: "-", evaluate: minus),
        Builtin("mul", [.number, .number], .number, infix: "*") { arguments, context throws(BuiltinFailure) in
            try Arithmetic.multiply(arguments.number(0), arguments.number(1), context)
        },
        Builtin("div", [.number, .number], .number, infix: "/") { arguments, context throws(BuiltinFailure) in
            try Arithmetic.divide(arguments.number(0), arguments.number(1), context)
        },
        Builtin("rem", [.number, .number], .number, infix: "%") { arguments, context throws(BuiltinFailure) in
            try Arithmetic.remainder(arguments.number(0), arguments.number(1), context)
        },
        Builtin("abs", [.number], .number) { arguments, context throws(BuiltinFailure) in
            try Arithmetic.absolute(arguments.number(0), context)
        },
        Builtin("round", [.number], .number) { arguments, context throws(BuiltinFailure) in
            try Arithmetic.round(arguments.number(0), context)
        },
        Builtin("ceil", [.number], .number) { arguments, context throws(BuiltinFailure) in
            try Arithmetic.ceiling(arguments.number(0), context)
        },
        Builtin("floor", [.number], .number) { arguments, context throws(BuiltinFailure) in
            try Arithmetic.floor(arguments.number(0), context)
        },
        Builtin("numbers.range", [.number, .number], .list(.number)) { arguments, context throws(BuiltinFailure) in
            try range(
                from: arguments.bigInteger(0, context), to: arguments.bigInteger(1, context), step: BigInteger(1),
                context)
        },
        Builtin("numbers.range_step", [.number, .number, .number], .list(.number)) {
            arguments, context throws(BuiltinFailure) in
            let step = try arguments.bigInteger(2, context)
            let first = try arguments.bigInteger(0, context)
            let last = try arguments.bigInteger(1, context)
            if step <= BigInteger(0) { throw .value("step must be a positive integer") }
            return try range(from: first, to: last, step: step, context)
        },
    ]

    private static func minus(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let left = arguments[0]
        let right = arguments[1]
        if left.isNumber {
            guard right.isNumber else { throw .operand(2, mustBe: "number", got: right) }
            return try Arithmetic.subtract(left, right, context)
        }
        guard left.tag == .set else { throw .operand(1, mustBeOneOf: ["number", "set"], got: left) }
        guard right.tag == .set else { throw .operand(2, mustBe: "set", got: right) }
        return try SetBuiltins.difference(left, right, context)
    }

    private static func range(
        from first: BigInteger, to last: BigInteger, step: BigInteger, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let isRising = first <= last
        let distance = (last - first).magnitude
        guard let count = distance.dividing(by: step.magnitude).quotient.word, count < UInt64(Int.max) else {
            throw .limit(.collection)
        }
        try context.checkCollection(Int(count) &+ 1)
        let heap = context.heap
        let result = heap.emptyArray(capacity: Int(count) &+ 1)
        if let start = first.int64, last.int64 != nil, let small = step.int64 {
            var number = start
            for _ in 0...count {
                heap.append(.integer(number), to: result)
                number = isRising ? number &+ small : number &- small
            }
            return result
        }
        var number = first
        for _ in 0...count {
            heap.append(try context.number(number), to: result)
            number = isRising ? number + step : number - step
        }
        return result
    }
}

extension Arguments {
    /// An operand that is an integer of any size.
    func bigInteger(_ position: Int, _ context: BuiltinContext) throws(BuiltinFailure) -> BigInteger {
        let value = self[position]
        guard value.isNumber else { throw .operand(position + 1, mustBe: "integer", got: value) }
        guard let integer = try context.integer(value) else {
            throw .type("operand \(position + 1) must be integer number but got floating-point number")
        }
        return integer
    }
}
