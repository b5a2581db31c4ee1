// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The comparison operators and `in` as functions.
enum ComparisonBuiltins {
    static let all: [Builtin] = [
        Builtin("eq", [.any, .any], .boolean, infix: "=") { arguments, context throws(BuiltinFailure) in
            try context.chargeComparison(arguments[0], arguments[1])
            return .boolean(arguments[0].isEqual(to: arguments[1]))
        },
        Builtin("assign", [.any, .any], .boolean, infix: ":=") { arguments, context throws(BuiltinFailure) in
            try context.chargeComparison(arguments[0], arguments[1])
            return .boolean(arguments[0].isEqual(to: arguments[1]))
        },
        Builtin("equal", [.any, .any], .boolean, infix: "==") { arguments, context throws(BuiltinFailure) in
            try context.chargeComparison(arguments[0], arguments[1])
            return .boolean(arguments[0].isEqual(to: arguments[1]))
        },
        Builtin("neq", [.any, .any], .boolean, infix: "!=") { arguments, context throws(BuiltinFailure) in
            try context.chargeComparison(arguments[0], arguments[1])
            return .boolean(!arguments[0].isEqual(to: arguments[1]))
        },
        Builtin("lt", [.any, .any], .boolean, infix: "<") { arguments, context throws(BuiltinFailure) in
            try context.chargeComparison(arguments[0], arguments[1])
            return .boolean(arguments[0].compare(to: arguments[1]) < 0)
        },
        Builtin("lte", [.any, .any], .boolean, infix: "<=") { arguments, context throws(BuiltinFailure) in
            try context.chargeComparison(arguments[0], arguments[1])
            return .boolean(arguments[0].compare(to: arguments[1]) <= 0)
        },
        Builtin("gt", [.any, .any], .boolean, infix: ">") { arguments, context throws(BuiltinFailure) in
            try context.chargeComparison(arguments[0], arguments[1])
            return .boolean(arguments[0].compare(to: arguments[1]) > 0)
        },
        Builtin("gte", [.any, .any], .boolean, infix: ">=") { arguments, context throws(BuiltinFailure) in
            try context.chargeComparison(arguments[0], arguments[1])
            return .boolean(arguments[0].compare(to: arguments[1]) >= 0)
        },
        Builtin("internal.member_2", [.any, .any], .boolean, infix: "in", evaluate: member),
        Builtin("internal.member_3", [.any, .any, .any], .boolean, infix: "in") {
            arguments, context throws(BuiltinFailure) in
            try context.chargeComparison(arguments[1], arguments[2])
            return .boolean(isMember(arguments[1], at: arguments[0], of: arguments[2]))
        },
    ]

    private static func member(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let value = arguments[0]
        let collection = arguments[1]
        if value.isCollection { try context.charge(min(value.weight, collection.weight) / 8) }
        switch collection.tag {
        case .set: return .boolean(collection.contains(value))
        case .array:
            try context.charge(collection.weight / 8)
            for element in collection.elements where element.isEqual(to: value) { return .boolean(true) }
            return .boolean(false)
        case .object:
            try context.charge(collection.weight / 8)
            for member in collection.members where member.value.isEqual(to: value) { return .boolean(true) }
            return .boolean(false)
        default: return .boolean(false)
        }
    }

    private static func isMember(_ value: Value, at key: Value, of collection: Value) -> Bool {
        switch collection.tag {
        case .set: return collection.contains(key) && key.isEqual(to: value)
        case .array, .object:
            let found = collection.member(key)
            return found.isDefined && found.isEqual(to: value)
        default: return false
        }
    }
}
