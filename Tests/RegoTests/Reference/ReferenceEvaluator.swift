// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Rego

/// A slow evaluator that follows the text of the language: it walks the analyzed syntax with general unification, has no index, no early
/// exit and no memory of documents. The engine is compared with it.
final class ReferenceEvaluator {
    typealias Bindings = [Text: Tree]

    enum Failure: Error {
        /// An evaluation error of this code.
        case failed(String)
        case tooMuch
        case internalError(String)

        static let conflict = Failure.failed("eval_conflict_error")
    }

    /// What `with` puts in place of things.
    struct World {
        var input: Tree?
        var data: Tree
        /// Paths below `data` whose rules are replaced.
        var replaced: [[SyntaxValue]] = []
        var mocks: [Text: Mock] = [:]
    }

    enum Mock {
        case function(Term)
        case value(Tree)
    }

    let policy: AnalyzedPolicy
    let builtins: BuiltinTable
    let isStrict: Bool
    let time: Int64
    /// What builtins use, and where their operands and results are made.
    let context: BuiltinContext
    private var steps = 0
    private let stepLimit: Int

    init(
        policy: AnalyzedPolicy, builtins: BuiltinTable = .standard, isStrict: Bool = false, time: Int64 = 0,
        stepLimit: Int = 200_000
    ) {
        self.policy = policy
        self.builtins = builtins
        self.isStrict = isStrict
        self.time = time
        self.stepLimit = stepLimit
        var limits = Limits()
        limits.instructions = .max
        context = BuiltinContext(heap: Heap(), limits: limits, time: time)
    }

    /// The answers of a query: the values of its variables.
    func answers(_ query: AnalyzedQuery, input: Tree?, data: Tree) throws -> [[Text: Tree]] {
        var found: [[Text: Tree]] = []
        try body(query.body[...], [:], World(input: input, data: data)) { bindings in
            var answer: [Text: Tree] = [:]
            for variable in query.variables { answer[variable.source] = bindings[variable.unique] }
            found.append(answer)
            return true
        }
        return found
    }

    // MARK: Bodies

    /// Calls `then` for each way in which the statements hold; stops when it answers false, and answers false then.
    @discardableResult
    func body(
        _ statements: ArraySlice<Expression>, _ bindings: Bindings, _ world: World, _ then: (Bindings) throws -> Bool
    ) throws -> Bool {
        steps += 1
        if steps > stepLimit { throw Failure.tooMuch }
        guard let first = statements.first else { return try then(bindings) }
        return try statement(first, bindings, world) { try body(statements.dropFirst(), $0, world, then) }
    }

    private func holds(_ statements: Body, _ bindings: Bindings, _ world: World) throws -> Bool {
        try !body(statements[...], bindings, world) { _ in false }
    }

    private func statement(
        _ statement: Expression, _ bindings: Bindings, _ outer: World, _ then: (Bindings) throws -> Bool
    ) throws -> Bool {
        var world = outer
        for modifier in statement.modifiers {
            // Without the value there is no world to hold in.
            guard try apply(modifier, bindings, outer, to: &world) else { return true }
        }
        if statement.isNegated {
            var positive = statement
            positive.isNegated = false
            positive.modifiers = []
            var inner = [positive]
            if case .negatedBody(let body) = statement.kind { inner = body }
            return try holds(inner, bindings, world) ? true : then(bindings)
        }
        switch statement.kind {
        case .term(let term): return try termStatement(term, bindings, world, then)
        case .every(let key, let value, let domain, let inner):
            guard let domain = try self.value(domain, bindings, world) else { return true }
            guard [4, 5, 6].contains(domain.kindNumber) else { return true }
            for child in domain.children {
                var local = bindings
                if let key, case .variable(let name) = key.kind { local[name] = child.key }
                if case .variable(let name) = value.kind { local[name] = child.value }
                if try !holds(inner, local, world) { return true }
            }
            return try then(bindings)
        case .negatedBody(let inner): return try holds(inner, bindings, world) ? true : then(bindings)
        case .and(let operands):
            for operand in operands where try !holds(operand.body, bindings, world) { return true }
            return try then(bindings)
        case .or(let operands):
            for operand in operands where try holds(operand.body, bindings, world) { return try then(bindings) }
            return true
        case .someVariables: return try then(bindings)
        case .someIn: throw Failure.internalError("a declaration was left over")
        }
    }

