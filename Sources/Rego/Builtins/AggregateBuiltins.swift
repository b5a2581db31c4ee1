// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `count`, `sum`, `product`, `max`, `min`, `sort`, and the old `all` and `any`.
enum AggregateBuiltins {
    private static let collection = RegoType.union([.anySet, .anyArray])
    private static let numbers = RegoType.union([.set(.number), .list(.number)])

    static let all: [Builtin] = [
        Builtin("count", [.union([.anySet, .anyArray, .anyObject, .string])], .number, evaluate: count),
        Builtin("sum", [numbers], .number) { arguments, context throws(BuiltinFailure) in
            try fold(arguments, .integer(0), context, Arithmetic.quickSum, Arithmetic.add)
        },
        Builtin("product", [numbers], .number) { arguments, context throws(BuiltinFailure) in
            try fold(arguments, .integer(1), context, Arithmetic.quickProduct, Arithmetic.multiply)
        },
        Builtin("max", [collection], .any) { arguments, context throws(BuiltinFailure) in
            try extreme(arguments, context) { $0 > 0 }
        },
        Builtin("min", [collection], .any) { arguments, context throws(BuiltinFailure) in
            try extreme(arguments, context) { $0 < 0 }
        },
        Builtin("sort", [.union([.anyArray, .anySet])], .anyArray) { arguments, context throws(BuiltinFailure) in
            let elements = try elements(arguments, ["set", "array"], context)
            try context.checkCollection(elements.count &* 4)
            // The sort is stable, so that of equal numbers the one that was first stays first.
            return context.heap.array(elements.sorted { $0.isOrdered(before: $1) })
        },
        Builtin("all", [collection], .boolean, traits: .deprecated) { arguments, context throws(BuiltinFailure) in
            .boolean(try elements(arguments, ["array", "set"], context).allSatisfy(\.isTrue))
        },
        Builtin("any", [collection], .boolean, traits: .deprecated) { arguments, context throws(BuiltinFailure) in
            .boolean(try elements(arguments, ["array", "set"], context).contains(where: \.isTrue))
        },
    ]

    private static func count(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let value = arguments[0]
        if value.isCollection { return .integer(Int64(value.count)) }
        guard value.isString else {
            throw .operand(1, mustBeOneOf: ["array", "object", "set", "string"], got: value)
        }
        try context.charge(value.byteCount / 64)
        return .integer(Int64(UTF8Text.scalarCount(value.utf8)))
    }

    private static func elements(
        _ arguments: Arguments, _ expected: [String], _ context: BuiltinContext
    ) throws(BuiltinFailure) -> ValueList {
        let value = arguments[0]
        guard value.tag == .array || value.tag == .set else { throw .operand(1, mustBeOneOf: expected, got: value) }
        // Comparing elements looks at what is in them.
        try context.charge(value.weight / 8)
        return value.elements
    }

    private static func fold(
        _ arguments: Arguments, _ start: Value, _ context: BuiltinContext, _ quick: (Value, Value) -> Value,
        _ slow: (Value, Value, BuiltinContext) throws(BuiltinFailure) -> Value
    ) throws(BuiltinFailure) -> Value {
        let elements = try elements(arguments, ["set", "array"], context)
        var result = start
        for element in elements {
            guard element.isNumber else { throw .element(1, of: arguments[0], mustBe: "number", got: element) }
            let next = quick(result, element)
            result = next.isDefined ? next : try slow(result, element, context)
        }
        return result
    }

    private static func extreme(
        _ arguments: Arguments, _ context: BuiltinContext, _ isBetter: (Int) -> Bool
    ) throws(BuiltinFailure) -> Value {
        let elements = try elements(arguments, ["set", "array"], context)
        guard var result = elements.first else { return .undefined }
        for element in elements {
            let order = element.compare(to: result)
            // Of equal numbers in an array the last one wins.
            if isBetter(order) || (order == 0 && arguments[0].tag == .array) { result = element }
        }
        return result
    }
}

extension BuiltinFailure {
    /// `operand 1 must be array of strings but got array containing number`.
    static func element(
        _ position: Int, of collection: Value, mustBe expected: String, got element: Value
    ) -> BuiltinFailure {
        let type = collection.typeName
        return .type(
            "operand \(position) must be \(type) of \(expected)s but got \(type) containing \(element.typeName)")
    }
}
