// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// Finds the phases in which a body can hold, from what it demands of `input.plane` and `input.operation.name`.
struct PhaseGuard {
    let policy: AnalyzedPolicy
    /// How many rules a demand is looked for through.
    var depth = 4

    /// The phases in which every demand of a body can be met.
    func phases(of body: Body, _ names: PolicyReads.Names) -> DecisionPhases {
        var found = DecisionPhases.all
        for expression in body where !expression.isNegated && expression.modifiers.isEmpty {
            guard case .term(let term) = expression.kind else { continue }
            switch term.kind {
            case .call(let function, let arguments):
                guard case .variable(let name) = function.kind, arguments.count == 2 else { continue }
                found.formIntersection(phases(call: name, arguments, names))
            case .reference(let parts): found.formIntersection(phases(rule: parts))
            default: break
            }
        }
        return found
    }

    private func phases(call name: Text, _ arguments: [Term], _ names: PolicyReads.Names) -> DecisionPhases {
        switch name {
        case "eq", "equal":
            for (left, right) in [(arguments[0], arguments[1]), (arguments[1], arguments[0])] {
                if let path = path(left, names), let texts = texts(right) { return phases(path) { texts.contains($0) } }
            }
        case "neq":
            for (left, right) in [(arguments[0], arguments[1]), (arguments[1], arguments[0])] {
                if let path = path(left, names), let texts = texts(right) {
                    return phases(path) { !texts.contains($0) }
                }
            }
        case "internal.member_2":
            guard let path = path(arguments[0], names) else { return .all }
            switch arguments[1].kind {
            case .set(let elements), .array(let elements):
                let found = elements.map { texts($0)?.first }
                guard found.allSatisfy({ $0 != nil }) else { return .all }
                return phases(path) { found.contains($0) }
            default: break
            }
        default: break
        }
        return .all
    }

    private func phases(_ path: [Text], _ accepts: (Text) -> Bool) -> DecisionPhases {
        guard path == ["plane"] || path == ["operation", "name"] else { return .all }
        return DecisionPhases.list.reduce(into: []) { phases, phase in
            if accepts(Text(path.count == 1 ? phase.plane.rawValue : phase.operation.rawValue)) {
                phases.insert(phase.set)
            }
        }
    }

    /// The phases in which a rule can be true that a body names as a demand.
    private func phases(rule parts: [Term]) -> DecisionPhases {
        guard depth > 0, case .variable("data")? = parts.first?.kind, PolicyReads.isWhole(parts) else { return .all }
        let path = parts.dropFirst().compactMap { part -> SyntaxValue? in
            if case .string(let key) = part.kind { .string(key) } else { nil }
        }
        guard let group = policy.group(at: path).map({ policy.groups[$0] }), group.kind == .complete,
            group.defaultValue.map({ $0.value.isFalse }) ?? true,
            group.definitions.allSatisfy({ $0.elseBranches.isEmpty })
        else { return .all }
        var below = self
        below.depth -= 1
        return group.definitions.reduce(into: []) { $0.formUnion(below.phases(of: $1.body, [:])) }
    }

    private func path(_ term: Term, _ names: PolicyReads.Names) -> [Text]? {
        switch term.kind {
        case .variable(let name): return names[name]
        case .reference(let parts): return PolicyReads.isWhole(parts) ? PolicyReads.path(parts, names) : nil
        default: return nil
        }
    }

    private func texts(_ term: Term) -> [Text]? {
        if case .string(let text) = term.kind { [text] } else { nil }
    }
}

extension Term {
    fileprivate var isFalse: Bool { if case .boolean(false) = kind { true } else { false } }
}
