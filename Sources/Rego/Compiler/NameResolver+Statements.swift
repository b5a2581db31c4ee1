// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension NameResolver {
    /// A body with its names resolved; the innermost scope is its own.
    mutating func body(_ body: Body, usedBy heads: [Term], restriction: Restriction? = nil) -> Body {
        var result: Body = []
        result.reserveCapacity(body.count)
        for expression in body {
            if let resolved = statement(expression, restriction) { result.append(resolved) }
        }
        if result.isEmpty, let location = body.first?.location {
            result.append(Expression(.term(Term(.boolean(true), at: location)), at: location))
        }
        checkUnused(usedBy: heads, bodyLocation: body.first?.location ?? .none)
        return result
    }

    private mutating func statement(_ expression: Expression, _ restriction: Restriction?) -> Expression? {
        switch expression.kind {
        case .term:
            if let (left, right) = expression.operands(of: Name.assign) {
                return assignment(expression, left, right, restriction)
            }
            return plain(expression)
        case .someVariables(let variables):
            for variable in variables {
                guard let name = variable.variableName else { continue }
                guard declare(name, .declared, at: expression.location, expression: expression.location) != nil else {
                    return nil
                }
            }
            return nil
        case .someIn(let key, let value, let domain): return someIn(expression, key, value, domain)
        case .every(let key, let value, let domain, let body): return every(expression, key, value, domain, body)
        case .negatedBody, .and, .or: return plain(expression)
        }
    }

    /// A statement that declares nothing.
    mutating func plain(_ expression: Expression) -> Expression {
        var result = expression
        switch expression.kind {
        case .term(let term):
            if case .call(let function, let arguments) = term.kind {
                let resolved = self.function(function, in: term, isNested: false)
                result.kind = .term(
                    Term(.call(function: resolved, arguments: terms(arguments)), at: term.location))
            } else {
                result.kind = .term(self.term(term))
            }
        case .negatedBody(let body): result.kind = .negatedBody(nested(body))
        case .and(let operands): result.kind = .and(operands.map { operand($0, .and) })
        case .or(let operands): result.kind = .or(operands.map { operand($0, .or) })
        case .someVariables, .someIn, .every: return statement(expression, nil) ?? expression
        }
        result.modifiers = modifiers(expression.modifiers)
        return result
    }

    private mutating func nested(_ body: Body, restriction: Restriction? = nil) -> Body {
        scopes.push()
        hidden.append(Self.declared(in: body))
        let resolved = self.body(body, usedBy: [], restriction: restriction)
        hidden.removeLast()
        scopes.pop()
        return resolved
    }

    private mutating func operand(_ operand: LogicalOperand, _ restriction: Restriction) -> LogicalOperand {
        LogicalOperand(
            body: nested(operand.body, restriction: operand.isBraced ? nil : restriction), isBraced: operand.isBraced)
    }

    private mutating func assignment(
        _ expression: Expression, _ left: Term, _ right: Term, _ restriction: Restriction?
    ) -> Expression {
        if expression.isNegated {
            report("cannot assign vars inside negated expression", at: expression.location)
            return expression
        }
        switch restriction {
        case .and:
            report("cannot assign vars inside implicit and operand", at: expression.location)
            return expression
        case .or:
            report("cannot assign vars inside implicit or operand", at: expression.location)
            return expression
        case nil: break
        }
        let value = term(right)
        var result = expression
        result.modifiers = modifiers(expression.modifiers)
        let pattern = assignee(left, expression.location)
        guard case .term(let call) = expression.kind, case .call(let function, _) = call.kind else { return expression }
        let equality = Term.variable(Name.equality, at: function.location)
        result.kind = .term(Term(.call(function: equality, arguments: [pattern, value]), at: call.location))
        result.isAssignment = true
        return result
    }

    private mutating func assignee(_ term: Term, _ expression: Location) -> Term {
        switch term.kind {
        case .variable(let name):
            guard let unique = declare(name, .assigned, at: term.location, expression: expression) else { return term }
            return .variable(unique, at: term.location)
        case .array(let elements):
            return Term(.array(elements.map { assignee($0, expression) }), at: term.location)
        case .object(let items):
            return Term(
                .object(items.map { ObjectItem(key: self.term($0.key), value: assignee($0.value, expression)) }),
                at: term.location)
        default:
            report("cannot assign to \(term.typeName)", at: term.location)
            return term
        }
    }

    private mutating func someIn(_ expression: Expression, _ key: Term?, _ value: Term, _ domain: Term) -> Expression? {
        let operand = key ?? .variable("$k", at: expression.location)
        var parts: [Term]
        if case .reference(let list) = domain.kind { parts = list } else { parts = [domain] }
        parts.append(operand)
        let member = Term(.reference(parts), at: domain.location)
        let known = domain.variables()
        var names = OutputVariables(arity: { _ in nil }).ofEquality(value, member) { known.contains($0) }
        if key == nil { names.remove("$k") }
        let resolvedDomain: Term
        for name in names.sorted() {
            guard declare(name, .declared, at: expression.location, expression: expression.location) != nil else {
                return nil
            }
        }
        resolvedDomain = self.term(domain)
        let resolvedValue = self.term(value)
        let resolvedKey = key.map { self.term($0) } ?? compilation.freshVariable(at: expression.location)
        if case .reference(let list) = resolvedDomain.kind { parts = list } else { parts = [resolvedDomain] }
        parts.append(resolvedKey)
        var result = expression
        result.kind = .term(
            .call(
                Name.equality, [resolvedValue, Term(.reference(parts), at: domain.location)], at: expression.location))
        result.modifiers = modifiers(expression.modifiers)
        return result
    }

    private mutating func every(
        _ expression: Expression, _ key: Term?, _ value: Term, _ domain: Term, _ body: Body
    ) -> Expression? {
        let resolvedDomain = term(domain)
        var result = expression
        result.modifiers = modifiers(expression.modifiers)
        scopes.push()
        defer { scopes.pop() }
        var resolved: [Term] = []
        for variable in [key, value] {
            guard let name = variable?.variableName, let variable else {
                resolved.append(compilation.freshVariable(at: expression.location))
                continue
            }
            if Name.isWildcard(name) {
                resolved.append(.variable(compilation.freshName(for: name), at: variable.location))
                continue
            }
            let place = body.first?.location ?? expression.location
            guard let unique = declare(name, .declared, at: expression.location, expression: place) else { return nil }
            resolved.append(.variable(unique, at: variable.location))
        }
        var own = Self.declared(in: body)
        key?.forEachVariable([]) { own.insert($0) }
        value.forEachVariable([]) { own.insert($0) }
        hidden.append(own)
        let resolvedBody = self.body(body, usedBy: [])
        hidden.removeLast()
        result.kind = .every(key: resolved[0], value: resolved[1], domain: resolvedDomain, body: resolvedBody)
        return result
    }

    // MARK: with

    private mutating func modifiers(_ modifiers: [WithModifier]) -> [WithModifier] {
        modifiers.map { modifier in
            WithModifier(
                target: functionOrPath(modifier.target, isTarget: true),
                value: functionOrPath(modifier.value, isTarget: false), at: modifier.location)
        }
    }

    private mutating func functionOrPath(_ term: Term, isTarget: Bool) -> Term {
        let parts: [Term]
        switch term.kind {
        case .variable: parts = [term]
        case .reference(let list): parts = list
        default: return self.term(term)
        }
        guard let head = parts.first?.variableName else { return self.term(term) }
        if isTarget, Name.isRoot(head) {
            if parts.count == 1 { return term }
            return Term(.reference([parts[0]] + terms(Array(parts.dropFirst()))), at: term.location)
        }
        if Name.isRoot(head) || scopes.find(head) != nil || isHidden(head)
            || globals.meaning(of: head, at: term.location) != nil
        {
            return self.term(term)
        }
        let name = Self.flatten(parts)
        return isTarget || compilation.signature(of: name) != nil ? .variable(name, at: term.location) : self.term(term)
    }

    // MARK: Unused variables

    private mutating func checkUnused(usedBy heads: [Term], bodyLocation: Location) {
        guard mistakes == 0 else { return }
        var unused: [(Text, LocalScopes.Local)] = []
        for (source, local) in scopes.innermost
        where local.count <= 1 && !Name.isWildcard(source) && !Name.isLocal(source) {
            switch local.occurrence {
            case .assigned where compilation.options.isStrict: unused.append((source, local))
            case .declared: unused.append((source, local))
            default: break
            }
        }
        if unused.isEmpty { return }
        var used: Set<Text> = []
        for head in heads { head.forEachVariable([]) { used.insert($0) } }
        for (source, local) in unused.sorted(by: { $0.0 < $1.0 }) where !used.contains(source) {
            let kind = local.occurrence == .assigned ? "assigned" : "declared"
            report("\(kind) var \(source.string) unused", at: local.location)
        }
    }
}
