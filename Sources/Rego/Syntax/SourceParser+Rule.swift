// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A rule with the words that stood in its declaration.
struct ParsedRule {
    var rule: Rule
    /// Whether `if` stood before the body; for each of the `else` branches likewise.
    var hasIf = false
    var elseHasIf: [Bool] = []
    /// Whether there was a body.
    var hasBody = true
    /// Whether a key in brackets makes it a set of the old kind.
    var isOldSet = false
}

/// Rules that have a body, `default` or `contains`; others are read as expressions first.
extension SourceParser {
    /// Reads a rule and those chained to it; nil without a mistake when it has no body.
    mutating func parseRules() -> [ParsedRule]? {
        let start = here
        takeKeywordAsName()
        var isDefault = false
        if kind == .default {
            advance()
            isDefault = true
            takeKeywordAsName()
        }
        guard kind == .identifier, let (read, usesContains) = parseHead(isDefault: isDefault) else { return nil }
        var head = read
        if isDefault {
            if head.value == nil, head.key == nil, head.reference.count != 2 || head.arguments != nil {
                head.value = Term(.boolean(true), at: head.location)
            }
            guard checkDefault(head, at: start) else { return nil }
            return [
                ParsedRule(rule: Rule(isDefault: true, head: head, body: [], at: start), hasBody: false)
            ]
        }
        var parsed = ParsedRule(rule: Rule(head: head, body: [], at: start))
        parsed.hasIf = kind == .if
        if parsed.hasIf {
            guard let body = parseBodyAfterIf() else { return nil }
            parsed.rule.body = body
        } else if kind == .leftBrace {
            advance()
            guard let body = parseBody(end: .rightBrace) else { return nil }
            advance()
            parsed.rule.body = body
            parsed.isOldSet =
                !usesContains && head.arguments == nil && head.reference.count == 2 && head.value == nil
        } else if usesContains {
            parsed.hasBody = false
            parsed.rule.location = head.location
            return [parsed]
        } else {
            return nil
        }
        if kind == .else, !takeKeywordAsName() {
            guard parseElseBranches(of: &parsed, isSet: usesContains) else { return nil }
        }
        parsed.rule.location = extend(start)
        return parseChained(to: parsed)
    }

    /// The statement or the statements in braces behind `if`.
    private mutating func parseBodyAfterIf() -> Body? {
        advance()
        let start = mark()
        let startsWithBrace = kind == .leftBrace
        if let statement = parseStatement() {
            var isSet = false
            if startsWithBrace, case .term(let term) = statement.kind, case .set = term.kind { isSet = true }
            if !isSet { return [statement] }
        }
        guard startsWithBrace else { return nil }
        goBack(to: start)
        advance()
        guard let body = parseBody(end: .rightBrace) else { return nil }
        advance()
        return body
    }

    private mutating func parseElseBranches(of parsed: inout ParsedRule, isSet: Bool) -> Bool {
        let head = parsed.rule.head
        if head.reference.count > 1, head.reference.contains(where: { !$0.isConstantPart }) {
            let isGround = head.reference.dropFirst().allSatisfy(\.isGround)
            if !isGround {
                note("else keyword cannot be used on rules with variables in head", at: here)
                return false
            }
        }
        if isSet || parsed.isOldSet {
            note("else keyword cannot be used on multi-value rules", at: here)
            return false
        }
        while kind == .else {
            let start = here
            advance()
            var value: Term?
            switch kind {
            case .leftBrace, .if:
                break
            case .assign, .unify:
                advance()
                value = parseInfix()
                if value == nil { return false }
            default:
                noteIllegal("expected else value term or rule body")
                return false
            }
            let hasIf = kind == .if
            guard hasIf || kind == .leftBrace else {
                parsed.rule.elseBranches.append(ElseBranch(value: value, body: [], at: extend(start)))
                parsed.elseHasIf.append(true)
                return true
            }
            if hasIf { advance() }
            guard let body = parseElseBody() else { return false }
            parsed.rule.elseBranches.append(ElseBranch(value: value, body: body, at: extend(start)))
            parsed.elseHasIf.append(hasIf)
        }
        return true
    }

    private mutating func parseElseBody() -> Body? {
        switch kind {
        case .leftBrace:
            advance()
            guard let body = parseBody(end: .rightBrace) else { return nil }
            advance()
            return body
        case .end:
            noteIllegal("rule body expected")
            return nil
        default:
            return parseStatement().map { [$0] }
        }
    }

