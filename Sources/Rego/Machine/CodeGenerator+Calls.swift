// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension CodeGenerator {
    private static let comparisons: [Text: Operation] = [
        "equal": .equal, "neq": .notEqual, "lt": .less, "lte": .lessOrEqual, "gt": .greater, "gte": .greaterOrEqual,
        "internal.member_2": .isIn,
    ]

    /// A call as a statement: it must have a result that is not false, or its last argument is unified with the result.
    mutating func emitCallStatement(function: Term, arguments: [Term], at place: Location) throws(Diagnostic) {
        if case .variable(let name) = function.kind, !replacedBuiltins.contains(name) {
            if name == "eq" || name == "assign", arguments.count == 2 {
                return try unify(arguments[0], arguments[1])
            }
            if let operation = CodeGenerator.comparisons[name], arguments.count == 2 {
                let left = try emitTerm(arguments[0])
                return emitFailing(operation, b: left, c: try emitTerm(arguments[1]))
            }
        } else if case .variable("eq") = function.kind, arguments.count == 2 {
            return try unify(arguments[0], arguments[1])
        }
        let arity = try arity(of: function)
        if case .variable(let name) = function.kind, let builtin = builtins[name], builtin.traits.contains(.relation) {
            return try emitRelation(function: function, arguments: arguments, arity: arity, at: place)
        }
        if arguments.count > arity {
            let result = try emitCall(function: function, arguments: Array(arguments.prefix(arity)), at: place)
            try match(arguments[arity], result)
        } else {
            emitFailing(.testTrue, b: try emitCall(function: function, arguments: arguments, at: place))
        }
    }

    private func arity(of function: Term) throws(Diagnostic) -> Int {
        switch function.kind {
        case .variable(let name):
            if let builtin = builtins[name] { return builtin.arguments.count }
        case .reference(let terms):
            if let group = self.function(terms), case .function(let arity) = policy.groups[group].kind { return arity }
        default: break
        }
        throw Diagnostic(.type, "undefined function", at: function.location)
    }

    /// Each element of the result is an answer.
    private mutating func emitRelation(
        function: Term, arguments: [Term], arity: Int, at place: Location
    ) throws(Diagnostic) {
        let answers = try emitCall(function: function, arguments: Array(arguments.prefix(arity)), at: place)
        let cursor = register(count: 3)
        let answer = register()
        emitFailing(.iterate, a: cursor, b: answers)
        let turn = label()
        self.place(turn)
        emit(.next, a: cursor, c: answer, to: scope.failure)
        scope.failure = turn
        if arguments.count > arity { try match(arguments[arity], answer) }
    }

    /// The register with the result of a call.
    mutating func emitCall(function: Term, arguments: [Term], at place: Location) throws(Diagnostic) -> Int32 {
        var values: [Int32] = []
        for argument in arguments { values.append(try emitTerm(argument)) }
        location = place
        if case .variable(let name) = function.kind, !replacedBuiltins.contains(name), values.count == 2,
            name == "plus" || name == "minus"
        {
            let result = register()
            let number = Int32(builtins.position(of: name) ?? 0)
            emitFailing(name == "plus" ? .add : .subtract, a: result, b: values[0], c: values[1], extra: number)
            return result
        }
        let first = register(count: max(Int32(values.count), 1))
        for (position, value) in values.enumerated() { emit(.move, a: first + Int32(position), b: value) }
        let result = register()
        switch function.kind {
        case .variable(let name):
            guard let number = builtins.position(of: name) else {
                throw Diagnostic(.type, "undefined function \(name)", at: place)
            }
            emitFailing(.callBuiltin, a: result, b: first, c: Int32(values.count), extra: Int32(number))
        case .reference(let terms):
            guard let group = self.function(terms) else {
                throw Diagnostic(.type, "undefined function", at: place)
            }
            emitFailing(.callFunction, a: result, b: first, c: Int32(values.count), extra: Int32(group))
        default: throw Diagnostic(.type, "undefined function", at: place)
        }
        return result
    }
}
