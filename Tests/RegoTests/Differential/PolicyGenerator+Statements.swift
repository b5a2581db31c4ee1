// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension PolicyGenerator {
    /// Statements, one a line.
    func body(_ count: Int, _ depth: Int) -> String {
        let before = selects
        selects = true
        defer { selects = before }
        return (0..<max(count, 1)).map { _ in "\t" + statement(depth) }.joined(separator: "\n")
    }

    private func statement(_ depth: Int) -> String {
        if depth > 0, choices.holds(15) {
            for keyword in ["and", "or"] where has(keyword) {
                let sides = (0..<2).map { _ in scoped(selects: false) { negated(depth - 1) } }
                return "(\(sides[0])) \(keyword) (\(sides[1]))"
            }
            if has("not") { return "not { \(scoped(selects: true) { inline(body(2, depth - 1)) }) }" }
        }
        switch choices.below(depth > 0 ? 20 : 8) {
        case 0...1: return "\(reference())"
        case 2...3: return "\(term(.any, depth)) \(comparison()) \(term(.any, depth))"
        case 4: return assignment(depth)
        case 5: return "\(term(.any, 0)) in \(term(choices.pick([.array, .set, .object]), depth))"
        case 6: return declaration(depth)
        case 7: return unification(depth)
        case 8...9: return assignment(depth)
        case 10...11: return declaration(depth)
        case 12: return unification(depth)
        case 13...14:
            return "not " + scoped(selects: false) { negated(depth - 1) }
        case 15: return every(depth)
        case 16...18: return replaced(depth)
        default: return walk(depth)
        }
    }

    private func negated(_ depth: Int) -> String {
        switch choices.below(4) {
        case 0: return reference()
        case 1: return "\(term(.any, depth)) in \(term(.array, depth))"
        case 2: return call()
        default: return "\(term(.any, depth)) \(comparison()) \(term(.any, depth))"
        }
    }

    private func call() -> String {
        let functions = rules.filter { $0.arity != nil }
        guard !functions.isEmpty else { return reference() }
        let function = choices.pick(functions)
        let arguments = (0..<(function.arity ?? 1)).map { _ in term(.any, 0) }
        return "\(name(of: function))(\(arguments.joined(separator: ", ")))"
    }

    private func assignment(_ depth: Int) -> String {
        let kind = choices.pick(Kind.allCases)
        let value = choices.holds(25) ? call() : term(kind, depth)
        if choices.holds(15) { return "\(pattern(2)) := \(value)" }
        let name = fresh()
        variables.append((name, kind))
        return "\(name) := \(value)"
    }

    private func declaration(_ depth: Int) -> String {
        let domain = term(choices.pick([.array, .object, .set, .any]), depth)
        switch choices.below(6) {
        case 0...2:
            let name = fresh()
            variables.append((name, .any))
            return "some \(name) in \(domain)"
        case 3:
            let names = (fresh(), fresh())
            variables += [(names.0, .any), (names.1, .any)]
            return "some \(names.0), \(names.1) in \(domain)"
        case 4: return "some \(pattern(2)) in \(domain)"
        default:
            let name = fresh()
            variables.append((name, .any))
            return "some \(name); \(choices.pick(["input.l", "data.x", "input.a", "data.base", "input"]))[\(name)]"
        }
    }

    private func unification(_ depth: Int) -> String {
        switch choices.below(5) {
        case 0...1: return "\(pattern(2)) = \(term(choices.pick([.array, .object, .any]), depth))"
        case 2: return "\(reference()) = \(pattern(2))"
        case 3:
            let known = [term(.any, depth), term(.any, 0)]
            return "[\(known[0]), \(pattern(1))] = [\(pattern(1)), \(known[1])]"
        default:
            let value = term(.any, depth)
            return "{\"a\": \(pattern(1)), \"b\": \(value)} = {\"b\": \(pattern(1)), \"a\": \(term(.any, 0))}"
        }
    }

    private func every(_ depth: Int) -> String {
        let domain = term(choices.pick([.array, .object, .set, .any]), depth - 1)
        return scoped(selects: true) {
            let name = fresh()
            var head = name
            if choices.holds(30) {
                let key = fresh()
                variables.append((key, .any))
                head = "\(key), \(name)"
            }
            variables.append((name, .any))
            return "every \(head) in \(domain) { \(inline(body(1 + choices.below(2), depth - 1))) }"
        }
    }

    private func walk(_ depth: Int) -> String {
        let domain = term(choices.pick([.any, .object]), depth - 1)
        switch choices.below(3) {
        case 0: return "walk(\(domain), [\(pattern(1)), \(pattern(1))])"
        case 1:
            let name = fresh()
            variables.append((name, .any))
            return "walk(\(domain), [_, \(name)])"
        default: return "walk(\(domain), \(pattern(1)))"
        }
    }

    /// A statement under `with`.
    private func replaced(_ depth: Int) -> String {
        let modifiers = (0...choices.below(2)).map { _ in modifier() }.joined(separator: " ")
        switch choices.below(5) {
        case 0: return "\(reference()) \(modifiers)"
        case 1: return "not \(scoped(selects: false) { negated(depth - 1) }) \(modifiers)"
        case 2:
            let value = choices.holds(60) ? reference() : call()
            let name = fresh()
            variables.append((name, .any))
            return "\(name) := \(value) \(modifiers)"
        case 3: return "\(every(depth)) \(modifiers)"
        default: return "\(call()) == \(reference()) \(modifiers)"
        }
    }

    private func modifier() -> String {
        let documents = rules.filter { $0.arity == nil }
        let functions = rules.filter { $0.arity != nil }
        let value = scoped(selects: false) { term(.any, 1) }
        switch choices.below(10) {
        case 0...2: return "with input.\(choices.pick(["a", "b", "c", "l", "a.b", "l.c"])) as \(value)"
        case 3: return "with input as \(value)"
        case 4: return "with data.base.\(choices.pick(["a", "l", "a.b"])) as \(value)"
        case 5...6 where !documents.isEmpty:
            let rule = choices.pick(documents)
            return "with data.\(rule.package).\(rule.name) as \(value)"
        case 8 where !functions.isEmpty && choices.holds(50):
            let others = functions.filter { $0.arity == 1 }
            return others.isEmpty ? "with count as 7" : "with count as \(name(of: choices.pick(others)))"
        case 7 where !functions.isEmpty:
            let function = choices.pick(functions)
            let others = functions.filter { $0.arity == function.arity }
            let replacement = choices.holds(50) ? name(of: choices.pick(others)) : value
            return "with data.\(function.package).\(function.name) as \(replacement)"
        case 8: return "with count as \(choices.pick(["7", "\(value)"]))"
        case 9:
            return "with data.\(choices.pick(["a.b", "c", "x", "base"])) as \(choices.holds(50) ? value : "{\"k\": 1}")"
        default: return "with data.a.k as \(value)"
        }
    }
}
