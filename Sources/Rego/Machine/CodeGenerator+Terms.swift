// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension CodeGenerator {
    /// The register or constant that holds the value of a term; opens loops where the term has variables that are not bound yet.
    mutating func emitTerm(_ term: Term) throws(Diagnostic) -> Int32 {
        if let value = constant(term) { return operand(value) }
        switch term.kind {
        case .variable(let name):
            if let known = scope.bound[name] { return known }
            if name == "input" || name == "data" { return try emitReference([term]) }
            throw Diagnostic(.unsafeVariable, "var \(name) is unsafe", at: term.location)
        case .reference(let terms): return try emitReference(terms)
        case .array(let items):
            let values = try emitTerms(items)
            let result = register()
            emit(.newArray, a: result)
            for value in values { emit(.append, a: result, b: value) }
            return result
        case .set(let items):
            let values = try emitTerms(items)
            let result = register()
            emit(.newSet, a: result)
            for value in values { emit(.insert, a: result, b: value) }
            return result
        case .object(let items):
            let keys = try emitTerms(items.map(\.key))
            let values = try emitTerms(items.map(\.value))
            let result = register()
            emit(.newObject, a: result)
            for (key, value) in zip(keys, values) { emit(.insertMember, a: result, b: key, c: value) }
            return result
        case .arrayComprehension(let head, let body): return try emitComprehension(.newArray, [head], body, .append)
        case .setComprehension(let head, let body): return try emitComprehension(.newSet, [head], body, .insert)
        case .objectComprehension(let key, let value, let body):
            return try emitComprehension(.newObject, [key, value], body, .insertMember)
        case .call(let function, let arguments):
            return try emitCall(function: function, arguments: arguments, at: term.location)
        case .null, .boolean, .number, .string, .template:
            throw Diagnostic(.compile, "internal: a term was left over", at: term.location)
        }
    }

    private mutating func emitTerms(_ terms: [Term]) throws(Diagnostic) -> [Int32] {
        var values: [Int32] = []
        for term in terms { values.append(try emitTerm(term)) }
        return values
    }

    private mutating func emitComprehension(
        _ start: Operation, _ heads: [Term], _ body: Body, _ addition: Operation
    ) throws(Diagnostic) -> Int32 {
        let outer = scope
        let result = register()
        let done = label()
        emit(start, a: result)
        scope.failure = done
        try emit(body: body)
        let values = try emitTerms(heads)
        emit(addition, a: result, b: values[0], c: values.count > 1 ? values[1] : -1)
        emit(.jump, to: scope.failure)
        place(done)
        scope.failure = outer.failure
        scope.bound = outer.bound
        return result
    }

    // MARK: References

    private mutating func emitReference(_ terms: [Term]) throws(Diagnostic) -> Int32 {
        guard case .variable(let name)? = terms.first?.kind, scope.bound[name] == nil else {
            guard let head = terms.first else { throw Diagnostic(.compile, "internal: empty reference", at: location) }
            return try emitOperands(terms.dropFirst(), of: try emitTerm(head))
        }
        switch name {
        case "input": return try emitInput(terms)
        case "data": return try emitData(terms)
        default: throw Diagnostic(.unsafeVariable, "var \(name) is unsafe", at: terms[0].location)
        }
    }

    private mutating func emitInput(_ terms: [Term]) throws(Diagnostic) -> Int32 {
        let keys = leadingStrings(terms.dropFirst())
        let result = register()
        if keys.isEmpty {
            emitFailing(.input, a: result)
        } else {
            emitFailing(.inputPath, a: result, extra: path(keys))
        }
        return try emitOperands(terms.dropFirst(1 + keys.count), of: result)
    }

    func leadingStrings(_ terms: ArraySlice<Term>) -> [Text] {
        var keys: [Text] = []
        for term in terms {
            guard case .string(let key) = term.kind else { break }
            keys.append(key)
        }
        return keys
    }

    private mutating func emitData(_ terms: [Term]) throws(Diagnostic) -> Int32 {
        var node = 0
        var position = 1
        while position < terms.count {
            guard let key = SyntaxValue(terms[position]) else { break }
            guard let child = policy.tree.nodes[node].children[key] else {
                switch key {
                case .string, .number: return try emitBase(terms)
                default: break
                }
                break
            }
            node = child
            position += 1
            if let group = policy.tree.nodes[node].group {
                let result = register()
                if case .function = policy.groups[group].kind {
                    emit(.jump, to: scope.failure)
                    emit(.move, a: result, b: operand(.undefined))
                } else {
                    emitFailing(.callRule, a: result, extra: Int32(group))
                }
                return try emitOperands(terms[position...], of: result)
            }
        }
        let result = register()
        emit(.document, a: result, extra: Int32(node))
        let value = try emitOperands(terms[position...], of: result)
        let whole = register()
        emitFailing(.materialize, a: whole, b: value)
        return whole
    }

    /// A reference to where no rules are.
    private mutating func emitBase(_ terms: [Term]) throws(Diagnostic) -> Int32 {
        let keys = leadingStrings(terms.dropFirst())
        let result = register()
        emitFailing(.dataPath, a: result, extra: path(keys))
        var value = result
        var rest = terms.dropFirst(1 + keys.count)
        // A base document is stored under the text of a number as well as under a string.
        while let term = rest.first, case .number = term.kind, let key = constant(term) {
            let element = register()
            emitFailing(.baseMember, a: element, b: value, c: operand(key))
            value = element
            rest = rest.dropFirst()
        }
        return try emitOperands(rest, of: value)
    }

    private mutating func emitOperands(_ operands: ArraySlice<Term>, of start: Int32) throws(Diagnostic) -> Int32 {
        var value = start
        for term in operands {
            if hasUnbound(term) {
                value = try emitLoop(over: value, key: term)
            } else {
                let key = try emitTerm(term)
                let result = register()
                emitFailing(.member, a: result, b: value, c: key)
                value = result
            }
        }
        return value
    }

    /// Opens a loop over a collection; gives the register of the elements' values.
    private mutating func emitLoop(over collection: Int32, key: Term) throws(Diagnostic) -> Int32 {
        let cursor = register(count: 3)
        let keyRegister = register()
        let valueRegister = register()
        emitFailing(.iterate, a: cursor, b: collection)
        let turn = label()
        place(turn)
        // What stands at a key that does not fit is not evaluated.
        let isPattern = key.variableName == nil
        emit(.next, a: cursor, b: keyRegister, c: isPattern ? -1 : valueRegister, to: scope.failure)
        scope.failure = turn
        try match(key, keyRegister)
        if isPattern { emitFailing(.member, a: valueRegister, b: collection, c: keyRegister) }
        return valueRegister
    }

    /// Whether a term has a variable that is not bound yet.
    func hasUnbound(_ term: Term) -> Bool {
        switch term.kind {
        case .variable(let name): scope.bound[name] == nil && name != "input" && name != "data"
        case .reference(let terms): terms.contains { hasUnbound($0) }
        case .array(let items), .set(let items): items.contains { hasUnbound($0) }
        case .object(let items): items.contains { hasUnbound($0.key) || hasUnbound($0.value) }
        default: false
        }
    }

    // MARK: Patterns

    /// Binds the variables of a pattern to the parts of a value; fails where they differ.
    mutating func match(_ pattern: Term, _ value: Int32) throws(Diagnostic) {
        switch pattern.kind {
        case .variable(let name) where hasUnbound(pattern):
            scope.bound[name] = value
        case .array(let items) where hasUnbound(pattern):
            emitFailing(.isArray, b: value, extra: Int32(items.count))
            for (position, item) in items.enumerated() {
                let element = register()
                emitFailing(.member, a: element, b: value, c: operand(.integer(Int64(position))))
                try match(item, element)
            }
        case .object(let items) where hasUnbound(pattern):
            emitFailing(.isObject, b: value, extra: Int32(items.count))
            for item in items {
                let key = try emitTerm(item.key)
                let element = register()
                emitFailing(.member, a: element, b: value, c: key)
                try match(item.value, element)
            }
        default:
            emitFailing(.equal, b: try emitTerm(pattern), c: value)
        }
    }

    /// Makes two terms equal, binding the variables of either.
    mutating func unify(_ left: Term, _ right: Term) throws(Diagnostic) {
        if emitInputTest(left, right) || emitInputTest(right, left) { return }
        let leftIsPattern = isPattern(left)
        let rightIsPattern = isPattern(right)
        switch (leftIsPattern, rightIsPattern) {
        case (true, true): try unifyPatterns(left, right)
        case (true, false): try match(left, try emitTerm(right))
        case (false, true): try match(right, try emitTerm(left))
        case (false, false):
            let one = try emitTerm(left)
            emitFailing(.equal, b: one, c: try emitTerm(right))
        }
    }

    private func isPattern(_ term: Term) -> Bool {
        switch term.kind {
        case .variable, .array, .object, .set: hasUnbound(term)
        default: false
        }
    }

    /// Unifies terms that both have variables not bound yet: parts of which one side is known go first, as they bind the others.
    private mutating func unifyPatterns(_ left: Term, _ right: Term) throws(Diagnostic) {
        var pairs = [(left, right)]
        while !pairs.isEmpty {
            if let next = pairs.firstIndex(where: { !(hasUnbound($0.0) && hasUnbound($0.1)) }) {
                let pair = pairs.remove(at: next)
                try unify(pair.0, pair.1)
                continue
            }
            guard let next = pairs.firstIndex(where: { $0.0.variableName == nil && $0.1.variableName == nil }) else {
                // What is left are variables on variables, of which one with itself says nothing.
                if pairs.allSatisfy({ $0.0.variableName == $0.1.variableName }) { return }
                throw Diagnostic(.unsafeVariable, "var is unsafe", at: left.location)
            }
            let pair = pairs.remove(at: next)
            guard let parts = try parts(of: pair.0, with: pair.1) else {
                emit(.jump, to: scope.failure)
                bindToNothing([left, right])
                return
            }
            pairs.append(contentsOf: parts)
        }
    }

    /// The parts of two patterns that must be equal; nil if the patterns cannot be.
    private mutating func parts(of left: Term, with right: Term) throws(Diagnostic) -> [(Term, Term)]? {
        switch (left.kind, right.kind) {
        case (.array(let one), .array(let two)):
            return one.count == two.count ? Array(zip(one, two)) : nil
        case (.object(let one), .object(let two)):
            guard one.count == two.count else { return nil }
            var parts: [(Term, Term)] = []
            for item in one {
                guard let key = constant(item.key) else {
                    throw Diagnostic(.compile, "object keys of both sides must be constants", at: left.location)
                }
                var other: Term?
                for candidate in two where constant(candidate.key)?.isEqual(to: key) == true { other = candidate.value }
                guard let other else { return nil }
                parts.append((item.value, other))
            }
            return parts
        default: return nil
        }
    }

    /// Gives the variables of terms a register, where execution cannot come by.
    private mutating func bindToNothing(_ terms: [Term]) {
        for term in terms {
            for name in term.variables() where scope.bound[name] == nil { scope.bound[name] = operand(.undefined) }
        }
    }

    /// `input.a.b == constant` as one instruction.
    private mutating func emitInputTest(_ reference: Term, _ value: Term) -> Bool {
        guard case .reference(let terms) = reference.kind, case .variable("input")? = terms.first?.kind,
            scope.bound["input"] == nil
        else { return false }
        let keys = leadingStrings(terms.dropFirst())
        guard !keys.isEmpty, keys.count == terms.count - 1 else { return false }
        if let constant = constant(value) {
            emitFailing(.inputPathEqual, b: operand(constant), extra: path(keys))
            return true
        }
        guard case .variable(let name) = value.kind, let known = scope.bound[name] else { return false }
        emitFailing(.inputPathEqual, b: known, extra: path(keys))
        return true
    }
}
