// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds what bodies and heads refer to.
struct DependencyFinder {
    let compilation: Compilation
    let tree: RuleTree
    private(set) var found = Dependencies()

    init(compilation: Compilation, tree: RuleTree) {
        self.compilation = compilation
        self.tree = tree
    }

    /// What a group refers to.
    mutating func search(_ group: RuleGroup) {
        found = Dependencies()
        if let value = group.defaultValue {
            search(value.value)
            search(value.body)
        }
        for definition in group.definitions {
            for term in definition.tail { search(term) }
            for term in definition.arguments ?? [] { search(term) }
            if let key = definition.key { search(key) }
            search(definition.value)
            search(definition.body)
            for branch in definition.elseBranches {
                search(branch.value)
                search(branch.body)
            }
        }
    }

    /// What a query refers to.
    mutating func search(query body: Body) {
        found = Dependencies()
        search(body)
    }

    private mutating func search(_ body: Body) {
        for expression in body {
            switch expression.kind {
            case .term(let term): search(term)
            case .someVariables, .someIn: break
            case .every(_, _, let domain, let body):
                search(domain)
                search(body)
            case .negatedBody(let body): search(body)
            case .and(let operands), .or(let operands):
                for operand in operands { search(operand.body) }
            }
            for modifier in expression.modifiers { search(modifier) }
        }
    }

    private mutating func search(_ modifier: WithModifier) {
        switch modifier.target.kind {
        case .variable(let name):
            if name == Name.input {
                found.replacedInput.insert(.init(keys: [], isPrefix: false))
            } else if name == Name.data {
                found.replaced.insert(.init(keys: [], isPrefix: false))
            } else {
                found.replacedBuiltins.insert(name)
            }
        case .reference(let parts):
            let path = Self.path(parts)
            if parts.first?.variableName == Name.input {
                found.replacedInput.insert(path)
            } else {
                found.replaced.insert(path)
                for node in tree.places(on: parts.dropFirst()) {
                    if let group = tree.nodes[node].group { found.replacedGroups.insert(group) }
                }
            }
            for part in parts.dropFirst() { search(part) }
        default: break
        }
        if let name = modifier.value.variableName, !Name.isRoot(name), compilation.signature(of: name) != nil {
            call(name)
        } else {
            search(modifier.value)
        }
    }

    private mutating func call(_ name: Text) {
        found.builtins.insert(name)
        if compilation.signature(of: name)?.isNondeterministic == true { found.isDeterministic = false }
    }

    private mutating func search(_ term: Term) {
        switch term.kind {
        case .null, .boolean, .number, .string, .template: break
        case .variable(let name):
            if Name.isRoot(name) { reference([term]) }
        case .reference(let parts):
            reference(parts)
            for part in parts.dropFirst() { search(part) }
        case .array(let elements), .set(let elements):
            for element in elements { search(element) }
        case .object(let items):
            for item in items {
                search(item.key)
                search(item.value)
            }
        case .call(let function, let arguments):
            if let name = function.variableName {
                call(name)
            } else if case .reference(let parts) = function.kind {
                reference(parts)
            }
            for argument in arguments { search(argument) }
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            search(head)
            search(body)
        case .objectComprehension(let key, let value, let body):
            search(key)
            search(value)
            search(body)
        }
    }

    private static func path(_ parts: [Term]) -> Dependencies.Path {
        var keys: [SyntaxValue] = []
        for part in parts.dropFirst() {
            guard let key = part.scalar else { return .init(keys: keys, isPrefix: true) }
            keys.append(key)
        }
        return .init(keys: keys, isPrefix: false)
    }

    private mutating func reference(_ parts: [Term]) {
        guard let head = parts.first?.variableName else { return }
        if head == Name.input {
            found.inputPaths.insert(Self.path(parts))
        } else if head == Name.data {
            found.dataPaths.insert(Self.path(parts))
            for node in tree.places(on: parts.dropFirst()) {
                if let group = tree.nodes[node].group { found.groups.insert(group) }
            }
        }
    }
}
