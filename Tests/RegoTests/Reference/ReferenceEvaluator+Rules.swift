// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Rego

extension ReferenceEvaluator {
    // MARK: Rules

    /// The document of a rule, nil if it is undefined.
    func document(_ number: Int, _ world: World) throws -> Tree? {
        let group = policy.groups[number]
        if case .partial = group.kind { return try partialDocument(group, world) }
        var result: Tree?
        for definition in group.definitions {
            guard let value = try chain(definition, [:], world, endsEarly: group.hasOneConstant) else { continue }
            if group.hasOneConstant { return value }
            if let known = result, Tree.compare(known, value) != 0 { throw Failure.conflict }
            result = value
        }
        return try result ?? fallback(group, world)
    }

    private func fallback(_ group: RuleGroup, _ world: World) throws -> Tree? {
        guard let fallback = group.defaultValue else { return nil }
        var result: Tree?
        try body(fallback.body[...], [:], world) { bindings in
            result = try value(fallback.value, bindings, world)
            return false
        }
        return result
    }

    /// The value of a definition or of the first of its branches that has one.
    ///
    /// - Parameter endsEarly: whether the first way in which a body holds is enough.
    private func chain(
        _ definition: RuleDefinition, _ bindings: Bindings, _ world: World, endsEarly: Bool
    ) throws -> Tree? {
        let first = ElseDefinition(value: definition.value, body: definition.body, location: definition.location)
        for branch in [first] + definition.elseBranches {
            var result: Tree?
            try body(branch.body[...], bindings, world) { bindings in
                guard let value = try value(branch.value, bindings, world) else { return true }
                if let known = result, Tree.compare(known, value) != 0 { throw Failure.conflict }
                result = value
                return !(endsEarly && definition.elseBranches.isEmpty)
            }
            if let result { return result }
        }
        return nil
    }

    private func partialDocument(_ group: RuleGroup, _ world: World) throws -> Tree {
        let root = PartialTree(isSet: group.isSet)
        for definition in group.definitions {
            try body(definition.body[...], [:], world) { bindings in
                guard let tail = try closed(definition.tail, bindings, world) else { return true }
                if let key = definition.key {
                    guard let key = try value(key, bindings, world) else { return true }
                    try root.insert(tail[...], element: key)
                } else {
                    guard let value = try value(definition.value, bindings, world) else { return true }
                    try root.insert(tail[...], value: value)
                }
                return true
            }
        }
        return try root.tree()
    }

    // MARK: Calls

    func call(
        _ function: Term, _ arguments: [Term], _ bindings: Bindings, _ world: World,
        _ then: (Tree, Bindings) throws -> Bool
    ) throws -> Bool {
        guard let operands = try closed(arguments, bindings, world) else { return true }
        let results = try results(function, operands, world)
        for result in results where try !then(result, bindings) { return false }
        return true
    }

    private func results(_ function: Term, _ operands: [Tree], _ world: World) throws -> [Tree] {
        if let mock = world.mocks[name(of: function)] {
            switch mock {
            case .value(let value): return [value]
            case .function(let other):
                var plain = world
                plain.mocks = [:]
                return try results(other, operands, plain)
            }
        }
        switch function.kind {
        case .variable(let name): return try builtin(name, operands)
        case .reference(let terms):
            let path = terms.dropFirst().compactMap { SyntaxValue($0) }
            guard let group = policy.group(at: path) else { return [] }
            return try apply(policy.groups[group], operands, world).map { [$0] } ?? []
        default: return []
        }
    }

    private func apply(_ group: RuleGroup, _ operands: [Tree], _ world: World) throws -> Tree? {
        var result: Tree?
        for definition in group.definitions {
            var found: Tree?
            let pairs = Array(zip(definition.arguments ?? [], operands))
            _ = try matchAll(pairs[...], [:], world) { bindings in
                found = try chain(definition, bindings, world, endsEarly: group.hasOneConstant)
                return false
            }
            guard let found else { continue }
            if group.hasOneConstant { return found }
            if let known = result, Tree.compare(known, found) != 0 { throw Failure.conflict }
            result = found
        }
        return try result ?? fallback(group, world)
    }

    private func builtin(_ name: Text, _ operands: [Tree]) throws -> [Tree] {
        guard let builtin = builtins[name] else { throw Failure.internalError("no builtin \(name)") }
        let start = UnsafeMutablePointer<Value>.allocate(capacity: operands.count + 1)
        defer { start.deallocate() }
        for (position, operand) in operands.enumerated() { start[position] = operand.value(in: context.heap) }
        let result: Value
        do throws(BuiltinFailure) {
            result = try builtin.evaluate(Arguments(start: start, count: operands.count), context)
        } catch {
            switch error {
            case .halt(let code, _): throw Failure.failed(code)
            case .limit: throw Failure.tooMuch
            case .type where isStrict: throw Failure.failed("eval_type_error")
            case .value where isStrict: throw Failure.failed("eval_builtin_error")
            case .type, .value: return []
            }
        }
        if result.isUndefined { return [] }
        return builtin.traits.contains(.relation) ? result.elements.map { Tree($0) } : [Tree(result)]
    }

    private func name(of function: Term) -> Text {
        switch function.kind {
        case .variable(let name): name
        case .reference(let terms):
            Text(
                "data"
                    + terms.dropFirst().compactMap { term -> String? in
                        if case .string(let part) = term.kind { return "/\(part)" }
                        return nil
                    }.joined())
        default: ""
        }
    }

    // MARK: with

