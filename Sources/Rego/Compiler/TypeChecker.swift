// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds statements that cannot hold whatever the input is, from the types of constants, builtins and rules.
struct TypeChecker {
    let compilation: Compilation
    /// The types of the rules checked so far.
    var environment: TypeEnvironment
    /// The types of variables, innermost body last.
    private var scopes: [[Text: RegoType]] = []
    /// The types of the comprehensions in the statement that is looked at.
    private var closures: [ClosureKey: RegoType?] = [:]
    private var mistakes = 0
    /// What the statement that is looked at replaces by `with`.
    var replacements: [Replacement] = []
    /// The rules, and what each group of them reads.
    let tree: RuleTree
    let dependencies: [Dependencies]
    /// Whether what `in` looks for must be of a type that the collection can hold.
    var checksMembership = true
    /// The variables that had no type when a union of types was come upon.
    var open: Set<Text> = []

    private struct ClosureKey: Hashable {
        var location: Location
        var form: String
        var head: Text?
    }

    init(compilation: Compilation, environment: TypeEnvironment, tree: RuleTree, dependencies: [Dependencies]) {
        self.compilation = compilation
        self.environment = environment
        self.tree = tree
        self.dependencies = dependencies
    }

    // MARK: Rules and bodies

    /// Checks a branch of a definition and adds what it makes to the environment.
    mutating func check(_ branch: DraftRule.Branch, of draft: DraftRule) {
        mistakes = 0
        scopes = [[:]]
        body(branch.body)
        let whole = draft.prefix.map { Term.constant($0, at: branch.location) } + branch.tail
        let ground = draft.groundPath
        if mistakes > 0 {
            environment.insert(ground, .any)
            return
        }
        if let arguments = draft.arguments, !arguments.isEmpty {
            for argument in arguments {
                argument.forEachVariable([]) { if self.type(ofVariable: $0) == nil { scopes[0][$0] = .any } }
            }
            let types = arguments.map { type(of: $0) ?? .any }
            environment.insert(ground, .function(arguments: types, result: type(of: branch.value) ?? .any))
            return
        }
        let made: RegoType?
        if let key = branch.key {
            made = type(of: key).map { .set($0) }
        } else {
            made = type(of: branch.value)
        }
        guard var result = made else { return }
        for term in whole.dropFirst(ground.count).reversed() {
            guard let key = type(of: term) else { return }
            result = .object([], rest: .init(key: key, value: result))
        }
        environment.insert(ground, result)
    }

    /// Checks a query; what `in` looks for may be of any type there.
    mutating func check(query body: Body) {
        scopes = [[:]]
        checksMembership = false
        self.body(body)
    }

    private mutating func body(_ body: Body) {
        for expression in body { statement(expression) }
    }

    private mutating func nested(_ body: Body) {
        scopes.append([:])
        self.body(body)
        scopes.removeLast()
    }

    private mutating func statement(_ expression: Expression) {
        let before = mistakes
        let outer = (closures, replacements)
        closures = [:]
        replacements += replaced(by: expression.modifiers)
        defer { (closures, replacements) = outer }
        switch expression.kind {
        case .term(let term):
            visitClosures(term)
            if case .call(let function, let arguments) = term.kind {
                for argument in arguments { references(in: argument) }
                let isClean = mistakes == before
                modifiers(expression)
                call(function, arguments, at: expression.location, reports: isClean)
            } else {
                references(in: term)
                modifiers(expression)
            }
        case .every(_, _, let domain, let body):
            references(in: domain)
            for inner in body { everyReferences(inner) }
        case .negatedBody(let body): nested(body)
        case .and(let operands), .or(let operands):
            for operand in operands { nested(operand.body) }
        case .someVariables, .someIn: break
        }
    }

    /// References in the body of `every`, where nothing else is checked.
    private mutating func everyReferences(_ expression: Expression) {
        switch expression.kind {
        case .term(let term):
            if case .call(_, let arguments) = term.kind {
                for argument in arguments { references(in: argument) }
            } else {
                references(in: term)
            }
        case .every(_, _, let domain, let body):
            references(in: domain)
            for inner in body { everyReferences(inner) }
        case .negatedBody(let body):
            for inner in body { everyReferences(inner) }
        case .and(let operands), .or(let operands):
            for operand in operands { for inner in operand.body { everyReferences(inner) } }
        case .someVariables, .someIn: break
        }
    }

    mutating func report(_ message: String, at location: Location) {
        mistakes += 1
        compilation.report(.types, .type, message, at: location)
    }

    // MARK: Closures

