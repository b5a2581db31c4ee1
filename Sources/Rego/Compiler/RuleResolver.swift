// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A definition between the passes.
struct DraftRule {
    /// The definition itself or one of its `else` branches.
    struct Branch {
        /// What follows the rule's name in the head.
        var tail: [Term]
        /// What `contains` adds.
        var key: Term?
        /// The value.
        var value: Term
        /// What must hold.
        var body: Body
        /// Where it stands.
        var location: Location
    }

    /// Index of the module.
    var module: Int
    /// Index of the definition in its module.
    var rule: Int
    /// The package and the rule's name, without `data`.
    var prefix: [SyntaxValue]
    /// The patterns of the arguments, for a function.
    var arguments: [Term]?
    /// Whether it gives a default.
    var isDefault: Bool
    /// The definition, then its `else` branches.
    var branches: [Branch]
    /// Where the definition stands.
    var location: Location
    /// Whether interpolated strings occur.
    var hasTemplates: Bool
    /// Whether the module puts all of a negated statement into a body of its own.
    var negatesBodies: Bool
    /// Which of the source's names belong to it.
    var names: Range<Int>

    /// How many arguments it takes.
    var arity: Int {
        arguments?.count ?? 0
    }

    /// What follows the rule's name in the head.
    var tail: [Term] {
        branches.first?.tail ?? []
    }

    /// The part of the path without variables.
    var groundPath: [SyntaxValue] {
        var result = prefix
        for term in tail {
            guard let value = term.scalar else { break }
            result.append(value)
        }
        return result
    }

    /// Whether no variable occurs in the head's reference.
    var isGround: Bool {
        tail.allSatisfy(\.isScalar)
    }

    /// The parts of the whole reference, for messages.
    var reference: [Term] {
        [.variable(Name.data, at: location)] + prefix.map { .constant($0, at: location) } + tail
    }
}

/// Resolves the names of the rules of one module.
struct RuleResolver {
    let compilation: Compilation
    let globals: GlobalNames
    let module: Module
    let index: Int

    /// A definition with its names resolved.
    func resolve(_ rule: Rule, at ruleIndex: Int) -> DraftRule? {
        guard let name = rule.head.reference.first?.variableName else { return nil }
        let firstName = compilation.sourceList.count
        checkNames(rule, name)
        var base = NameResolver(compilation: compilation, globals: globals)
        let (arguments, argumentEqualities) = self.arguments(of: rule, &base)
        var unused: Set<Text> = []
        if compilation.options.isStrict {
            for argument in rule.head.arguments ?? [] { argument.forEachVariable([]) { unused.insert($0) } }
        }
        var draft = DraftRule(
            module: index, rule: ruleIndex, prefix: (module.package.dropFirst() + [name]).map { .string($0) },
            arguments: arguments.isEmpty ? nil : arguments, isDefault: rule.isDefault, branches: [],
            location: rule.location, hasTemplates: false, negatesBodies: module.features.contains(.negatedBodies),
            names: firstName..<firstName)
        var sources: [(value: Term?, body: Body, location: Location)] = [(rule.head.value, rule.body, rule.location)]
        for branch in rule.elseBranches { sources.append((branch.value, branch.body, branch.location)) }
        for source in sources {
            var resolver = base
            let value = source.value ?? Term(.boolean(true), at: source.location)
            draft.branches.append(
                branch(of: rule, &resolver, value: value, body: source.body, at: source.location, argumentEqualities))
            draft.hasTemplates = draft.hasTemplates || resolver.hasTemplates
            for name in unused where (resolver.scopes.innermostLocal(name)?.count ?? 0) > 1 { unused.remove(name) }
        }
        for name in unused.sorted() where !Name.isWildcard(name) {
            compilation.report(
                .locals, .compile, "unused argument \(name.string). (hint: use _ (wildcard variable) instead)",
                at: rule.head.location)
        }
        draft.names = firstName..<compilation.sourceList.count
        return draft
    }

    private func branch(
        of rule: Rule, _ resolver: inout NameResolver, value: Term, body: Body, at location: Location,
        _ argumentEqualities: Body
    ) -> DraftRule.Branch {
        resolver.hidden.append(NameResolver.declared(in: body))
        let tail = Array(rule.head.reference.dropFirst())
        var used = tail
        if let key = rule.head.key { used.append(key) }
        used.append(value)
        var resolvedBody = resolver.body(body, usedBy: used)
        resolvedBody.append(contentsOf: argumentEqualities)
        var resolvedTail: [Term] = []
        for term in tail {
            let resolved = resolver.term(term)
            if resolved.isScalar || (resolved.variableName.map { !Name.isRoot($0) } ?? false) {
                resolvedTail.append(resolved)
            } else {
                let variable = compilation.freshVariable(at: term.location)
                resolvedBody.append(.generatedEquality(variable, resolved))
                resolvedTail.append(variable)
            }
        }
        let key = rule.head.key.map { resolver.term($0) }
        return DraftRule.Branch(
            tail: resolvedTail, key: key, value: resolver.term(value), body: resolvedBody, location: location)
    }