    /// Further bodies in braces, each a rule with the same head.
    private mutating func parseChained(to parsed: ParsedRule) -> [ParsedRule]? {
        var rules = [parsed]
        while kind == .leftBrace {
            guard parsed.rule.elseBranches.isEmpty else {
                note("expected else keyword", at: here)
                return nil
            }
            let start = here
            advance()
            guard let body = parseBody(end: .rightBrace) else { return nil }
            advance()
            var next = parsed
            next.rule.body = body
            next.rule.location = extend(start)
            next.rule.head.location = next.rule.location
            if let arguments = next.rule.head.arguments {
                next.rule.head.arguments = arguments.map { argument in
                    guard case .variable(let name) = argument.kind, name.isWildcard else { return argument }
                    return Term(.variable(wildcard()), at: argument.location)
                }
            }
            rules.append(next)
        }
        return rules
    }

    private mutating func parseHead(isDefault: Bool) -> (head: Rule.Head, usesContains: Bool)? {
        let start = here
        guard let name = parseHeadName() else {
            noteIllegal("expected rule head name")
            return nil
        }
        var head: Rule.Head
        switch name.kind {
        case .variable:
            head = Rule.Head(reference: [name], at: start)
        case .reference(let parts):
            head = Rule.Head(reference: parts, at: start)
        case .call(let function, let arguments):
            head = Rule.Head(reference: function.referenceParts, at: start)
            head.arguments = arguments.isEmpty ? nil : arguments
        default:
            return nil
        }
        guard let root = head.reference.first, case .variable = root.kind else { return nil }
        switch kind {
        case .contains:
            if case .call = name.kind {
                let text = SyntaxPrinter.text(ofReference: head.reference)
                noteIllegal(
                    "the contains keyword can only be used with multi-value rule definitions "
                        + "(e.g., \(text) contains <VALUE> { ... })")
            }
            advance()
            head.key = parseInfix()
            if head.key == nil {
                let text = SyntaxPrinter.text(ofReference: head.reference)
                noteIllegal("expected rule key term (e.g., \(text) contains <VALUE> { ... })")
            }
        case .unify, .assign:
            head.isAssignment = kind == .assign
            advance()
            head.value = parseInfix()
            if head.value == nil { noteMissingValue(of: head, isDefault: isDefault) }
        default:
            break
        }
        head.location = extend(start)
        return (head, head.key != nil)
    }

    private mutating func noteMissingValue(of head: Rule.Head, isDefault: Bool) {
        let text = SyntaxPrinter.text(ofReference: head.reference)
        if !head.isAssignment {
            noteIllegal("expected rule value term (e.g., \(text)[%!s(<nil>)] = <VALUE> { ... })")
        } else if head.arguments != nil {
            noteIllegal("expected function value term (e.g., \(text)(...) := <VALUE> { ... })")
        } else if isDefault {
            noteIllegal("expected default rule value term (e.g., default \(text) := <VALUE>)")
        } else {
            noteIllegal("expected rule value term (e.g., \(text) := <VALUE> { ... })")
        }
    }

    private mutating func parseHeadName() -> Term? {
        let name = parseVariable()
        let offset = token.offset
        advance()
        if isAdjacent {
            switch kind {
            case .plus, .minus, .times, .divide, .remainder, .and, .or, .equal, .notEqual, .greater,
                .greaterOrEqual, .less, .lessOrEqual:
                noteIllegal()
            default:
                break
            }
        }
        switch kind {
        case .leftParenthesis, .dot, .leftBracket:
            return parseReference(name, from: offset)
        default:
            return name
        }
    }

    // MARK: Defaults

    private mutating func checkDefault(_ head: Rule.Head, at location: Location) -> Bool {
        guard let value = head.value else {
            note("illegal default rule (must have a value)", at: location)
            return false
        }
        var isValid = true
        for name in value.variableParts {
            note("illegal default rule (value cannot contain \(name))", at: location)
            isValid = false
        }
        var seen: Set<Text> = []
        for argument in head.arguments ?? [] {
            guard case .variable(let name) = argument.kind else {
                note("illegal default rule (arguments cannot contain \(argument.typeName))", at: location)
                isValid = false
                continue
            }
            if !seen.insert(name).inserted {
                note("illegal default rule (arguments cannot be repeated \(name.string))", at: location)
                isValid = false
            }
        }
        return isValid
    }
}
