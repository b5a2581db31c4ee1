// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `array.*`.
enum ArrayBuiltins {
    static let all: [Builtin] = [
        Builtin("array.concat", [.anyArray, .anyArray], .anyArray) { arguments, context throws(BuiltinFailure) in
            let left = try arguments.array(0)
            let right = try arguments.array(1)
            try context.checkCollection(left.count &+ right.count)
            let result = context.heap.emptyArray(capacity: left.count &+ right.count)
            for element in left.elements { context.heap.append(element, to: result) }
            for element in right.elements { context.heap.append(element, to: result) }
            return result
        },
        Builtin("array.slice", [.anyArray, .number, .number], .anyArray, evaluate: slice),
        Builtin("array.reverse", [.anyArray], .anyArray) { arguments, context throws(BuiltinFailure) in
            let array = try arguments.array(0)
            try context.checkCollection(array.count)
            return context.heap.array(array.elements.reversed())
        },
        Builtin("array.flatten", [.anyArray], .anyArray, evaluate: flatten),
    ]

    private static func slice(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let array = try arguments.array(0)
        let start = max(try arguments.integer(1), 0)
        let end = min(try arguments.integer(2), Int64(array.count))
        guard start < end else { return context.heap.emptyArray() }
        if start == 0 && end == Int64(array.count) { return array }
        try context.checkCollection(Int(end - start))
        return context.heap.array(array.elements[Int(start)..<Int(end)])
    }

    /// The elements, and instead of an array among them its elements.
    private static func flatten(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let array = try arguments.array(0)
        var count = 0
        for element in array.elements { count &+= element.tag == .array ? element.count : 1 }
        try context.checkCollection(count &+ array.count)
        let result = context.heap.emptyArray(capacity: count)
        for element in array.elements {
            if element.tag == .array {
                for inner in element.elements { context.heap.append(inner, to: result) }
            } else {
                context.heap.append(element, to: result)
            }
        }
        return result
    }
}