    /// Changes a world; false if there is no value to change it with.
    func apply(_ modifier: WithModifier, _ bindings: Bindings, _ outer: World, to world: inout World) throws -> Bool {
        var terms = [modifier.target]
        if case .reference(let parts) = modifier.target.kind { terms = parts }
        guard case .variable(let root)? = terms.first?.kind else { return false }
        let keys = terms.dropFirst()
        let path = keys.compactMap { SyntaxValue($0) }
        if isFunction(modifier.target, path) {
            if isFunction(modifier.value, functionPath(modifier.value)) {
                world.mocks[name(of: modifier.target)] = .function(modifier.value)
                return true
            }
            guard let value = try value(modifier.value, bindings, outer) else { return false }
            world.mocks[name(of: modifier.target)] = .value(value)
            return true
        }
        guard let value = try value(modifier.value, bindings, outer) else { return false }
        let trees = path.map { Tree($0) }
        if root == "input" {
            world.input = replacing(world.input, trees[...], value)
        } else {
            world.data = replacing(world.data, trees[...], value)
            world.replaced.append(path)
        }
        return true
    }

    private func functionPath(_ term: Term) -> [SyntaxValue] {
        guard case .reference(let parts) = term.kind, case .variable("data")? = parts.first?.kind else { return [] }
        return parts.dropFirst().compactMap { SyntaxValue($0) }
    }

    private func isFunction(_ term: Term, _ path: [SyntaxValue]) -> Bool {
        switch term.kind {
        case .variable(let name): return name != "input" && name != "data" && builtins[name] != nil
        case .reference(let parts):
            guard case .variable("data")? = parts.first?.kind, let group = policy.group(at: path) else { return false }
            if case .function = policy.groups[group].kind { return true }
            return false
        default: return false
        }
    }

    private func replacing(_ document: Tree?, _ path: ArraySlice<Tree>, _ value: Tree) -> Tree {
        guard let key = path.first else { return value }
        var members: [(key: Tree, value: Tree)] = []
        if case .object(let known)? = document { members = known.filter { Tree.compare($0.key, key) != 0 } }
        var below: Tree?
        if case .object? = document { below = document?.member(key) }
        members.append((key, replacing(below, path.dropFirst(), value)))
        return Tree.object(of: members) ?? .object([])
    }
}

extension RuleGroup {
    /// Whether all definitions give the same constant: then nobody looks for a second value, nor for errors on the way to it.
    fileprivate var hasOneConstant: Bool {
        var only: Tree?
        for definition in definitions {
            for term in [definition.value] + definition.elseBranches.map(\.value) {
                guard let constant = Tree(constant: term) else { return false }
                if let only, Tree.compare(only, constant) != 0 { return false }
                only = constant
            }
        }
        return true
    }
}

extension Tree {
    /// The value of a term without variables, calls and comprehensions.
    fileprivate init?(constant term: Term) {
        func all(_ terms: [Term]) -> [Tree]? {
            let values = terms.compactMap { Tree(constant: $0) }
            return values.count == terms.count ? values : nil
        }
        switch term.kind {
        case .array(let items):
            guard let items = all(items) else { return nil }
            self = .array(items)
        case .set(let items):
            guard let items = all(items) else { return nil }
            self = .set(of: items)
        case .object(let items):
            guard let keys = all(items.map(\.key)), let values = all(items.map(\.value)),
                let object = Tree.object(of: zip(keys, values).map { (key: $0, value: $1) })
            else { return nil }
            self = object
        default:
            guard let scalar = SyntaxValue(term) else { return nil }
            self = Tree(scalar)
        }
    }
}

/// What rules with general heads build.
private final class PartialTree {
    private let isSet: Bool
    private var elements: [Tree] = []
    private var members: [(key: Tree, value: Node)] = []

    private enum Node {
        case leaf(Tree)
        case inner(PartialTree)
    }

    init(isSet: Bool) {
        self.isSet = isSet
    }

    func insert(_ path: ArraySlice<Tree>, element: Tree) throws {
        guard let key = path.first else {
            guard isSet else { throw ReferenceEvaluator.Failure.conflict }
            elements.append(element)
            return
        }
        try below(key, isSet: path.count == 1).insert(path.dropFirst(), element: element)
    }

    func insert(_ path: ArraySlice<Tree>, value: Tree) throws {
        guard let key = path.first else { throw ReferenceEvaluator.Failure.conflict }
        if path.count > 1 { return try below(key, isSet: false).insert(path.dropFirst(), value: value) }
        switch members.first(where: { Tree.compare($0.key, key) == 0 })?.value {
        case nil: members.append((key, .leaf(value)))
        case .leaf(let known)? where Tree.compare(known, value) == 0: break
        default: throw ReferenceEvaluator.Failure.conflict
        }
    }

    private func below(_ key: Tree, isSet: Bool) throws -> PartialTree {
        switch members.first(where: { Tree.compare($0.key, key) == 0 })?.value {
        case nil:
            let node = PartialTree(isSet: isSet)
            members.append((key, .inner(node)))
            return node
        case .inner(let node)? where node.isSet == isSet: return node
        default: throw ReferenceEvaluator.Failure.conflict
        }
    }

    func tree() throws -> Tree {
        if isSet { return Tree.set(of: elements) }
        var result: [(key: Tree, value: Tree)] = []
        for member in members {
            switch member.value {
            case .leaf(let value): result.append((member.key, value))
            case .inner(let node): result.append((member.key, try node.tree()))
            }
        }
        return Tree.object(of: result) ?? .object([])
    }
}
