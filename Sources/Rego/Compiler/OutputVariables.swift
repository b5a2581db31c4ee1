// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds the variables to which a statement gives values, once those that it needs have values.
struct OutputVariables {
    /// How many arguments the function of a call takes; nil when there is no such function.
    let arity: (Term) -> Int?

    /// The variables that a statement binds.
    func of(_ expression: Expression, isSafe: (Text) -> Bool) -> Set<Text> {
        if expression.isNegated { return [] }
        for modifier in expression.modifiers {
            var needs = false
            modifier.forEachVariable(.skipClosures) { if !isSafe($0) { needs = true } }
            if needs { return [] }
        }
        switch expression.kind {
        case .term(let term):
            guard case .call(let function, let arguments) = term.kind else {
                return ofReferences(in: term, isSafe: isSafe)
            }
            if let (left, right) = expression.operands(of: Name.equality) {
                if expression.isAssignment, let bound = blocked(left, right, isSafe: isSafe) { return bound }
                return ofEquality(left, right, isSafe: isSafe)
            }
            return ofCall(function, arguments, isSafe: isSafe)
        case .every(_, _, let domain, _): return ofReferences(in: domain, isSafe: isSafe)
        case .someVariables, .someIn, .negatedBody, .and, .or: return []
        }
    }

    /// The variables that the statements of a body bind, one after the other.
    func of(_ body: some Sequence<Expression>, isSafe: (Text) -> Bool) -> Set<Text> {
        var result: Set<Text> = []
        for expression in body {
            result.formUnion(of(expression, isSafe: { isSafe($0) || result.contains($0) }))
        }
        return result
    }

    /// The variables that `left = right` binds.
    func ofEquality(_ left: Term, _ right: Term, isSafe: (Text) -> Bool) -> Set<Text> {
        var result = ofReferences(in: left, isSafe: isSafe)
        result.formUnion(ofReferences(in: right, isSafe: isSafe))
        withoutActuallyEscaping(isSafe) { isSafe in
            var unifier = Unifier { isSafe($0) || result.contains($0) }
            unifier.unify(left, right)
            result.formUnion(unifier.unified)
        }
        return result.filter { !isSafe($0) }
    }

    /// What the references of an assignment bind when its right side lacks other variables; else nil.
    private func blocked(_ left: Term, _ right: Term, isSafe: (Text) -> Bool) -> Set<Text>? {
        let bound = ofReferences(in: left, isSafe: isSafe).union(ofReferences(in: right, isSafe: isSafe))
        var needs = false
        right.forEachVariable(.skipClosures) { if !isSafe($0), !bound.contains($0) { needs = true } }
        return needs ? bound : nil
    }

    private func ofCall(_ function: Term, _ arguments: [Term], isSafe: (Text) -> Bool) -> Set<Text> {
        guard let arity = arity(function) else { return [] }
        var result: Set<Text> = []
        for argument in arguments { collect(argument, isSafe, &result) }
        guard arity < arguments.count else { return result }
        var needs = false
        for argument in arguments.prefix(arity) {
            argument.forEachVariable(.pattern) { if !isSafe($0), !result.contains($0) { needs = true } }
        }
        if needs { return [] }
        for argument in arguments.dropFirst(arity) { argument.forEachVariable(.pattern) { result.insert($0) } }
        return result
    }

    /// The variables in the operands of references whose heads have values.
    func ofReferences(in term: Term, isSafe: (Text) -> Bool) -> Set<Text> {
        var result: Set<Text> = []
        collect(term, isSafe, &result)
        return result
    }

    private func collect(_ term: Term, _ isSafe: (Text) -> Bool, _ result: inout Set<Text>) {
        switch term.kind {
        case .null, .boolean, .number, .string, .variable: break
        case .arrayComprehension, .setComprehension, .objectComprehension, .template: break
        case .reference(let parts):
            guard let head = parts.first else { break }
            var isHeadSafe = true
            head.forEachVariable(.skipClosures) { if !isSafe($0) { isHeadSafe = false } }
            guard isHeadSafe else { break }
            for part in parts.dropFirst() {
                part.forEachVariable(.skipReferenceHeads) { result.insert($0) }
                collect(part, isSafe, &result)
            }
            collect(head, isSafe, &result)
        case .array(let elements), .set(let elements):
            for element in elements { collect(element, isSafe, &result) }
        case .object(let items):
            for item in items {
                collect(item.key, isSafe, &result)
                collect(item.value, isSafe, &result)
            }
        case .call(_, let arguments):
            for argument in arguments { collect(argument, isSafe, &result) }
        }
    }
}

