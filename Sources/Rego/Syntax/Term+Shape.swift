// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Text {
    /// Whether it names a variable that was written `_`.
    var isWildcard: Bool { bytes.first == UInt8(ascii: "$") }
}

extension Term {
    /// What messages call its kind.
    var typeName: String {
        switch kind {
        case .null: "null"
        case .boolean: "boolean"
        case .number: "number"
        case .string: "string"
        case .variable(let name): name == "data" || name == "input" ? "ref" : "var"
        case .reference: "ref"
        case .array: "array"
        case .object: "object"
        case .set: "set"
        case .arrayComprehension: "arraycomprehension"
        case .setComprehension: "setcomprehension"
        case .objectComprehension: "objectcomprehension"
        case .call: "call"
        case .template: "templatestring"
        }
    }

    /// The parts of a reference; a variable is a reference of one part.
    var referenceParts: [Term] {
        if case .reference(let parts) = kind { parts } else { [self] }
    }

    /// Whether it is a scalar.
    var isConstantPart: Bool {
        switch kind {
        case .null, .boolean, .number, .string: true
        default: false
        }
    }

    /// Whether no variable, reference with variables, call or comprehension is in it.
    var isGround: Bool {
        switch kind {
        case .null, .boolean, .number, .string: true
        case .variable(let name): name == "data" || name == "input"
        case .reference(let parts): parts.dropFirst().allSatisfy(\.isGround)
        case .array(let terms), .set(let terms): terms.allSatisfy(\.isGround)
        case .object(let items): items.allSatisfy { $0.key.isGround && $0.value.isGround }
        case .call(_, let arguments): arguments.allSatisfy(\.isGround)
        case .arrayComprehension, .setComprehension, .objectComprehension, .template: false
        }
    }

    /// The names of the kinds of parts that are no constants, outside of comprehensions.
    var variableParts: [String] {
        switch kind {
        case .null, .boolean, .number, .string, .arrayComprehension, .setComprehension, .objectComprehension: []
        case .variable, .reference, .call: [typeName]
        case .array(let terms), .set(let terms): terms.flatMap(\.variableParts)
        case .object(let items): items.flatMap { $0.key.variableParts + $0.value.variableParts }
        case .template(let template):
            template.parts.flatMap { part -> [String] in
                guard case .expression(let statement) = part, case .term(let term) = statement.kind else { return [] }
                return term.variableParts
            }
        }
    }
}
