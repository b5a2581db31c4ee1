// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The syntax tree as OPA shows it in JSON: what `opa parse --format json` and `rego.parse_module` give.
public enum SyntaxTree {
    /// The tree of a module whose source bears a file name.
    public static func value(of module: Module, fileName: String) -> SyntaxValue {
        var path = [typed("var", .string("data"))]
        path += module.package.dropFirst().map { typed("string", .string($0)) }
        var members = [member("package", .object([member("path", .array(path))]))]
        if !module.imports.isEmpty { members.append(member("imports", .array(module.imports.map(value(of:))))) }
        if !module.annotations.isEmpty {
            members.append(member("annotations", .array(module.annotations.map(\.content))))
        }
        if !module.rules.isEmpty { members.append(member("rules", .array(module.rules.map(value(of:))))) }
        if !module.comments.isEmpty {
            members.append(member("comments", .array(module.comments.map { value(of: $0, fileName: fileName) })))
        }
        return .object(members)
    }

    /// The tree of a body.
    public static func value(of body: Body) -> SyntaxValue {
        .array(body.enumerated().map { value(of: $1, index: $0) })
    }

    private static func member(_ key: Text, _ value: SyntaxValue) -> SyntaxValue.Member {
        SyntaxValue.Member(key: key, value: value)
    }

    private static func number(_ value: Int) -> SyntaxValue {
        .number(Text("\(value)"))
    }

    private static func typed(_ type: Text, _ content: SyntaxValue) -> SyntaxValue {
        .object([member("type", .string(type)), member("value", content)])
    }

    // MARK: Clauses

    private static func value(of clause: Import) -> SyntaxValue {
        var members = [member("path", typed("ref", .array(clause.path.referenceParts.map(part))))]
        if let alias = clause.alias { members.append(member("alias", .string(alias))) }
        return .object(members)
    }

