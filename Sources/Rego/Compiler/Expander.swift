// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Takes nested calls and what else must be evaluated out of terms, into statements before (or at the end of) a body.
struct Expander {
    let compilation: Compilation
    let outline: PolicyOutline
    let outputs: OutputVariables
    /// Whether negated statements become bodies of their own.
    let negatesBodies: Bool
    /// Whether interpolated strings must be looked for.
    let checksTemplates: Bool
    /// Whether deprecated builtins are refused.
    var checksDeprecated = true
    /// The variables that stand for the rule's metadata, once asked for.
    var metadataChain: Text?
    var metadataRule: Text?
    /// Variables that have values wherever the body being expanded stands.
    var safe: Set<Text> = []
    /// Variables that have values when the body being expanded begins, for `print`.
    var known: Set<Text> = []

    init(compilation: Compilation, outline: PolicyOutline, negatesBodies: Bool, checksTemplates: Bool) {
        self.compilation = compilation
        self.outline = outline
        self.negatesBodies = negatesBodies
        self.checksTemplates = checksTemplates
        outputs = OutputVariables(arity: Self.arity(compilation, outline))
    }

    /// How many arguments functions take.
    static func arity(_ compilation: Compilation, _ outline: PolicyOutline) -> (Term) -> Int? {
        { function in
            switch function.kind {
            case .variable(let name): compilation.signature(of: name)?.arguments.count
            case .reference(let parts): outline.arity(of: parts)
            default: nil
            }
        }
    }

    // MARK: Bodies

    /// Expands the head and the body of a definition; what the head needs goes to the end of the body.
    mutating func expand(_ branch: inout DraftRule.Branch) {
        let arguments = safe
        known = arguments
        if checksTemplates {
            safe.formUnion(outputs.of(branch.body) { Name.isRoot($0) || arguments.contains($0) })
        }
        var support: Body = []
        branch.key = branch.key.map { term($0, &support) }
        branch.value = term(branch.value, &support)
        safe = arguments
        var expanded = body(branch.body)
        expanded.append(contentsOf: support)
        if let key = branch.key, key.requiresEvaluation { branch.key = bind(key, &expanded) }
        if branch.value.requiresEvaluation { branch.value = bind(branch.value, &expanded) }
        branch.body = expanded
    }

    private func bind(_ term: Term, _ body: inout Body) -> Term {
        let variable = compilation.freshVariable(at: term.location)
        body.append(.generatedEquality(variable, term))
        return variable
    }

    /// A body whose statements hold no nested calls.
    mutating func body(_ body: Body) -> Body {
        let outer = safe
        let begin = known
        if checksTemplates {
            safe.formUnion(outputs.of(body) { [safe] in Name.isRoot($0) || safe.contains($0) })
        }
        var result: Body = []
        result.reserveCapacity(body.count &+ 2)
        for (index, expression) in body.enumerated() {
            if expression.builtinCall?.name == Name.print {
                guard compilation.options.keepsPrint else { continue }
                known = reached(begin, body.prefix(index))
                print(expression, &result)
            } else {
                if compilation.options.keepsPrint, expression.hasClosures {
                    known = reached(begin, body.prefix(index))
                }
                statement(expression, &result)
            }
        }
        known = begin
        if result.isEmpty, let location = body.first?.location {
            result.append(Expression(.term(Term(.boolean(true), at: location)), at: location))
        }
        safe = outer
        return result
    }

    private func reached(_ begin: Set<Text>, _ body: Body.SubSequence) -> Set<Text> {
        outputs.of(body) { Name.isRoot($0) || begin.contains($0) }.union(begin)
    }