    private func termStatement(
        _ term: Term, _ bindings: Bindings, _ world: World, _ then: (Bindings) throws -> Bool
    ) throws -> Bool {
        guard case .call(let function, let arguments) = term.kind else {
            return try values(term, bindings, world) { value, bindings in
                if case .boolean(false) = value { return true }
                return try then(bindings)
            }
        }
        if case .variable("eq") = function.kind, arguments.count == 2 {
            return try unify(arguments[0], arguments[1], bindings, world, then)
        }
        let arity = try arity(function)
        return try call(function, Array(arguments.prefix(arity)), bindings, world) { result, bindings in
            if arguments.count > arity {
                return try match(arguments[arity], result, bindings, world, then)
            }
            if case .boolean(false) = result { return true }
            return try then(bindings)
        }
    }

    private func arity(_ function: Term) throws -> Int {
        switch function.kind {
        case .variable(let name): return builtins[name]?.arguments.count ?? 0
        case .reference(let terms):
            guard let group = group(terms), case .function(let arity) = policy.groups[group].kind else { break }
            return arity
        default: break
        }
        throw Failure.internalError("undefined function")
    }

    func group(_ terms: [Term]) -> Int? {
        policy.group(at: terms.dropFirst().compactMap { SyntaxValue($0) })
    }

    // MARK: Unification

    func unify(
        _ left: Term, _ right: Term, _ bindings: Bindings, _ world: World, _ then: (Bindings) throws -> Bool
    ) throws -> Bool {
        if isOpen(left, bindings), isOpen(right, bindings), !isReference(left), !isReference(right) {
            return try unifyPatterns(left, right, bindings, world, then)
        }
        let (pattern, term) = isOpen(left, bindings) && !isReference(left) ? (left, right) : (right, left)
        return try values(term, bindings, world) { value, bindings in
            if isReference(pattern) {
                return try values(pattern, bindings, world) { other, bindings in
                    Tree.compare(value, other) == 0 ? try then(bindings) : true
                }
            }
            return try match(pattern, value, bindings, world, then)
        }
    }

    private func unifyPatterns(
        _ left: Term, _ right: Term, _ bindings: Bindings, _ world: World, _ then: (Bindings) throws -> Bool
    ) throws -> Bool {
        var pairs: [(Term, Term)] = []
        switch (left.kind, right.kind) {
        case (.array(let one), .array(let two)):
            guard one.count == two.count else { return true }
            pairs = Array(zip(one, two))
        case (.object(let one), .object(let two)):
            guard one.count == two.count else { return true }
            for item in one {
                guard let key = try value(item.key, bindings, world) else { return true }
                let match = try two.first { other in
                    try value(other.key, bindings, world).map { Tree.compare($0, key) == 0 } ?? false
                }
                guard let match else { return true }
                pairs.append((item.value, match.value))
            }
        default: return true
        }
        let isUnknown = { (pair: (Term, Term)) in self.isOpen(pair.0, bindings) && self.isOpen(pair.1, bindings) }
        pairs = pairs.filter { !isUnknown($0) } + pairs.filter(isUnknown)
        return try unifyAll(pairs[...], bindings, world, then)
    }

    private func unifyAll(
        _ pairs: ArraySlice<(Term, Term)>, _ bindings: Bindings, _ world: World, _ then: (Bindings) throws -> Bool
    ) throws -> Bool {
        guard let first = pairs.first else { return try then(bindings) }
        return try unify(first.0, first.1, bindings, world) { try unifyAll(pairs.dropFirst(), $0, world, then) }
    }

    func match(
        _ pattern: Term, _ value: Tree, _ bindings: Bindings, _ world: World, _ then: (Bindings) throws -> Bool
    ) throws -> Bool {
        switch pattern.kind {
        case .variable(let name) where bindings[name] == nil && name != "input" && name != "data":
            var more = bindings
            more[name] = value
            return try then(more)
        case .array(let items) where isOpen(pattern, bindings):
            guard case .array(let elements) = value, elements.count == items.count else { return true }
            return try matchAll(Array(zip(items, elements))[...], bindings, world, then)
        case .object(let items) where isOpen(pattern, bindings):
            guard case .object(let members) = value, members.count == items.count else { return true }
            var pairs: [(Term, Tree)] = []
            for item in items {
                guard let key = try self.value(item.key, bindings, world), let member = value.member(key) else {
                    return true
                }
                pairs.append((item.value, member))
            }
            return try matchAll(pairs[...], bindings, world, then)
        default:
            return try values(pattern, bindings, world) { other, bindings in
                Tree.compare(value, other) == 0 ? try then(bindings) : true
            }
        }
    }

