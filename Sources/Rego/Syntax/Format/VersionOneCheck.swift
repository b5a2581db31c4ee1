// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What Rego v1 forbids and the grammar alone does not show.
enum VersionOneCheck {
    /// The builtins that are refused.
    private static let deprecated: Set<Text> = [
        "any", "all", "re_match", "set_diff", "cast_array", "cast_set", "cast_string", "cast_boolean", "cast_null",
        "cast_object",
    ]

    /// Imports of one name twice, names of roots that are covered, calls of what is deprecated.
    static func mistakes(in module: Module) -> [Diagnostic] {
        var mistakes: [Diagnostic] = []
        var names: [Text: Import] = [:]
        for clause in module.imports {
            let name = clause.alias ?? lastName(of: clause.path)
            if let earlier = names[name] {
                let text = "import " + SyntaxPrinter.text(of: earlier.path)
                mistakes.append(Diagnostic(.compile, "import must not shadow \(text)", at: clause.location))
            } else {
                names[name] = clause
            }
        }
        for rule in module.rules {
            guard case .variable(let name)? = rule.head.reference.first?.kind, name == "data" || name == "input" else {
                continue
            }
            let message = "rules must not shadow \(name.string) (use a different rule name)"
            mistakes.append(Diagnostic(.compile, message, at: rule.location))
        }
        var finder = CallFinder()
        for rule in module.rules { finder.visit(rule) }
        for (name, location) in finder.calls where deprecated.contains(name) {
            let message = "deprecated built-in function calls in expression: \(name.string)"
            mistakes.append(Diagnostic(.type, message, at: location))
        }
        return mistakes
    }

    private static func lastName(of path: Term) -> Text {
        switch path.referenceParts.last?.kind {
        case .variable(let name), .string(let name): name
        default: ""
        }
    }
}

/// Collects the calls of functions that are named by a single word.
private struct CallFinder {
    var calls: [(Text, Location)] = []

    mutating func visit(_ rule: Rule) {
        visit(rule.head.reference)
        visit(rule.head.arguments ?? [])
        visit([rule.head.key, rule.head.value].compactMap(\.self))
        visit(rule.body)
        for branch in rule.elseBranches {
            visit([branch.value].compactMap(\.self))
            visit(branch.body)
        }
    }

    private mutating func visit(_ body: Body) {
        for statement in body {
            switch statement.kind {
            case .term(let term): visit([term])
            case .someVariables: break
            case .someIn(_, let value, let domain): visit([value, domain])
            case .every(_, _, let domain, let body):
                visit([domain])
                visit(body)
            case .negatedBody(let body): visit(body)
            case .and(let operands), .or(let operands): for operand in operands { visit(operand.body) }
            }
            for modifier in statement.modifiers { visit([modifier.value]) }
        }
    }

    private mutating func visit(_ terms: [Term]) {
        for term in terms {
            switch term.kind {
            case .null, .boolean, .number, .string, .variable: break
            case .reference(let terms), .array(let terms), .set(let terms): visit(terms)
            case .object(let items): for item in items { visit([item.key, item.value]) }
            case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
                visit([head])
                visit(body)
            case .objectComprehension(let key, let value, let body):
                visit([key, value])
                visit(body)
            case .call(let function, let arguments):
                if case .variable(let name) = function.kind { calls.append((name, function.location)) }
                visit(function.referenceParts.dropFirst().map(\.self))
                visit(arguments)
            case .template(let template):
                for case .expression(let statement) in template.parts { visit([statement]) }
            }
        }
    }
}
