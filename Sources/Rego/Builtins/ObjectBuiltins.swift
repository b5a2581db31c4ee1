// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `object.*`.
enum ObjectBuiltins {
    private static let keys = RegoType.union([.anyArray, .anySet, .anyObject])
    private static let collection = RegoType.union([.anyObject, .anySet, .anyArray])

    static let all: [Builtin] = [
        Builtin("object.get", [.anyObject, .any, .any], .any, evaluate: get),
        Builtin("object.keys", [.anyObject], .anySet) { arguments, context throws(BuiltinFailure) in
            let object = try arguments.object(0)
            try context.checkCollection(object.count)
            return context.heap.set(object.keys)
        },
        Builtin("object.remove", [.anyObject, keys], .any) { arguments, context throws(BuiltinFailure) in
            let object = try arguments.object(0)
            let excluded = try keys(arguments[1], context)
            try context.checkCollection(object.count)
            let result = context.heap.emptyObject()
            for member in object.members where !excluded.contains(member.key) {
                context.heap.insert(member.key, member.value, into: result)
            }
            return result
        },
        Builtin("object.filter", [.anyObject, keys], .any) { arguments, context throws(BuiltinFailure) in
            let object = try arguments.object(0)
            let included = try keys(arguments[1], context)
            try context.checkCollection(object.count)
            let result = context.heap.emptyObject()
            for member in object.members where included.contains(member.key) {
                context.heap.insert(member.key, member.value, into: result)
            }
            return result
        },
        Builtin("object.subset", [collection, collection], .any) { arguments, context throws(BuiltinFailure) in
            try Subset(context: context).check(arguments[0], contains: arguments[1])
        },
        Builtin("object.union", [.anyObject, .anyObject], .any) { arguments, context throws(BuiltinFailure) in
            try merge(arguments.object(0), arguments.object(1), context)
        },
        Builtin("object.union_n", [.list(.anyObject)], .any) { arguments, context throws(BuiltinFailure) in
            let list = try arguments.array(0)
            for element in list.elements.reversed() where element.tag != .object {
                throw .element(1, of: list, mustBe: "object", got: element)
            }
            guard let first = list.elements.first else { return context.heap.emptyObject() }
            let result = try copy(first, context)
            for element in list.elements.dropFirst() { try merge(element, into: result, context) }
            return result
        },
    ]

    private static func get(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let object = try arguments.object(0)
        let key = arguments[1]
        var found = object
        if key.tag == .array {
            try context.charge(key.count / 8)
            for step in key.elements {
                found = found.member(step)
                if found.isUndefined { return arguments[2] }
            }
        } else {
            found = object.member(key)
        }
        return found.isDefined ? found : arguments[2]
    }

    /// The keys that an operand lists, as a set or an object that has them as keys.
    private static func keys(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        switch value.tag {
        case .set, .object: return value
        case .array:
            try context.checkCollection(value.count)
            return context.heap.set(value.elements)
        default: throw .operand(2, mustBeOneOf: ["object", "set", "array"], got: value)
        }
    }

    private static func copy(_ object: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        try context.checkCollection(object.count)
        let result = context.heap.emptyObject(capacity: object.count)
        for member in object.members { context.heap.insert(member.key, member.value, into: result) }
        return result
    }

    /// The members of both objects; where both values are objects they are merged, else the right one stays.
    static func merge(
        _ left: Value, _ right: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let result = try copy(left, context)
        try merge(right, into: result, context)
        return result
    }

    private static func merge(
        _ object: Value, into result: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) {
        try context.checkCollection(object.count)
        for member in object.members {
            let old = context.heap.insert(member.key, member.value, into: result)
            if old.isUndefined { continue }
            let isMerged = old.tag == .object && member.value.tag == .object
            let value = isMerged ? try merge(old, member.value, context) : member.value
            context.heap.update(member.key, to: value, in: result)
        }
        if result.count > context.limits.collectionElements { throw .limit(.collection) }
    }
}

/// Whether one collection is a part of another.
private struct Subset {
    let context: BuiltinContext

    func check(_ whole: Value, contains part: Value) throws(BuiltinFailure) -> Value {
        switch (whole.tag, part.tag) {
        case (.object, .object), (.set, .set), (.array, .array), (.array, .set):
            return .boolean(try holds(whole, part))
        default: throw .type("both arguments object.subset must be of the same type or array and set")
        }
    }

    private func holds(_ whole: Value, _ part: Value) throws(BuiltinFailure) -> Bool {
        try context.charge(part.count &+ part.weight / 8)
        switch (whole.tag, part.tag) {
        case (.object, .object):
            for member in part.members {
                let value = whole.member(member.key)
                if value.isUndefined { return false }
                if value.isEqual(to: member.value) { continue }
                guard value.tag == member.value.tag, value.isCollection, try holds(value, member.value) else {
                    return false
                }
            }
            return true
        case (.set, .set):
            return part.elements.allSatisfy { whole.contains($0) }
        case (.array, .set):
            // As OPA counts: elements of the array that are in the set, repeated ones too.
            let found = whole.elements.reduce(0) { $0 &+ (part.contains($1) ? 1 : 0) }
            return whole.count > 0 && found >= part.count
        default:
            return try holds(whole.elements, part.elements)
        }
    }

    /// Whether a list occurs in another without gaps.
    private func holds(_ whole: ValueList, _ part: ValueList) throws(BuiltinFailure) -> Bool {
        if part.isEmpty { return true }
        guard part.count <= whole.count else { return false }
        for start in 0...(whole.count &- part.count) {
            var position = 0
            while position < part.count, whole[start &+ position].isEqual(to: part[position]) { position &+= 1 }
            if position == part.count { return true }
            try context.charge(position &+ 1)
        }
        return false
    }
}