/// Follows which variables get values when two terms are unified.
struct Unifier {
    /// Whether a variable has a value before.
    let isSafe: (Text) -> Bool
    /// The variables that got one.
    private(set) var unified: Set<Text> = []
    /// What must have a value before a variable gets one.
    private var unknown: [Text: Set<Text>] = [:]

    init(isSafe: @escaping (Text) -> Bool) {
        self.isSafe = isSafe
    }

    private func known(_ name: Text) -> Bool {
        Name.isRoot(name) || isSafe(name) || unified.contains(name)
    }

    /// Unifies two terms.
    mutating func unify(_ left: Term, _ right: Term) {
        switch (left.kind, right.kind) {
        case (.variable(let one), .variable(let other)):
            if known(other) {
                mark(one)
            } else if known(one) {
                mark(other)
            } else {
                unknown[one, default: []].insert(other)
                unknown[other, default: []].insert(one)
            }
        case (.variable(let name), .array), (.variable(let name), .object): unifyAll(name, right)
        case (.array, .variable(let name)), (.object, .variable(let name)): unifyAll(name, left)
        case (.variable(let name), .reference(let parts)), (.reference(let parts), .variable(let name)):
            if isHeadKnown(parts) { mark(name) }
        case (.variable(let name), _): mark(name)
        case (_, .variable(let name)): mark(name)
        case (.reference(let parts), .array), (.reference(let parts), .object):
            if isHeadKnown(parts) { markAll(right) }
        case (.array, .reference(let parts)), (.object, .reference(let parts)):
            if isHeadKnown(parts) { markAll(left) }
        case (.array(let one), .array(let other)):
            guard one.count == other.count else { break }
            for (left, right) in zip(one, other) { unify(left, right) }
        case (.object(let one), .object(let other)):
            guard one.count == other.count else { break }
            for item in one {
                guard let match = other.first(where: { $0.key.isSameKey(as: item.key) }) else { return }
                unify(item.value, match.value)
            }
        case (.arrayComprehension, .array), (.objectComprehension, .object), (.setComprehension, .array): markAll(right)
        case (.array, .arrayComprehension), (.array, .setComprehension), (.array, .objectComprehension),
            (.object, .objectComprehension):
            markAll(left)
        default: break
        }
    }

    private func isHeadKnown(_ parts: [Term]) -> Bool {
        var result = true
        parts.first?.forEachVariable(.skipClosures) { if !known($0) { result = false } }
        return result
    }

    private mutating func unifyAll(_ name: Text, _ term: Term) {
        if known(name) {
            markAll(term)
            return
        }
        var open: Set<Text> = []
        term.forEachVariable(.pattern) { if !known($0) { open.insert($0) } }
        if open.isEmpty {
            mark(name)
        } else {
            unknown[name, default: []].formUnion(open)
        }
    }

    private mutating func markAll(_ term: Term) {
        for name in term.variables(.pattern) { mark(name) }
    }

    private mutating func mark(_ name: Text) {
        var pending = [name]
        while let next = pending.popLast() {
            unified.insert(next)
            if let dependants = unknown.removeValue(forKey: next) {
                pending.append(contentsOf: dependants.filter { !unified.contains($0) })
            }
            for (other, needs) in unknown where needs.contains(next) {
                let rest = needs.subtracting([next])
                if rest.isEmpty {
                    unknown[other] = nil
                    pending.append(other)
                } else {
                    unknown[other] = rest
                }
            }
        }
    }
}

extension Term {
    /// Whether both are the same variable, or the same null, boolean, number or string.
    func isSameKey(as other: Term) -> Bool {
        if let name = variableName { return name == other.variableName }
        guard let scalar else { return false }
        return scalar == other.scalar
    }
}
