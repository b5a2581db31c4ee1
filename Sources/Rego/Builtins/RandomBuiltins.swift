// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `rand.intn` and `uuid.*`.
enum RandomBuiltins {
    static let all: [Builtin] = [
        Builtin("rand.intn", [.string, .number], .number, traits: .nondeterministic, evaluate: integer),
        Builtin("uuid.rfc4122", [.string], .string, traits: .nondeterministic, evaluate: identifier),
        Builtin("uuid.parse", [.string], .map(.string, .any)) { arguments, context throws(BuiltinFailure) in
            UniqueIdentifier(try arguments.utf8(0))?.description(in: context.heap) ?? .undefined
        },
    ]

    private static func integer(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let seed = try arguments.utf8(0)
        let bound = try arguments.integer(1).magnitude
        if bound == 0 { return .integer(0) }
        let name = Text(bytes: Array("rand.intn ".utf8) + IntegerText.bytes(Int64(truncatingIfNeeded: bound)) + seed)
        if let known = context.evaluationCache[name] { return known }
        let result = Value.integer(Int64(truncatingIfNeeded: context.draw(below: bound)))
        context.evaluationCache[name] = result
        return result
    }

    private static func identifier(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let name = Text(bytes: Array("uuid.rfc4122 ".utf8) + (try arguments.utf8(0)))
        if let known = context.evaluationCache[name] { return known }
        let result = context.heap.string(
            UniqueIdentifier(random: context.draw(below: 0), context.draw(below: 0)).text)
        context.evaluationCache[name] = result
        return result
    }
}

extension BuiltinContext {
    /// A random number below a bound, or any if the bound is 0.
    fileprivate func draw(below bound: UInt64) -> UInt64 {
        func draw(_ source: inout some RandomNumberGenerator) -> UInt64 {
            bound == 0 ? source.next() : source.next(upperBound: bound)
        }
        return draw(&random)
    }
}
