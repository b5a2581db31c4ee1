// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Expander {
    // MARK: Interpolated strings

    /// An interpolated string as a call over its pieces; a piece without a value is an empty set.
    mutating func template(_ template: TemplateString, at location: Location) -> Term {
        var parts: [Term] = []
        for part in template.parts {
            switch part {
            case .text(let text): parts.append(.string(text, at: location))
            case .expression(let expression):
                guard case .term(let term) = expression.kind else { continue }
                if let name = term.builtinCall?.name, compilation.signature(of: name)?.isRelation == true {
                    compilation.report(
                        .templates, .compile,
                        "illegal call to relation built-in '\(name.string)' that may cause multiple outputs",
                        at: term.location)
                    continue
                }
                checkDeclared(term, stage: .templates)
                parts.append(capture(term, modifiers: expression.modifiers, at: location))
            }
        }
        if parts.isEmpty { parts.append(.string("", at: location)) }
        return .call(Name.templateString, [Term(.array(parts), at: location)], at: location)
    }

    /// `{x | x = term}`.
    private func capture(_ term: Term, modifiers: [WithModifier], at location: Location) -> Term {
        let variable = compilation.freshVariable(at: term.location)
        var equality = Expression.generatedEquality(variable, term, modifiers: modifiers)
        equality.isGenerated = false
        equality.location = location
        return Term(.setComprehension(head: variable, body: [equality]), at: term.location)
    }

    private func checkDeclared(_ term: Term, stage: Compilation.Stage) {
        let open = outputs.ofReferences(in: term) { Name.isRoot($0) || safe.contains($0) }
        for name in open.sorted() where !safe.contains(name) {
            guard let display = compilation.displayName(name) else { continue }
            compilation.report(stage, .compile, "var \(display) is undeclared", at: term.location)
        }
    }

    // MARK: print

    /// Adds a call of `internal.print` whose arguments are sets, empty where a value is undefined.
    mutating func print(_ expression: Expression, _ result: inout Body) {
        guard let call = expression.builtinCall else { return }
        var arguments: [Term] = []
        for argument in call.arguments {
            for name in argument.variables(.skipClosures).sorted() where !known.contains(name) {
                guard let display = compilation.displayName(name) else { continue }
                compilation.report(.prints, .compile, "var \(display) is undeclared", at: argument.location)
            }
            arguments.append(capture(argument, modifiers: [], at: argument.location))
        }
        var printing = expression
        printing.kind = .term(
            .call(Name.internalPrint, [Term(.array(arguments), at: expression.location)], at: expression.location))
        var support: Body = []
        if case .term(let term) = printing.kind, let inner = term.builtinCall {
            printing.kind = .term(
                .call(Name.internalPrint, inner.arguments.map { self.term($0, &support) }, at: expression.location))
        }
        result.append(contentsOf: support)
        result.append(printing)
    }
}

/// Decides what `with` may replace, and whether its value must be evaluated before.
struct ModifierCheck {
    let compilation: Compilation
    let outline: PolicyOutline

    /// Whether the value must be bound to a variable first; notes mistakes.
    func mustEvaluate(_ modifier: WithModifier) -> Bool {
        let (target, value) = (modifier.target, modifier.value)
        let parts: [Term]
        switch target.kind {
        case .reference(let list): parts = list
        case .variable: parts = [target]
        default:
            refuseTarget(target)
            return false
        }
        guard let head = parts.first?.variableName else {
            refuseTarget(target)
            return false
        }
        if head == Name.input { return isEvaluated(value) }
        if head == Name.data { return mustEvaluate(data: parts, target, value) }
        guard parts.count == 1, let signature = compilation.signature(of: head) else {
            refuseTarget(target)
            return false
        }
        if let reason = refusal(of: head, signature) {
            compilation.report(
                .modifiers, .compile, "with keyword replacing built-in function: \(reason)", at: target.location)
            return false
        }
        return isFunctionValue(value) ? false : value.requiresEvaluation
    }

    private func mustEvaluate(data parts: [Term], _ target: Term, _ value: Term) -> Bool {
        var node = 0
        for (offset, part) in parts.dropFirst().enumerated() {
            let isLast = offset == parts.count &- 2
            guard let key = part.scalar, let next = outline.tree.nodes[node].children[key] else { break }
            if !isLast, outline.hasRules(at: next) {
                compilation.report(
                    .modifiers, .compile, "with keyword cannot partially replace virtual document(s)",
                    at: target.location)
                return false
            }
            if isLast, outline.hasFunction(at: next), isFunctionValue(value) {
                return false
            }
            node = next
        }
        if case .reference(let parts) = value.kind, let node = outline.node(of: parts),
            outline.hasFunction(at: node)
        {
            return false
        }
        return isEvaluated(value)
    }

    /// Whether a value that is no function must be bound to a variable first.
    private func isEvaluated(_ value: Term) -> Bool {
        if let name = value.variableName, !Name.isRoot(name), !Name.isLocal(name) {
            compilation.report(.bodySafety, .unsafeVariable, "var \(name.string) is unsafe", at: value.location)
        }
        return value.requiresEvaluation
    }

    private func isFunctionValue(_ value: Term) -> Bool {
        switch value.kind {
        case .reference(let parts): outline.node(of: parts) != nil
        case .variable(let name): !Name.isRoot(name) && compilation.signature(of: name) != nil
        default: false
        }
    }

    private func refusal(of name: Text, _ signature: BuiltinSignature) -> String? {
        if compilation.options.refusedBuiltins[name] != nil { return "target must not be unsafe: \"\(name.string)\"" }
        if name == Name.equality || name == Name.metadataChain || name == Name.metadataRule {
            return "replacement of \"\(name.string)\" invalid"
        }
        if name.bytes.starts(with: "internal.".utf8) {
            return "replacement of internal function \"\(name.string)\" invalid"
        }
        if signature.isRelation { return "target must not be a relation" }
        if signature.result == nil { return "target must not be a void function" }
        return nil
    }

    private func refuseTarget(_ target: Term) {
        compilation.report(
            .modifiers, .type, "with keyword target must reference existing input, data, or a function",
            at: target.location)
    }
}
