// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Binds references and comprehensions that stand inside of other terms to variables, in statements before.
struct TermHoister {
    let compilation: Compilation
    /// Whether `==` is treated as `=`, as in rules.
    let unifiesEqual: Bool

    /// A body with its dynamic terms hoisted.
    func body(_ body: Body) -> Body {
        var result: Body = []
        result.reserveCapacity(body.count &+ 2)
        for expression in body { statement(expression, &result) }
        return result
    }

    private func statement(_ original: Expression, _ result: inout Body) {
        var expression = original
        switch original.kind {
        case .term(let term):
            guard case .call(let function, let arguments) = term.kind else {
                expression.kind = .term(side(term, original, &result))
                break
            }
            if arguments.count == 2, let name = function.variableName,
                name == Name.equality || (unifiesEqual && name == Name.equal)
            {
                let left = side(arguments[0], original, &result)
                let right = side(arguments[1], original, &result)
                expression.kind = .term(
                    Term(
                        .call(function: .variable(Name.equality, at: function.location), arguments: [left, right]),
                        at: term.location))
                break
            }
            var hoisted: [Term] = []
            hoisted.reserveCapacity(arguments.count)
            for argument in arguments { hoisted.append(hoist(argument, original, &result)) }
            expression.kind = .term(Term(.call(function: function, arguments: hoisted), at: term.location))
        case .every(let key, let value, let domain, let body):
            let hoisted = hoist(domain, original, &result)
            expression.kind = .every(key: key, value: value, domain: hoisted, body: self.body(body))
        case .negatedBody(let body):
            let hoisted = self.body(body)
            if original.isGenerated, hoisted.count == 1, let only = hoisted.first, case .term = only.kind {
                expression.kind = only.kind
                expression.modifiers = only.modifiers
                expression.isGenerated = only.isGenerated
            } else {
                expression.kind = .negatedBody(hoisted)
            }
        case .and(let operands):
            expression.kind = .and(operands.map { LogicalOperand(body: self.body($0.body), isBraced: $0.isBraced) })
        case .or(let operands):
            expression.kind = .or(operands.map { LogicalOperand(body: self.body($0.body), isBraced: $0.isBraced) })
        case .someVariables, .someIn: break
        }
        result.append(expression)
    }

    /// A term that stands where a reference or a comprehension may stay.
    private func side(_ term: Term, _ original: Expression, _ result: inout Body) -> Term {
        switch term.kind {
        case .variable, .null, .boolean, .number, .string: return term
        case .reference(let parts): return Term(.reference(operands(parts, original, &result)), at: term.location)
        case .arrayComprehension, .setComprehension, .objectComprehension: return closure(term)
        default: return hoist(term, original, &result)
        }
    }

    private func operands(_ parts: [Term], _ original: Expression, _ result: inout Body) -> [Term] {
        if parts.dropFirst().allSatisfy({ !$0.requiresEvaluation }) { return parts }
        var hoisted = Array(parts.prefix(1))
        for part in parts.dropFirst() { hoisted.append(hoist(part, original, &result)) }
        return hoisted
    }

    private func closure(_ term: Term) -> Term {
        switch term.kind {
        case .arrayComprehension(let head, let body):
            Term(.arrayComprehension(head: head, body: self.body(body)), at: term.location)
        case .setComprehension(let head, let body):
            Term(.setComprehension(head: head, body: self.body(body)), at: term.location)
        case .objectComprehension(let key, let value, let body):
            Term(.objectComprehension(key: key, value: value, body: self.body(body)), at: term.location)
        default: term
        }
    }

    /// A term without references and comprehensions.
    private func hoist(_ term: Term, _ original: Expression, _ result: inout Body) -> Term {
        switch term.kind {
        case .null, .boolean, .number, .string, .call, .template: return term
        case .variable(let name):
            return Name.isRoot(name) ? bind(term, original, &result) : term
        case .reference(let parts):
            return bind(Term(.reference(operands(parts, original, &result)), at: term.location), original, &result)
        case .array(let elements):
            if !term.requiresEvaluation { return term }
            return Term(.array(elements.map { hoist($0, original, &result) }), at: term.location)
        case .set(let elements):
            if !term.requiresEvaluation { return term }
            return Term(.set(elements.map { hoist($0, original, &result) }), at: term.location)
        case .object(let items):
            if !term.requiresEvaluation { return term }
            return Term(
                .object(
                    items.map { item in
                        let key = hoist(item.key, original, &result)
                        return ObjectItem(key: key, value: hoist(item.value, original, &result))
                    }), at: term.location)
        case .arrayComprehension, .setComprehension, .objectComprehension:
            return bind(closure(term), original, &result)
        }
    }

    private func bind(_ term: Term, _ original: Expression, _ result: inout Body) -> Term {
        let variable = compilation.freshVariable(at: term.location)
        result.append(.generatedEquality(variable, term, modifiers: original.modifiers))
        return variable
    }
}
