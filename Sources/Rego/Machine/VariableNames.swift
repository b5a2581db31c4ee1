// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The variables of a statement that it may bind, those inside of closures left out.
struct VariableNames {
    private(set) var list: [Text] = []
    private var seen: Set<Text> = ["input", "data"]

    mutating func collect(_ expression: Expression) {
        switch expression.kind {
        case .term(let term):
            if case .call(_, let arguments) = term.kind {
                for argument in arguments { collect(argument) }
            } else {
                collect(term)
            }
        case .someVariables, .someIn, .every, .negatedBody, .and, .or: break
        }
    }

    private mutating func collect(_ term: Term) {
        switch term.kind {
        case .variable(let name):
            if seen.insert(name).inserted { list.append(name) }
        case .reference(let terms), .array(let terms), .set(let terms):
            for term in terms { collect(term) }
        case .object(let items):
            for item in items {
                collect(item.key)
                collect(item.value)
            }
        case .call(_, let arguments):
            for argument in arguments { collect(argument) }
        default: break
        }
    }
}
