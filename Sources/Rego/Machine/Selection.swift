// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What chooses among the definitions of a group: a place that many of them compare with constants.
struct Selection {
    /// The place.
    enum Subject: Hashable {
        case input([Text])
        case argument(Int)
    }

    var subject: Subject
    /// The constants that each definition needs there; nil: the definition does not depend on the place.
    var constants: [[Value]?]
}

extension CodeGenerator {
    /// From how many definitions on a choice pays.
    private static let threshold = 3

    /// The place that splits a group best, if one does.
    mutating func selection(of group: RuleGroup) -> Selection? {
        guard group.definitions.count >= CodeGenerator.threshold else { return nil }
        var tests: [[Selection.Subject: [Value]]] = []
        var uses: [Selection.Subject: Int] = [:]
        var order: [Selection.Subject] = []
        for definition in group.definitions {
            let found = equalities(of: definition)
            for subject in found.keys {
                if uses[subject] == nil { order.append(subject) }
                uses[subject, default: 0] += 1
            }
            tests.append(found)
        }
        var best: (subject: Selection.Subject, cost: Int)?
        for subject in order {
            var shared = 0
            var counts: [UInt64: Int] = [:]
            for test in tests {
                guard let values = test[subject] else {
                    shared += 1
                    continue
                }
                for value in values { counts[value.hash, default: 0] += 1 }
            }
            let cost = shared + (counts.values.max() ?? 0)
            if best == nil || cost < best?.cost ?? 0 { best = (subject, cost) }
        }
        guard let best, best.cost <= group.definitions.count / 2 else { return nil }
        return Selection(subject: best.subject, constants: tests.map { $0[best.subject] })
    }

    /// The equalities that a definition states about the input or its arguments, `with` and negations left out.
    private mutating func equalities(of definition: RuleDefinition) -> [Selection.Subject: [Value]] {
        var found: [Selection.Subject: [Value]] = [:]
        for (position, argument) in (definition.arguments ?? []).enumerated() {
            if let value = constant(argument) { found[.argument(position)] = [value] }
        }
        // What the first branch states does not hold for those behind it.
        guard definition.elseBranches.isEmpty else { return found }
        var names: [Text: [Text]] = [:]
        var arguments: [Text: Int] = [:]
        for (position, argument) in (definition.arguments ?? []).enumerated() {
            if case .variable(let name) = argument.kind { arguments[name] = position }
        }
        for expression in definition.body where !expression.isNegated && expression.modifiers.isEmpty {
            guard case .term(let term) = expression.kind, case .call(let function, let operands) = term.kind,
                case .variable(let name) = function.kind, operands.count == 2
            else { continue }
            if name == "eq" || name == "equal", !replacedBuiltins.contains(name) {
                for (left, right) in [(operands[0], operands[1]), (operands[1], operands[0])] {
                    if case .variable(let alias) = left.kind, let keys = inputKeys(right) { names[alias] = keys }
                    guard let value = constant(right) else { continue }
                    if let subject = subject(left, names: names, arguments: arguments) { found[subject] = [value] }
                }
            } else if name == "internal.member_2", !replacedBuiltins.contains(name), let list = constant(operands[1]),
                list.tag == .set || list.tag == .array, list.count <= 64,
                let subject = subject(operands[0], names: names, arguments: arguments)
            {
                found[subject] = Array(list.elements)
            }
        }
        return found
    }

    private func subject(_ term: Term, names: [Text: [Text]], arguments: [Text: Int]) -> Selection.Subject? {
        if let keys = inputKeys(term) { return .input(keys) }
        guard case .variable(let name) = term.kind else { return nil }
        if let keys = names[name] { return .input(keys) }
        return arguments[name].map { .argument($0) }
    }

    private func inputKeys(_ term: Term) -> [Text]? {
        guard case .reference(let terms) = term.kind, case .variable("input")? = terms.first?.kind else { return nil }
        let keys = leadingStrings(terms.dropFirst())
        return keys.isEmpty || keys.count != terms.count - 1 ? nil : keys
    }

    /// Enters a selection into the tables.
    mutating func add(_ selection: Selection, entries: [Int32]) -> Int32 {
        let table = heap.emptyObject()
        var lists: [[Int32]] = []
        let general = zip(entries, selection.constants).filter { $0.1 == nil }.map(\.0)
        for constants in selection.constants {
            for value in constants ?? [] where table.memberOfEqualKey(value).isUndefined {
                heap.update(value, to: .integer(Int64(lists.count)), in: table)
                lists.append([])
            }
        }
        for (entry, constants) in zip(entries, selection.constants) {
            if let constants {
                var seen: Set<Int64> = []
                for value in constants {
                    let list = table.memberOfEqualKey(value).immediate
                    if seen.insert(list).inserted { lists[Int(list)].append(entry) }
                }
            } else {
                for list in lists.indices { lists[list].append(entry) }
            }
        }
        table.freeze(in: heap)
        let firstList = Int32(parts.lists.count)
        for list in lists + [general] {
            parts.lists.append(Int32(parts.candidates.count))
            parts.candidates.append(contentsOf: list)
            parts.candidates.append(-1)
        }
        let otherwise = parts.lists.removeLast()
        var path: Int32 = -1
        var register: Int32 = -1
        switch selection.subject {
        case .input(let keys): path = self.path(keys)
        case .argument(let position): register = Int32(position)
        }
        parts.selectors.append(
            Program.Selector(
                path: path, register: register, table: table, firstList: firstList, otherwise: otherwise))
        return Int32(parts.selectors.count - 1)
    }
}
