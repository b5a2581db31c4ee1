// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension CodeGenerator {
    /// What follows is reached once for each way in which the body holds.
    mutating func emit(body: Body) throws(Diagnostic) {
        for expression in body {
            location = expression.location
            emitNote()
            if expression.modifiers.isEmpty {
                try emit(expression)
            } else {
                try emitWith(expression)
            }
        }
    }

    /// What follows is reached once if the body holds.
    mutating func emitOnce(_ body: Body) throws(Diagnostic) {
        let outer = scope
        try emit(body: body)
        scope.failure = outer.failure
        scope.bound = outer.bound
    }

    mutating func emit(_ expression: Expression) throws(Diagnostic) {
        if expression.isNegated {
            var positive = expression
            positive.isNegated = false
            positive.modifiers = []
            if case .negatedBody(let body) = expression.kind {
                try emitNegation(body)
            } else {
                try emitNegation([positive])
            }
            return
        }
        switch expression.kind {
        case .term(let term): try emitStatement(term)
        case .every(let key, let value, let domain, let body):
            try emitEvery(key: key, value: value, domain: domain, body: body)
        case .negatedBody(let body): try emitNegation(body)
        case .and(let operands):
            for operand in operands { try emitOnce(operand.body) }
        case .or(let operands): try emitAlternatives(operands)
        case .someVariables: break
        case .someIn:
            throw Diagnostic(.compile, "internal: a declaration was left over", at: expression.location)
        }
    }

    private mutating func emitNegation(_ body: Body) throws(Diagnostic) {
        let outer = scope
        let fails = label()
        scope.failure = fails
        try emit(body: body)
        emit(.jump, to: outer.failure)
        place(fails)
        scope.failure = outer.failure
        scope.bound = outer.bound
    }

    private mutating func emitAlternatives(_ operands: [LogicalOperand]) throws(Diagnostic) {
        let outer = scope
        let holds = label()
        for (position, operand) in operands.enumerated() {
            if position == operands.count - 1 {
                scope.failure = outer.failure
                try emitOnce(operand.body)
            } else {
                let other = label()
                scope.failure = other
                try emitOnce(operand.body)
                emit(.jump, to: holds)
                place(other)
            }
        }
        place(holds)
        scope.failure = outer.failure
        scope.bound = outer.bound
    }

    private mutating func emitEvery(key: Term?, value: Term, domain: Term, body: Body) throws(Diagnostic) {
        let outer = scope
        let collection = try emitTerm(domain)
        scope.failure = outer.failure
        let cursor = register(count: 3)
        let keyRegister = key == nil ? -1 : register()
        let valueRegister = register()
        let turn = label()
        let done = label()
        emit(.iterate, a: cursor, b: collection, to: outer.failure)
        place(turn)
        emit(.next, a: cursor, b: keyRegister, c: valueRegister, to: done)
        if let key { try match(key, keyRegister) }
        try match(value, valueRegister)
        try emit(body: body)
        emit(.jump, to: turn)
        place(done)
        scope.failure = outer.failure
        scope.bound = outer.bound
    }

    private mutating func emitStatement(_ term: Term) throws(Diagnostic) {
        if case .call(let function, let arguments) = term.kind {
            try emitCallStatement(function: function, arguments: arguments, at: term.location)
            return
        }
        if let value = constant(term) {
            if value.isFalse { emit(.jump, to: scope.failure) }
            return
        }
        emitFailing(.testTrue, b: try emitTerm(term))
    }

    // MARK: with

    private mutating func emitWith(_ expression: Expression) throws(Diagnostic) {
        let overlay = try overlay(of: expression.modifiers)
        var plain = expression
        plain.modifiers = []
        let outer = scope
        var outputs: [Text] = []
        if !expression.isNegated {
            var names = VariableNames()
            names.collect(plain)
            outputs = names.list.filter { outer.bound[$0] == nil }
        }
        if outputs.isEmpty {
            let fails = label()
            let holds = label()
            emit(.beginWith, extra: overlay)
            scope.failure = fails
            try emit(plain)
            emit(.endWith)
            emit(.jump, to: holds)
            place(fails)
            emit(.endWith)
            emit(.jump, to: outer.failure)
            place(holds)
            scope.failure = outer.failure
            scope.bound = outer.bound
            return
        }
        try emitCollected(plain, overlay: overlay, outputs: outputs)
    }

    /// Collects all answers of an expression under an overlay, and goes through them when it has been taken away.
    private mutating func emitCollected(_ expression: Expression, overlay: Int32, outputs: [Text]) throws(Diagnostic) {
        let outer = scope
        let answers = register()
        let answer = register()
        let exhausted = label()
        emit(.newArray, a: answers)
        emit(.beginWith, extra: overlay)
        scope.failure = exhausted
        try emit(expression)
        emit(.newArray, a: answer)
        let bound = outputs.filter { scope.bound[$0] != nil }
        for name in bound {
            if let value = scope.bound[name] { emit(.append, a: answer, b: value) }
        }
        emit(.append, a: answers, b: answer)
        emit(.jump, to: scope.failure)
        place(exhausted)
        emit(.endWith)
        scope.failure = outer.failure
        scope.bound = outer.bound
        let cursor = register(count: 3)
        let turn = label()
        emitFailing(.iterate, a: cursor, b: answers)
        place(turn)
        emit(.next, a: cursor, c: answer, to: scope.failure)
        scope.failure = turn
        for (position, name) in bound.enumerated() {
            let target = register()
            emitFailing(.member, a: target, b: answer, c: operand(.integer(Int64(position))))
            scope.bound[name] = target
        }
    }

    private mutating func overlay(of modifiers: [WithModifier]) throws(Diagnostic) -> Int32 {
        var replacements: [Program.Replacement] = []
        for modifier in modifiers { replacements.append(try replacement(modifier)) }
        let groups = policy.groups.indices.filter { group in
            if case .function = policy.groups[group].kind { return false }
            return true
        }
        parts.overlays.append(Program.Overlay(replacements: replacements, groups: groups.map { Int32($0) }))
        return Int32(parts.overlays.count - 1)
    }

    private mutating func replacement(_ modifier: WithModifier) throws(Diagnostic) -> Program.Replacement {
        if let callable = callable(modifier.target) {
            if let by = self.callable(modifier.value) { return .callable(callable, by: by) }
            return .value(callable: callable, try emitTerm(modifier.value))
        }
        var keys: [Int32] = []
        var root: Text = "input"
        var steps: [SyntaxValue] = []
        switch modifier.target.kind {
        case .variable(let name): root = name
        case .reference(let terms):
            if case .variable(let name)? = terms.first?.kind { root = name }
            for term in terms.dropFirst() {
                keys.append(try emitTerm(term))
                if let step = SyntaxValue(term) { steps.append(step) }
            }
        default:
            throw Diagnostic(
                .type, "with keyword target must reference existing input, data, or a function", at: modifier.location)
        }
        if root == "data" {
            let node = steps.count == keys.count ? policy.tree.node(at: steps).map { Int32($0) } : nil
            return .data(path: keys, node: node, value: try emitTerm(modifier.value))
        }
        return .input(path: keys, value: try emitTerm(modifier.value))
    }

    /// The number of the builtin or function that a term names.
    func callable(_ term: Term) -> Int32? {
        switch term.kind {
        case .variable(let name):
            guard scope.bound[name] == nil, name != "input", name != "data" else { return nil }
            return builtins.position(of: name).map { Int32($0) }
        case .reference(let terms):
            guard let group = function(terms) else { return nil }
            return Int32(builtins.list.count + group)
        default: return nil
        }
    }

    /// The group of the function that a reference names.
    func function(_ terms: [Term]) -> Int? {
        guard case .variable("data")? = terms.first?.kind else { return nil }
        var keys: [SyntaxValue] = []
        for term in terms.dropFirst() {
            guard let key = SyntaxValue(term) else { return nil }
            keys.append(key)
        }
        guard let group = policy.group(at: keys), case .function = policy.groups[group].kind else { return nil }
        return group
    }
}

extension SyntaxValue {
    /// The value of a scalar term.
    init?(_ term: Term) {
        switch term.kind {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .number(let text): self = .number(text)
        case .string(let text): self = .string(text)
        default: return nil
        }
    }

    /// The term of a scalar; null for arrays and objects, which no path holds.
    var term: Term {
        switch self {
        case .boolean(let value): Term(.boolean(value), at: .none)
        case .number(let text): Term(.number(text), at: .none)
        case .string(let text): Term(.string(text), at: .none)
        case .null, .array, .object: Term(.null, at: .none)
        }
    }
}
