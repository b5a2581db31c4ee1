// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The operators on sets, `union` and `intersection`.
enum SetBuiltins {
    static let all: [Builtin] = [
        Builtin("and", [.anySet, .anySet], .anySet, infix: "&") { arguments, context throws(BuiltinFailure) in
            try intersection(arguments.set(0), arguments.set(1), context)
        },
        Builtin("or", [.anySet, .anySet], .anySet, infix: "|") { arguments, context throws(BuiltinFailure) in
            let left = try arguments.set(0)
            let right = try arguments.set(1)
            let result = context.heap.emptySet(capacity: max(left.count, right.count))
            try add(left, to: result, context)
            try add(right, to: result, context)
            return result
        },
        Builtin("set_diff", [.anySet, .anySet], .anySet, traits: .deprecated) {
            arguments, context throws(BuiltinFailure) in
            try difference(arguments.set(0), arguments.set(1), context)
        },
        Builtin("union", [.set(.anySet)], .anySet) { arguments, context throws(BuiltinFailure) in
            let sets = try arguments.set(0)
            let result = context.heap.emptySet()
            for set in sets.elements {
                guard set.tag == .set else { throw .element(1, of: sets, mustBe: "set", got: set) }
                try add(set, to: result, context)
            }
            return result
        },
        Builtin("intersection", [.set(.anySet)], .anySet) { arguments, context throws(BuiltinFailure) in
            let sets = try arguments.set(0)
            for set in sets.elements where set.tag != .set {
                throw .element(1, of: sets, mustBe: "set", got: set)
            }
            guard var result = sets.elements.first else { return context.heap.emptySet() }
            for set in sets.elements.dropFirst() { result = try intersection(result, set, context) }
            return result
        },
    ]

    private static func add(_ set: Value, to result: Value, _ context: BuiltinContext) throws(BuiltinFailure) {
        try context.checkCollection(set.count)
        for element in set.elements { context.heap.insert(element, into: result) }
        if result.count > context.limits.collectionElements { throw .limit(.collection) }
    }

    private static func intersection(
        _ left: Value, _ right: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let small = left.count <= right.count ? left : right
        let large = left.count <= right.count ? right : left
        try context.charge(small.count)
        let result = context.heap.emptySet()
        for element in small.elements where large.contains(element) { context.heap.insert(element, into: result) }
        return result
    }

    /// The elements of one set that another does not have.
    static func difference(
        _ left: Value, _ right: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        try context.charge(left.count)
        let result = context.heap.emptySet()
        for element in left.elements where !right.contains(element) { context.heap.insert(element, into: result) }
        return result
    }
}