    // MARK: Arguments

    private func arguments(of rule: Rule, _ resolver: inout NameResolver) -> ([Term], Body) {
        guard let arguments = rule.head.arguments else { return ([], []) }
        var names: Set<Text> = []
        for argument in arguments { argument.forEachVariable(.pattern) { names.insert($0) } }
        resolver.hidden.append(names)
        var equalities: Body = []
        var result: [Term] = []
        for argument in arguments {
            for name in argument.rootNames.sorted() {
                compilation.report(
                    .references, .compile, "args must not shadow \(name.string) (use a different variable name)",
                    at: rule.location)
            }
            result.append(pattern(argument, &resolver))
        }
        for index in result.indices where result[index].requiresEvaluation {
            let variable = compilation.freshVariable(at: result[index].location)
            equalities.append(.generatedEquality(variable, result[index]))
            result[index] = variable
        }
        return (result, equalities)
    }

    private func pattern(_ term: Term, _ resolver: inout NameResolver) -> Term {
        switch term.kind {
        case .variable(let name):
            if let known = resolver.scopes.meet(name) { return .variable(known.name, at: term.location) }
            let unique = compilation.freshName(for: name)
            resolver.scopes.insert(name, unique, .argument, at: term.location)
            return .variable(unique, at: term.location)
        case .array(let elements):
            return Term(.array(elements.map { pattern($0, &resolver) }), at: term.location)
        case .object(let items):
            return Term(
                .object(
                    items.map { ObjectItem(key: resolver.term($0.key), value: pattern($0.value, &resolver)) }),
                at: term.location)
        case .call:
            compilation.report(.locals, .compile, "rule arguments cannot contain calls", at: term.location)
            return term
        default: return resolver.term(term)
        }
    }

    // MARK: Names that must not be hidden

    private func checkNames(_ rule: Rule, _ name: Text) {
        if Name.isRoot(name) {
            compilation.report(
                .keywords, .compile, "rules must not shadow \(name.string) (use a different rule name)",
                at: rule.location)
        }
        let assignments = RootAssignments(compilation: compilation)
        for term in [rule.head.key, rule.head.value].compactMap(\.self) { assignments.check(term) }
        assignments.check(rule.body)
        for branch in rule.elseBranches {
            if let value = branch.value { assignments.check(value) }
            assignments.check(branch.body)
        }
    }
}

/// Refuses assignments to `data` and `input`, in closures as well.
struct RootAssignments {
    let compilation: Compilation

    func check(_ body: Body) {
        for expression in body {
            switch expression.kind {
            case .term(let term):
                if let (left, right) = expression.operands(of: Name.assign) {
                    if let name = left.variableName, Name.isRoot(name) {
                        compilation.report(
                            .keywords, .compile,
                            "variables must not shadow \(name.string) (use a different variable name)",
                            at: expression.location)
                    }
                    check(right)
                } else {
                    check(term)
                }
            case .someVariables: break
            case .someIn(_, _, let domain): check(domain)
            case .every(_, _, let domain, let body):
                check(domain)
                check(body)
            case .negatedBody(let body): check(body)
            case .and(let operands), .or(let operands):
                for operand in operands { check(operand.body) }
            }
        }
    }

    func check(_ term: Term) {
        switch term.kind {
        case .null, .boolean, .number, .string, .variable, .template: break
        case .reference(let parts):
            for part in parts { check(part) }
        case .array(let elements), .set(let elements):
            for element in elements { check(element) }
        case .object(let items):
            for item in items {
                check(item.key)
                check(item.value)
            }
        case .call(_, let arguments):
            for argument in arguments { check(argument) }
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            check(head)
            check(body)
        case .objectComprehension(let key, let value, let body):
            check(key)
            check(value)
            check(body)
        }
    }
}

extension Term {
    /// The root documents that stand in a pattern as if they were variables.
    fileprivate var rootNames: Set<Text> {
        switch kind {
        case .variable(let name): Name.isRoot(name) ? [name] : []
        case .array(let elements): elements.reduce(into: []) { $0.formUnion($1.rootNames) }
        case .object(let items): items.reduce(into: []) { $0.formUnion($1.value.rootNames) }
        default: []
        }
    }
}