    private mutating func visitClosures(_ term: Term) {
        switch term.kind {
        case .null, .boolean, .number, .string, .variable, .template: break
        case .reference(let parts):
            for part in parts { visitClosures(part) }
        case .array(let elements), .set(let elements):
            for element in elements { visitClosures(element) }
        case .object(let items):
            for item in items {
                visitClosures(item.key)
                visitClosures(item.value)
            }
        case .call(_, let arguments):
            for argument in arguments { visitClosures(argument) }
        case .arrayComprehension(let head, let body):
            closure(term, "array", [head], body) { .list($0[0]) }
        case .setComprehension(let head, let body):
            closure(term, "set", [head], body) { .set($0[0]) }
        case .objectComprehension(let key, let value, let body):
            closure(term, "object", [key, value], body) { .map($0[0], $0[1]) }
        }
    }

    private mutating func closure(
        _ term: Term, _ form: String, _ heads: [Term], _ body: Body, _ make: ([RegoType]) -> RegoType
    ) {
        let before = mistakes
        scopes.append([:])
        self.body(body)
        let types = heads.map { type(of: $0) ?? .any }
        scopes.removeLast()
        closures[key(term, form, heads[0])] = .some(mistakes == before ? make(types).bounded : nil)
    }

    private func key(_ term: Term, _ form: String, _ head: Term) -> ClosureKey {
        ClosureKey(location: term.location, form: form, head: head.variableName)
    }

    // MARK: Types of terms

    /// The type of a variable, as far as it is known.
    func type(ofVariable name: Text) -> RegoType? {
        for scope in scopes.reversed() {
            if let type = scope[name] { return type }
        }
        return nil
    }

    /// Notes the type of a variable in the innermost body.
    mutating func set(_ name: Text, _ type: RegoType) {
        guard !scopes.isEmpty else { return }
        scopes[scopes.count - 1][name] = type
    }

    /// The type of a term; nil when a variable in it has no type yet.
    func type(of term: Term) -> RegoType? {
        switch term.kind {
        case .null: return .null
        case .boolean: return .boolean
        case .number: return .number
        case .string: return .string
        case .variable(let name):
            return Name.isRoot(name) ? type(ofReference: [term]) : type(ofVariable: name)
        case .reference(let parts): return type(ofReference: parts)
        case .array(let elements):
            var types: [RegoType] = []
            for element in elements {
                guard let type = type(of: element) else { return nil }
                types.append(type)
            }
            return RegoType.array(types, rest: types.isEmpty ? .any : nil).bounded
        case .set(let elements):
            var result: RegoType?
            for element in elements { result = .either(result, type(of: element)) }
            return RegoType.set(result ?? .any).bounded
        case .object(let items):
            var members: [RegoType.Member] = []
            var rest: RegoType.Rest?
            for item in items {
                guard let value = type(of: item.value) else { return nil }
                if let key = item.key.constantValue {
                    members.append(.init(key: key, value: value))
                } else {
                    guard let key = type(of: item.key) else { return nil }
                    rest = .init(key: key, value: value)
                }
            }
            if members.isEmpty, rest == nil { return .anyObject }
            return RegoType.object(members, rest: rest).bounded
        case .arrayComprehension(let head, _): return closures[key(term, "array", head)] ?? nil
        case .setComprehension(let head, _): return closures[key(term, "set", head)] ?? nil
        case .objectComprehension(let head, _, _): return closures[key(term, "object", head)] ?? nil
        case .call, .template: return nil
        }
    }

    /// The type of what a reference leads to; nil when it cannot lead anywhere.
    func type(ofReference parts: [Term]) -> RegoType? {
        guard let head = parts.first?.variableName else { return nil }
        if head == Name.input { return .any }
        if head != Name.data { return type(ofVariable: head).flatMap { selected(from: $0, parts.dropFirst()) } }
        let type = type(below: parts)
        return replacements.isEmpty ? type : with(type, of: parts)
    }

    private func type(below parts: [Term]) -> RegoType? {
        var node = 0
        var rest = parts.dropFirst()
        while let part = rest.first {
            if let type = environment.type(at: node) {
                guard let key = part.constantValue, let next = environment.child(key, of: node) else {
                    return selected(from: type, rest)
                }
                node = next
            } else {
                // Base documents may be here as well, so nothing is known of a part that is selected by a variable.
                guard let key = part.constantValue else { return .any }
                guard let next = environment.child(key, of: node) else { return .any }
                node = next
            }
            rest = rest.dropFirst()
        }
        return environment.extent(node).bounded
    }

    private func selected(from type: RegoType, _ parts: ArraySlice<Term>) -> RegoType? {
        var type = type
        for part in parts {
            let next = part.scalar.map { type.part($0) } ?? type.values
            guard let next else { return nil }
            type = next
        }
        return type
    }
}