    func matchAll(
        _ pairs: ArraySlice<(Term, Tree)>, _ bindings: Bindings, _ world: World, _ then: (Bindings) throws -> Bool
    ) throws -> Bool {
        guard let first = pairs.first else { return try then(bindings) }
        return try match(first.0, first.1, bindings, world) { try matchAll(pairs.dropFirst(), $0, world, then) }
    }

    private func isReference(_ term: Term) -> Bool {
        switch term.kind {
        case .reference, .call, .arrayComprehension, .setComprehension, .objectComprehension: true
        default: false
        }
    }

    private func isOpen(_ term: Term, _ bindings: Bindings) -> Bool {
        switch term.kind {
        case .variable(let name): bindings[name] == nil && name != "input" && name != "data"
        case .array(let items), .set(let items): items.contains { isOpen($0, bindings) }
        case .object(let items): items.contains { isOpen($0.key, bindings) || isOpen($0.value, bindings) }
        case .reference(let terms): terms.contains { isOpen($0, bindings) }
        default: false
        }
    }

    // MARK: Terms

    /// The only value of a closed term.
    func value(_ term: Term, _ bindings: Bindings, _ world: World) throws -> Tree? {
        var result: Tree?
        try values(term, bindings, world) { value, _ in
            result = value
            return false
        }
        return result
    }

    /// Calls `then` for each value of a term.
    @discardableResult
    private func values(
        _ term: Term, _ bindings: Bindings, _ world: World, _ then: (Tree, Bindings) throws -> Bool
    ) throws -> Bool {
        switch term.kind {
        case .null: return try then(.null, bindings)
        case .boolean(let value): return try then(.boolean(value), bindings)
        case .number(let text): return try then(.number(text), bindings)
        case .string(let text): return try then(.string(text), bindings)
        case .variable(let name):
            if let known = bindings[name] { return try then(known, bindings) }
            return try reference([term], bindings, world, then)
        case .reference(let terms): return try reference(terms, bindings, world, then)
        case .array(let items):
            guard let items = try closed(items, bindings, world) else { return true }
            return try then(.array(items), bindings)
        case .set(let items):
            guard let items = try closed(items, bindings, world) else { return true }
            return try then(Tree.set(of: items), bindings)
        case .object(let items):
            guard let keys = try closed(items.map(\.key), bindings, world),
                let values = try closed(items.map(\.value), bindings, world)
            else { return true }
            guard let object = Tree.object(of: zip(keys, values).map { (key: $0, value: $1) }) else {
                throw Failure.conflict
            }
            return try then(object, bindings)
        case .arrayComprehension(let head, let inner):
            return try then(.array(try collect([head], inner, bindings, world).map { $0[0] }), bindings)
        case .setComprehension(let head, let inner):
            return try then(Tree.set(of: try collect([head], inner, bindings, world).map { $0[0] }), bindings)
        case .objectComprehension(let key, let value, let inner):
            let members = try collect([key, value], inner, bindings, world).map { (key: $0[0], value: $0[1]) }
            guard let object = Tree.object(of: members) else { throw Failure.conflict }
            return try then(object, bindings)
        case .call(let function, let arguments): return try call(function, arguments, bindings, world, then)
        case .template: throw Failure.internalError("a term was left over")
        }
    }

    func closed(_ terms: [Term], _ bindings: Bindings, _ world: World) throws -> [Tree]? {
        var result: [Tree] = []
        for term in terms {
            guard let value = try value(term, bindings, world) else { return nil }
            result.append(value)
        }
        return result
    }

    private func collect(_ heads: [Term], _ inner: Body, _ bindings: Bindings, _ world: World) throws -> [[Tree]] {
        var result: [[Tree]] = []
        try body(inner[...], bindings, world) { bindings in
            if let values = try closed(heads, bindings, world) { result.append(values) }
            return true
        }
        return result
    }

    // MARK: References

    private func reference(
        _ terms: [Term], _ bindings: Bindings, _ world: World, _ then: (Tree, Bindings) throws -> Bool
    ) throws -> Bool {
        guard let head = terms.first else { return true }
        if case .variable(let name) = head.kind, bindings[name] == nil {
            switch name {
            case "input":
                guard let input = world.input else { return true }
                return try walk(input, terms.dropFirst(), bindings, world, then)
            case "data":
                return try walkData(node: 0, path: [], base: world.data, terms.dropFirst(), bindings, world, then)
            default: throw Failure.internalError("\(name) is not bound")
            }
        }
        guard let value = try value(head, bindings, world) else { return true }
        return try walk(value, terms.dropFirst(), bindings, world, then)
    }