    /// A closure's body with its heads.
    private mutating func closure(_ body: Body, _ heads: [Term]) -> (Body, [Term]) {
        let outer = safe
        if checksTemplates {
            safe.formUnion(outputs.of(body) { [safe] in Name.isRoot($0) || safe.contains($0) })
        }
        var support: Body = []
        var results: [Term] = []
        for head in heads { results.append(term(head, &support)) }
        var expanded = self.body(body)
        expanded.append(contentsOf: support)
        for index in results.indices where results[index].requiresEvaluation {
            results[index] = bind(results[index], &expanded)
        }
        safe = outer
        return (expanded, results)
    }

    private mutating func statement(_ expression: Expression, _ result: inout Body) {
        if negatesBodies, expression.isNegated, !expression.isNegatedBody {
            var inner = expression
            inner.isNegated = false
            var wrapper = expression
            wrapper.modifiers = []
            wrapper.isGenerated = true
            wrapper.kind = .negatedBody(body([inner]))
            result.append(wrapper)
            return
        }
        var expression = expression
        modifiers(&expression, &result)
        var support: Body = []
        switch expression.kind {
        case .term(let original):
            if case .call(let function, let arguments) = original.kind {
                if let replaced = metadata(original) {
                    expression.kind = .term(replaced)
                    break
                }
                let expanded = arguments.map { term($0, &support) }
                checkCall(function, count: expanded.count, isGenerated: expression.isGenerated, at: expression.location)
                expression.kind = .term(Term(.call(function: function, arguments: expanded), at: original.location))
            } else {
                expression.kind = .term(term(original, &support))
            }
        case .every(let key, let value, let domain, let body):
            let variable = compilation.freshVariable(at: domain.location)
            statement(.generatedEquality(variable, domain, modifiers: expression.modifiers), &result)
            let outer = safe
            for case let name? in [key?.variableName, value.variableName] {
                safe.insert(name)
                known.insert(name)
            }
            expression.kind = .every(key: key, value: value, domain: variable, body: self.body(body))
            safe = outer
        case .negatedBody(let body): expression.kind = .negatedBody(self.body(body))
        case .and(let operands): expression.kind = .and(operands.map { operand($0) })
        case .or(let operands): expression.kind = .or(operands.map { operand($0) })
        case .someVariables, .someIn: break
        }
        for var statement in support {
            if !expression.modifiers.isEmpty { statement.modifiers = expression.modifiers }
            result.append(statement)
        }
        result.append(expression)
    }

    private mutating func operand(_ operand: LogicalOperand) -> LogicalOperand {
        LogicalOperand(body: body(operand.body), isBraced: operand.isBraced)
    }

    private mutating func modifiers(_ expression: inout Expression, _ result: inout Body) {
        guard !expression.modifiers.isEmpty else { return }
        var equalities: Body = []
        let check = ModifierCheck(compilation: compilation, outline: outline)
        for index in expression.modifiers.indices {
            expression.modifiers[index].value = term(expression.modifiers[index].value, &result)
            guard check.mustEvaluate(expression.modifiers[index]) else { continue }
            let value = expression.modifiers[index].value
            let variable = compilation.freshVariable(at: value.location)
            equalities.append(.generatedEquality(variable, value))
            expression.modifiers[index].value = variable
        }
        result.append(contentsOf: equalities)
    }

    // MARK: Terms

