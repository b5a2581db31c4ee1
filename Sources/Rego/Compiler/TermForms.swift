// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Names with a meaning of their own.
enum Name {
    static let data: Text = "data"
    static let input: Text = "input"
    static let future: Text = "future"
    static let rego: Text = "rego"
    static let equality: Text = "eq"
    static let assign: Text = "assign"
    static let equal: Text = "equal"
    static let print: Text = "print"
    static let internalPrint: Text = "internal.print"
    static let templateString: Text = "internal.template_string"
    static let metadataChain: Text = "rego.metadata.chain"
    static let metadataRule: Text = "rego.metadata.rule"

    /// Whether a name is that of a root document.
    static func isRoot(_ name: Text) -> Bool {
        name == data || name == input
    }

    /// Whether a name was made by the compiler, as all variables are once names are resolved.
    static func isLocal(_ name: Text) -> Bool {
        name.bytes.starts(with: localPrefix.bytes)
    }

    /// How the names begin that the compiler makes.
    static let localPrefix: Text = "__local"

    /// Whether a variable was written as `_`.
    static func isWildcard(_ name: Text) -> Bool {
        name.bytes.first == UInt8(ascii: "$")
    }
}

extension Term {
    /// A variable.
    static func variable(_ name: Text, at location: Location) -> Term {
        Term(.variable(name), at: location)
    }

    /// A string.
    static func string(_ text: Text, at location: Location) -> Term {
        Term(.string(text), at: location)
    }

    /// A call of a builtin.
    static func call(_ name: Text, _ arguments: [Term], at location: Location) -> Term {
        Term(.call(function: .variable(name, at: location), arguments: arguments), at: location)
    }

    /// The constant that a syntax value stands for.
    static func constant(_ value: SyntaxValue, at location: Location) -> Term {
        switch value {
        case .null: Term(.null, at: location)
        case .boolean(let flag): Term(.boolean(flag), at: location)
        case .number(let text): Term(.number(text), at: location)
        case .string(let text): Term(.string(text), at: location)
        case .array(let elements): Term(.array(elements.map { constant($0, at: location) }), at: location)
        case .object(let members):
            Term(
                .object(
                    members.map {
                        ObjectItem(key: .string($0.key, at: location), value: constant($0.value, at: location))
                    }), at: location)
        }
    }

    /// The name, for a variable.
    var variableName: Text? {
        if case .variable(let name) = kind { return name }
        return nil
    }

    /// Whether it is null, a boolean, a number or a string.
    var isScalar: Bool {
        switch kind {
        case .null, .boolean, .number, .string: true
        default: false
        }
    }

    /// Null, a boolean, a number or a string as a value.
    var scalar: SyntaxValue? {
        switch kind {
        case .null: .null
        case .boolean(let flag): .boolean(flag)
        case .number(let text): .number(text)
        case .string(let text): .string(text)
        default: nil
        }
    }

    /// The name of a builtin operator and the arguments, for a call of one.
    var builtinCall: (name: Text, arguments: [Term])? {
        guard case .call(let function, let arguments) = kind, case .variable(let name) = function.kind else {
            return nil
        }
        return (name, arguments)
    }

    /// Whether it holds a reference (a root document alone is one), a comprehension or a call.
    var requiresEvaluation: Bool {
        switch kind {
        case .null, .boolean, .number, .string: false
        case .variable(let name): Name.isRoot(name)
        case .reference, .arrayComprehension, .setComprehension, .objectComprehension, .call, .template: true
        case .array(let elements), .set(let elements): elements.contains { $0.requiresEvaluation }
        case .object(let items): items.contains { $0.key.requiresEvaluation || $0.value.requiresEvaluation }
        }
    }

    /// Whether it holds neither variables nor anything that must be evaluated.
    var isConstant: Bool {
        switch kind {
        case .null, .boolean, .number, .string: true
        case .array(let elements), .set(let elements): elements.allSatisfy { $0.isConstant }
        case .object(let items): items.allSatisfy { $0.key.isConstant && $0.value.isConstant }
        default: false
        }
    }

    /// The same term at another place.
    func at(_ location: Location) -> Term {
        Term(kind, at: location)
    }
}

extension Expression {
    /// A unification that the compiler writes.
    static func generatedEquality(_ left: Term, _ right: Term, modifiers: [WithModifier] = []) -> Expression {
        Expression(
            .term(.call(Name.equality, [left, right], at: right.location)), modifiers: modifiers, at: right.location,
            isGenerated: true)
    }

    /// The name of a builtin and the arguments, for a statement that calls one.
    var builtinCall: (name: Text, arguments: [Term])? {
        if case .term(let term) = kind { return term.builtinCall }
        return nil
    }

    /// Both sides, for `name(a, b)`.
    func operands(of name: Text) -> (left: Term, right: Term)? {
        guard let call = builtinCall, call.name == name, call.arguments.count == 2 else { return nil }
        return (call.arguments[0], call.arguments[1])
    }
}
