// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension CodeGenerator {
    mutating func emitGroup(_ group: RuleGroup, number: Int) throws(Diagnostic) {
        let start = Int32(parts.code.count)
        scope = Scope()
        location = group.definitions.first?.location ?? group.defaultValue?.location ?? .none
        isFunction = false
        var arity: Int32 = 0
        if case .function(let count) = group.kind {
            isFunction = true
            arity = Int32(count)
            _ = register(count: arity)
        }
        let result = register()
        switch group.kind {
        case .partial: emit(group.isSet ? .newSet : .newObject, a: result)
        case .complete, .function: emit(.move, a: result, b: operand(.undefined))
        }
        let end = label()
        if let selection = selection(of: group) {
            try emitSelected(group, selection: selection, result: result, end: end)
        } else {
            try emitInOrder(group, result: result, end: end)
        }
        place(end)
        try emitDefault(group, result: result)
        emit(.finish, b: result)
        let node = policy.tree.node(at: group.path) ?? -1
        parts.units.append(
            Program.Unit(
                start: start, registers: scope.peak, isFunction: isFunction, node: Int32(node),
                location: group.definitions.first?.location ?? .none))
    }

    private mutating func emitDefault(_ group: RuleGroup, result: Int32) throws(Diagnostic) {
        guard let fallback = group.defaultValue else { return }
        let known = label()
        let missing = label()
        emit(.equal, b: result, c: operand(.undefined), to: known)
        place(missing)
        scope.failure = known
        location = fallback.location
        emitNote()
        try emit(body: fallback.body)
        let value = try emitTerm(fallback.value)
        emit(.move, a: result, b: value)
        place(known)
    }

    private mutating func emitInOrder(_ group: RuleGroup, result: Int32, end: Int32) throws(Diagnostic) {
        for definition in group.definitions {
            let following = label()
            try emit(definition, of: group, result: result, end: end, following: following)
            place(following)
        }
    }

    private mutating func emitSelected(
        _ group: RuleGroup, selection: Selection, result: Int32, end: Int32
    ) throws(Diagnostic) {
        let cursor = register()
        let turn = label()
        let entries = group.definitions.map { _ in label() }
        emit(.select, a: cursor, extra: add(selection, entries: entries))
        place(turn)
        emit(.dispatch, a: cursor, to: end)
        for (definition, entry) in zip(group.definitions, entries) {
            place(entry)
            try emit(definition, of: group, result: result, end: end, following: turn)
            emit(.jump, to: turn)
        }
    }

    private mutating func emit(
        _ definition: RuleDefinition, of group: RuleGroup, result: Int32, end: Int32, following: Int32
    ) throws(Diagnostic) {
        let outer = scope
        defer {
            let peak = scope.peak
            scope = outer
            scope.peak = peak
        }
        location = definition.location
        if case .partial = group.kind {
            scope.failure = following
            try emit(body: definition.body)
            location = definition.location
            emitNote()
            try emitAddition(definition, result: result)
            emit(.jump, to: scope.failure)
            return
        }
        let isFinal = endsEarly(group)
        scope.failure = following
        for (position, argument) in (definition.arguments ?? []).enumerated() {
            try match(argument, Int32(position))
        }
        if definition.elseBranches.isEmpty {
            try emitBranch(
                definition.value, definition.body, result: result, end: isFinal ? end : nil, at: definition.location)
            emit(.jump, to: scope.failure)
            return
        }
        let chain = register()
        emit(.move, a: chain, b: operand(.undefined))
        let found = label()
        let arguments = scope
        let branches =
            [ElseDefinition(value: definition.value, body: definition.body, location: definition.location)]
            + definition.elseBranches
        for branch in branches {
            let exhausted = label()
            scope.bound = arguments.bound
            scope.failure = exhausted
            try emitBranch(branch.value, branch.body, result: chain, end: nil, at: branch.location)
            emit(.jump, to: scope.failure)
            place(exhausted)
            let without = label()
            emit(.equal, b: chain, c: operand(.undefined), to: found)
            place(without)
        }
        emit(.jump, to: arguments.failure)
        place(found)
        emit(.setResult, a: result, b: chain, extra: isFunction ? 1 : 0)
        emit(.jump, to: isFinal ? end : arguments.failure)
    }

    private mutating func emitBranch(
        _ value: Term, _ body: Body, result: Int32, end: Int32?, at place: Location
    ) throws(Diagnostic) {
        try emit(body: body)
        location = place
        emitNote()
        let operand = try emitTerm(value)
        emit(.setResult, a: result, b: operand, extra: isFunction ? 1 : 0)
        if let end { emit(.jump, to: end) }
    }

    private mutating func emitAddition(_ definition: RuleDefinition, result: Int32) throws(Diagnostic) {
        if definition.tail.isEmpty, let key = definition.key {
            emit(.insert, a: result, b: try emitTerm(key))
            return
        }
        if definition.tail.count == 1, definition.key == nil {
            let key = try emitTerm(definition.tail[0])
            emit(.insertMember, a: result, b: key, c: try emitTerm(definition.value))
            return
        }
        var tail: [Int32] = []
        for term in definition.tail { tail.append(try emitTerm(term)) }
        var key: Int32?
        if let term = definition.key { key = try emitTerm(term) }
        let value = key == nil ? try emitTerm(definition.value) : operand(.null)
        parts.partials.append(Program.Partial(tail: tail, key: key, value: value))
        emit(.addPartial, a: result, extra: Int32(parts.partials.count - 1))
    }

    /// Whether the first value found is the only one there can be: all definitions give the same constant.
    private mutating func endsEarly(_ group: RuleGroup) -> Bool {
        var only: Value?
        for definition in group.definitions {
            for term in [definition.value] + definition.elseBranches.map(\.value) {
                guard let value = constant(term) else { return false }
                if let only, !only.isEqual(to: value) { return false }
                only = value
            }
        }
        return true
    }

    mutating func emitQuery(_ query: AnalyzedQuery) throws(Diagnostic) {
        let start = Int32(parts.code.count)
        scope = Scope()
        isFunction = false
        let result = register()
        emit(.newArray, a: result)
        let end = label()
        scope.failure = end
        try emit(body: query.body)
        let answer = register()
        emit(.newArray, a: answer)
        for variable in query.variables {
            guard let value = scope.bound[variable.unique] else { continue }
            emit(.append, a: answer, b: value)
        }
        emit(.append, a: result, b: answer)
        emit(.jump, to: scope.failure)
        place(end)
        emit(.finish, b: result)
        parts.units.append(
            Program.Unit(start: start, registers: scope.peak, isFunction: false, node: -1, location: .none))
    }

    /// A unit whose result is what stands at a path below `data`, undefined if nothing does.
    mutating func emitEntryPoint(_ path: [SyntaxValue]) throws(Diagnostic) {
        let start = Int32(parts.code.count)
        scope = Scope()
        isFunction = false
        let missing = label()
        scope.failure = missing
        let head = Term(.variable("data"), at: .none)
        let value = try emitTerm(Term(.reference([head] + path.map { $0.term }), at: .none))
        emit(.finish, b: value)
        place(missing)
        emit(.finish, b: operand(.undefined))
        parts.units.append(
            Program.Unit(start: start, registers: scope.peak, isFunction: false, node: -1, location: .none))
    }
}