    private static func value(of comment: Comment, fileName: String) -> SyntaxValue {
        let location = SyntaxValue.object([
            member("file", .string(Text(fileName))), member("row", number(Int(comment.location.row))),
            member("col", number(Int(comment.location.column))),
        ])
        return .object([
            member("Text", .string(Text(bytes: base64(comment.text.bytes)))), member("Location", location),
        ])
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            var bits: UInt32 = 0
            for index in 0..<3 { bits = bits << 8 | UInt32(index < group.count ? group[group.startIndex + index] : 0) }
            for index in 0..<4 {
                let digit = Int(bits >> UInt32(18 - 6 * index)) & 0x3F
                result.append(index <= group.count ? alphabet[digit] : UInt8(ascii: "="))
            }
        }
        return result
    }

    // MARK: Rules

    private static var trueTerm: SyntaxValue { typed("boolean", .boolean(true)) }
    private static var trueBody: SyntaxValue {
        .array([.object([member("index", .number("0")), member("terms", trueTerm)])])
    }

    private static func value(of rule: Rule) -> SyntaxValue {
        var members: [SyntaxValue.Member] = []
        if rule.isDefault { members.append(member("default", .boolean(true))) }
        if let branches = value(of: rule.elseBranches[...], in: rule) { members.append(member("else", branches)) }
        let value = rule.head.value.map(SyntaxTree.value(of:)) ?? (rule.head.key == nil ? trueTerm : nil)
        members.append(member("head", head(of: rule, value: value, isAssignment: rule.head.isAssignment)))
        members.append(member("body", rule.body.isEmpty ? trueBody : SyntaxTree.value(of: rule.body)))
        return .object(members)
    }

    private static func value(of branches: ArraySlice<ElseBranch>, in rule: Rule) -> SyntaxValue? {
        guard let branch = branches.first else { return nil }
        var members: [SyntaxValue.Member] = []
        if let next = value(of: branches.dropFirst(), in: rule) { members.append(member("else", next)) }
        let value = branch.value.map(SyntaxTree.value(of:)) ?? trueTerm
        members.append(member("head", head(of: rule, value: value, isAssignment: rule.head.isAssignment)))
        members.append(member("body", branch.body.isEmpty ? trueBody : SyntaxTree.value(of: branch.body)))
        return .object(members)
    }

    private static func head(of rule: Rule, value: SyntaxValue?, isAssignment: Bool) -> SyntaxValue {
        let head = rule.head
        var members: [SyntaxValue.Member] = []
        if case .variable(let name)? = head.reference.first?.kind, head.reference.count == 1 {
            members.append(member("name", .string(name)))
        }
        members.append(member("ref", .array(head.reference.map(part))))
        if let arguments = head.arguments {
            members.append(member("args", .array(arguments.map(SyntaxTree.value(of:)))))
        }
        if let key = head.key { members.append(member("key", SyntaxTree.value(of: key))) }
        if let value { members.append(member("value", value)) }
        if isAssignment { members.append(member("assign", .boolean(true))) }
        return .object(members)
    }

    // MARK: Statements

    private static func value(of statement: Expression, index: Int) -> SyntaxValue {
        var members = [member("index", number(index))]
        var isNegated = statement.isNegated
        let terms: SyntaxValue
        switch statement.kind {
        case .term(let term):
            if case .call(let function, let arguments) = term.kind {
                terms = .array([reference(function)] + arguments.map(value(of:)))
            } else {
                terms = value(of: term)
            }
        case .someVariables(let variables):
            terms = .object([member("symbols", .array(variables.map(value(of:))))])
        case .someIn(let key, let item, let domain):
            terms = .object([member("symbols", .array([membership(key, item, domain)]))])
        case .every(let key, let item, let domain, let body):
            terms = .object([
                member("key", key.map(value(of:)) ?? .null), member("value", value(of: item)),
                member("domain", value(of: domain)), member("body", value(of: body)),
            ])
        case .negatedBody(let body):
            isNegated = false
            terms = .object([member("type", .string("not")), member("body", value(of: body))])
        case .and(let operands): terms = chain("and", operands[...])
        case .or(let operands): terms = chain("or", operands[...])
        }
        if isNegated { members.append(member("negated", .boolean(true))) }
        members.append(member("terms", terms))
        if !statement.modifiers.isEmpty {
            members.append(member("with", .array(statement.modifiers.map(value(of:)))))
        }
        return .object(members)
    }

    /// Operators hang to the left.
    private static func chain(_ word: Text, _ operands: ArraySlice<LogicalOperand>) -> SyntaxValue {
        guard let last = operands.last, let first = operands.first else { return .null }
        let others = operands.dropLast()
        var members = [member("type", .string(word))]
        if others.count > 1 {
            let left = SyntaxValue.object([member("index", .number("0")), member("terms", chain(word, others))])
            members.append(member("lhs", .array([left])))
        } else {
            members.append(member("lhs", value(of: first.body)))
        }
        members.append(member("rhs", value(of: last.body)))
        if others.count == 1, first.isBraced { members.append(member("explicit_lhs", .boolean(true))) }
        if last.isBraced { members.append(member("explicit_rhs", .boolean(true))) }
        return .object(members)
    }

    private static func value(of modifier: WithModifier) -> SyntaxValue {
        .object([
            member("target", reference(modifier.target)), member("value", value(of: modifier.value)),
        ])
    }

    private static func membership(_ key: Term?, _ item: Term, _ domain: Term) -> SyntaxValue {
        let name: Text = key == nil ? "member_2" : "member_3"
        let function = typed("ref", .array([typed("var", .string("internal")), typed("string", .string(name))]))
        return typed("call", .array([function] + [key, item, domain].compactMap(\.self).map(value(of:))))
    }

    // MARK: Terms

    /// A part of a reference, of which a variable stands for itself.
    private static func part(_ term: Term) -> SyntaxValue {
        if case .variable(let name) = term.kind { typed("var", .string(name)) } else { value(of: term) }
    }

    /// A function or a target: always a reference.
    private static func reference(_ term: Term) -> SyntaxValue {
        switch term.kind {
        case .variable, .reference: typed("ref", .array(term.referenceParts.map(part)))
        default: value(of: term)
        }
    }

    private static func value(of term: Term) -> SyntaxValue {
        switch term.kind {
        case .null: return typed("null", .object([]))
        case .boolean(let value): return typed("boolean", .boolean(value))
        case .number(let digits): return typed("number", .number(digits))
        case .string(let text): return typed("string", .string(text))
        case .variable(let name):
            return name == "data" || name == "input" ? reference(term) : typed("var", .string(name))
        case .reference: return reference(term)
        case .array(let terms): return typed("array", .array(terms.map(value(of:))))
        case .set(let terms): return typed("set", .array(terms.map(value(of:))))
        case .object(let items):
            return typed("object", .array(items.map { .array([value(of: $0.key), value(of: $0.value)]) }))
        case .arrayComprehension(let head, let body):
            return typed("arraycomprehension", comprehension([member("term", value(of: head))], body))
        case .setComprehension(let head, let body):
            return typed("setcomprehension", comprehension([member("term", value(of: head))], body))
        case .objectComprehension(let key, let item, let body):
            let heads = [member("key", value(of: key)), member("value", value(of: item))]
            return typed("objectcomprehension", comprehension(heads, body))
        case .call(let function, let arguments):
            return typed("call", .array([reference(function)] + arguments.map(value(of:))))
        case .template(let template): return typed("templatestring", value(of: template))
        }
    }

    private static func comprehension(_ heads: [SyntaxValue.Member], _ body: Body) -> SyntaxValue {
        .object(heads + [member("body", value(of: body))])
    }

    private static func value(of template: TemplateString) -> SyntaxValue {
        let parts = template.parts.map { part -> SyntaxValue in
            switch part {
            case .text(let text): return typed("string", .string(text))
            case .expression(let statement):
                if statement.modifiers.isEmpty, case .term(let term) = statement.kind, term.isConstantPart {
                    return value(of: term)
                }
                return value(of: statement, index: 0)
            }
        }
        return .object([member("parts", .array(parts)), member("multi_line", .boolean(template.isRaw))])
    }
}
