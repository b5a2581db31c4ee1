// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which variables are looked for.
struct VariableSearch: OptionSet {
    let rawValue: Int
    /// Leave out what stands in comprehensions, bodies and interpolated strings.
    static let skipClosures = VariableSearch(rawValue: 1)
    /// Leave out the first part of references.
    static let skipReferenceHeads = VariableSearch(rawValue: 2)
    /// Leave out the keys of objects.
    static let skipObjectKeys = VariableSearch(rawValue: 4)
    /// Leave out what stands in sets.
    static let skipSets = VariableSearch(rawValue: 8)
    /// What unification can bind.
    static let pattern: VariableSearch = [.skipClosures, .skipReferenceHeads, .skipObjectKeys, .skipSets]
}

extension Term {
    /// Visits the variables; functions of calls and root documents are not among them.
    func forEachVariable(_ search: VariableSearch, _ visit: (Text) -> Void) {
        switch kind {
        case .null, .boolean, .number, .string: break
        case .variable(let name):
            if !Name.isRoot(name) { visit(name) }
        case .reference(let parts):
            for (index, part) in parts.enumerated() {
                if index == 0, search.contains(.skipReferenceHeads), part.variableName != nil { continue }
                part.forEachVariable(search, visit)
            }
        case .array(let elements):
            for element in elements { element.forEachVariable(search, visit) }
        case .set(let elements):
            if search.contains(.skipSets) { break }
            for element in elements { element.forEachVariable(search, visit) }
        case .object(let items):
            for item in items {
                if !search.contains(.skipObjectKeys) { item.key.forEachVariable(search, visit) }
                item.value.forEachVariable(search, visit)
            }
        case .call(_, let arguments):
            for argument in arguments { argument.forEachVariable(search, visit) }
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            if search.contains(.skipClosures) { break }
            head.forEachVariable(search, visit)
            body.forEachVariable(search, visit)
        case .objectComprehension(let key, let value, let body):
            if search.contains(.skipClosures) { break }
            key.forEachVariable(search, visit)
            value.forEachVariable(search, visit)
            body.forEachVariable(search, visit)
        case .template(let template):
            if search.contains(.skipClosures) { break }
            for case .expression(let expression) in template.parts { expression.forEachVariable(search, visit) }
        }
    }

    /// The variables in it.
    func variables(_ search: VariableSearch = []) -> Set<Text> {
        var result: Set<Text> = []
        forEachVariable(search) { result.insert($0) }
        return result
    }
}

extension WithModifier {
    /// Visits the variables; a function given as value is not among them.
    func forEachVariable(_ search: VariableSearch, _ visit: (Text) -> Void) {
        if case .reference(let parts) = target.kind {
            for part in parts.dropFirst() { part.forEachVariable(search, visit) }
        }
        if let name = value.variableName, !Name.isLocal(name) { return }
        value.forEachVariable(search, visit)
    }
}

extension Expression {
    /// Visits the variables outside of closures when those are skipped, else all.
    func forEachVariable(_ search: VariableSearch, _ visit: (Text) -> Void) {
        switch kind {
        case .term(let term): term.forEachVariable(search, visit)
        case .someVariables(let variables):
            for variable in variables { variable.forEachVariable(search, visit) }
        case .someIn(let key, let value, let domain):
            key?.forEachVariable(search, visit)
            value.forEachVariable(search, visit)
            domain.forEachVariable(search, visit)
        case .every(let key, let value, let domain, let body):
            domain.forEachVariable(search, visit)
            if search.contains(.skipClosures) { break }
            key?.forEachVariable(search, visit)
            value.forEachVariable(search, visit)
            body.forEachVariable(search, visit)
        case .negatedBody(let body):
            if search.contains(.skipClosures) { break }
            body.forEachVariable(search, visit)
        case .and(let operands), .or(let operands):
            if search.contains(.skipClosures) { break }
            for operand in operands { operand.body.forEachVariable(search, visit) }
        }
        for modifier in modifiers { modifier.forEachVariable(search, visit) }
    }
}

extension Body {
    /// Visits the variables of all statements.
    func forEachVariable(_ search: VariableSearch, _ visit: (Text) -> Void) {
        for expression in self { expression.forEachVariable(search, visit) }
    }
}