    /// A term without calls; what computes the parts goes before.
    mutating func term(_ term: Term, _ support: inout Body) -> Term {
        switch term.kind {
        case .null, .boolean, .number, .string, .variable: return term
        case .call(let function, let arguments):
            if let replaced = metadata(term) { return replaced }
            checkResult(function, of: term)
            var expanded: [Term] = []
            expanded.reserveCapacity(arguments.count &+ 1)
            for argument in arguments { expanded.append(self.term(argument, &support)) }
            checkCall(function, count: expanded.count &+ 1, isGenerated: true, at: term.location)
            let output = compilation.freshVariable(at: term.location)
            expanded.append(output)
            support.append(
                Expression(
                    .term(Term(.call(function: function, arguments: expanded), at: term.location)), at: term.location,
                    isGenerated: true))
            return output
        case .reference(let parts): return reference(parts, term, &support)
        case .array(let elements):
            return Term(.array(elements.map { self.term($0, &support) }), at: term.location)
        case .set(let elements):
            return Term(.set(elements.map { self.term($0, &support) }), at: term.location)
        case .object(let items):
            return Term(
                .object(
                    items.map { item in
                        let key = self.term(item.key, &support)
                        return ObjectItem(key: key, value: self.term(item.value, &support))
                    }), at: term.location)
        case .arrayComprehension(let head, let body):
            let (body, heads) = closure(body, [head])
            return Term(.arrayComprehension(head: heads[0], body: body), at: term.location)
        case .setComprehension(let head, let body):
            let (body, heads) = closure(body, [head])
            return Term(.setComprehension(head: heads[0], body: body), at: term.location)
        case .objectComprehension(let key, let value, let body):
            let (body, heads) = closure(body, [key, value])
            return Term(.objectComprehension(key: heads[0], value: heads[1], body: body), at: term.location)
        case .template(let template): return self.term(self.template(template, at: term.location), &support)
        }
    }

    private mutating func reference(_ parts: [Term], _ term: Term, _ support: inout Body) -> Term {
        guard let first = parts.first else { return term }
        if first.variableName != nil, parts.dropFirst().allSatisfy({ $0.isScalar || $0.variableName != nil }) {
            return term
        }
        var expanded = parts.map { $0.isScalar ? $0 : self.term($0, &support) }
        if expanded[0].variableName == nil {
            let variable = compilation.freshVariable(at: first.location)
            support.append(.generatedEquality(variable, expanded[0]))
            expanded[0] = variable
        }
        return Term(.reference(expanded), at: term.location)
    }

    // MARK: Metadata

    private mutating func metadata(_ term: Term) -> Term? {
        guard let call = term.builtinCall, call.arguments.isEmpty else { return nil }
        if call.name == Name.metadataChain {
            let name = metadataChain ?? compilation.freshName()
            metadataChain = name
            return .variable(name, at: term.location)
        }
        if call.name == Name.metadataRule {
            let name = metadataRule ?? compilation.freshName()
            metadataRule = name
            return .variable(name, at: term.location)
        }
        return nil
    }

    // MARK: Checks

    private func checkResult(_ function: Term, of term: Term) {
        guard let name = function.variableName, let signature = compilation.signature(of: name), signature.result == nil
        else { return }
        compilation.report(.voidCalls, .type, "\(compilation.printer.text(term)) used as value", at: term.location)
    }

    private func checkCall(_ function: Term, count: Int, isGenerated: Bool, at location: Location) {
        if let name = function.variableName {
            if let setting = compilation.options.refusedBuiltins[name] {
                compilation.report(
                    .unsafeBuiltins, .type,
                    "unsafe built-in function calls in expression: \(name.string) (\(setting))", at: location)
            }
            if checksDeprecated, compilation.signature(of: name)?.isDeprecated == true {
                compilation.report(
                    .deprecatedBuiltins, .type, "deprecated built-in function calls in expression: \(name.string)",
                    at: location)
            }
        }
        guard let arity = outputs.arity(function) else {
            let name = compilation.printer.text(function)
            compilation.report(.functions, .type, "undefined function \(name)", at: location)
            return
        }
        let given = isGenerated ? count &- 1 : count
        if isGenerated {
            if given == arity || function.variableName == Name.equality { return }
        } else if given == arity || given == arity &+ 1 {
            return
        }
        if let name = function.variableName {
            compilation.report(.functions, .type, "\(name.string): arity mismatch", at: location)
        } else {
            let plural = given == 1 ? "argument" : "arguments"
            compilation.report(
                .functions, .type,
                "function \(compilation.printer.text(function)) has arity \(arity), got \(given) \(plural)",
                at: location)
        }
    }
}

extension Expression {
    /// Whether it is `not` before a body.
    var isNegatedBody: Bool {
        if case .negatedBody = kind { return true }
        return false
    }
}