    private func walk(
        _ value: Tree, _ keys: ArraySlice<Term>, _ bindings: Bindings, _ world: World,
        _ then: (Tree, Bindings) throws -> Bool
    ) throws -> Bool {
        steps += 1
        if steps > stepLimit { throw Failure.tooMuch }
        guard let key = keys.first else { return try then(value, bindings) }
        if !isOpen(key, bindings) {
            guard let key = try self.value(key, bindings, world), let member = value.member(key) else { return true }
            return try walk(member, keys.dropFirst(), bindings, world, then)
        }
        for child in value.children {
            let goesOn = try match(key, child.key, bindings, world) {
                try walk(child.value, keys.dropFirst(), $0, world, then)
            }
            if !goesOn { return false }
        }
        return true
    }

    private func walkData(
        node: Int, path: [SyntaxValue], base: Tree?, _ keys: ArraySlice<Term>, _ bindings: Bindings, _ world: World,
        _ then: (Tree, Bindings) throws -> Bool
    ) throws -> Bool {
        if world.replaced.contains(where: { path == $0 }) {
            guard let base else { return true }
            return try walk(base, keys, bindings, world, then)
        }
        if let group = policy.tree.nodes[node].group {
            if case .function = policy.groups[group].kind { return true }
            guard let value = try document(group, world) else { return true }
            return try walk(value, keys, bindings, world, then)
        }
        guard let key = keys.first else {
            guard let whole = try extent(node: node, path: path, base: base, world) else { return true }
            return try then(whole, bindings)
        }
        if !isOpen(key, bindings) {
            guard let value = try self.value(key, bindings, world) else { return true }
            return try step(node, path, base, value, keys, bindings, world, then)
        }
        for child in try names(node: node, base: base) {
            let goesOn = try match(key, child, bindings, world) {
                try step(node, path, base, child, keys, $0, world, then)
            }
            if !goesOn { return false }
        }
        return true
    }

    private func step(
        _ node: Int, _ path: [SyntaxValue], _ base: Tree?, _ key: Tree, _ keys: ArraySlice<Term>, _ bindings: Bindings,
        _ world: World, _ then: (Tree, Bindings) throws -> Bool
    ) throws -> Bool {
        let below = base?.member(key)
        for (name, child) in policy.tree.nodes[node].children where Tree.compare(Tree(name), key) == 0 {
            return try walkData(node: child, path: path + [name], base: below, keys.dropFirst(), bindings, world, then)
        }
        guard var value = below ?? numbered(keys.first, base) else { return true }
        // Below leading names, a base document is stored under the text of a number as well.
        var rest = keys.dropFirst()
        while let key = rest.first, case .string(let name) = key.kind {
            guard let member = value.member(.string(name)) else { return true }
            value = member
            rest = rest.dropFirst()
        }
        while let key = rest.first, case .number(let text) = key.kind {
            guard let member = value.member(.number(text)) ?? numbered(key, value) else { return true }
            value = member
            rest = rest.dropFirst()
        }
        return try walk(value, rest, bindings, world, then)
    }

    private func numbered(_ key: Term?, _ document: Tree?) -> Tree? {
        guard let key, case .number(let text) = key.kind else { return nil }
        return document?.member(.string(text))
    }

    private func names(node: Int, base: Tree?) throws -> [Tree] {
        let keys = policy.tree.nodes[node].children.keys.map { Tree($0) } + (base?.children.map(\.key) ?? [])
        guard case .set(let names) = Tree.set(of: keys) else { return [] }
        return names
    }

    private func extent(node: Int, path: [SyntaxValue], base: Tree?, _ world: World) throws -> Tree? {
        var members: [(key: Tree, value: Tree)] = []
        for name in try names(node: node, base: base) {
            var found: Tree?
            _ = try step(node, path, base, name, [Term(.null, at: .none)], [:], world) { value, _ in
                found = value
                return false
            }
            if case .object? = base { found = merged(base?.member(name), found) }
            if let found { members.append((name, found)) }
        }
        return Tree.object(of: members)
    }

    /// Where a rule and a base document have the same path, the whole around them keeps the base document.
    private func merged(_ value: Tree?, _ other: Tree?) -> Tree? {
        guard let value, let other else { return value ?? other }
        guard case .object(let one) = value, case .object(let two) = other else { return value }
        let kept = one.compactMap { item in merged(item.value, other.member(item.key)).map { (item.key, $0) } }
        return Tree.object(of: kept + two.filter { value.member($0.key) == nil })
    }
}

extension Tree {
    /// Its place in the order of types.
    var kindNumber: Int {
        switch self {
        case .null: 0
        case .boolean: 1
        case .number: 2
        case .string: 3
        case .array: 4
        case .object: 5
        case .set: 6
        }
    }
}
