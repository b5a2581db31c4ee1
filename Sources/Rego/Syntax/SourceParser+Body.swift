// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Bodies and their statements.
extension SourceParser {
    /// Reads statements up to a closing token, which stays.
    mutating func parseBody(end: TokenKind) -> Body? {
        guard enter() else { return nil }
        defer { leave() }
        let outerHeight = height
        height = 0
        defer { height = max(outerHeight, height + 1) }
        return parseQuery(stopsAfterStatement: false, end: end)
    }

    mutating func parseQuery(stopsAfterStatement: Bool, end: TokenKind) -> Body? {
        guard kind != end else {
            note("found empty body", at: here)
            return nil
        }
        var body: Body = []
        while true {
            guard let statement = parseStatement() else { return nil }
            body.append(statement)
            if kind == .semicolon {
                advance()
                continue
            }
            if kind == end || stopsAfterStatement { return body }
            if !token.followsNewline {
                if errors.isEmpty { noteIllegal("expected \\n or ; or \(end.name)") }
                return nil
            }
        }
    }

    /// Reads one statement with its modifiers; its place spans all of it.
    mutating func parseStatement() -> Expression? {
        let start = here
        guard var statement = parseUnplacedStatement() else { return nil }
        statement.location = extend(start)
        return statement
    }

    private mutating func parseUnplacedStatement() -> Expression? {
        if hasLogicalWords {
            switch parseLeadingOperand() {
            case .none: break
            case .failed: return nil
            case .read(let statement): return statement
            }
        }
        if takeKeywordAsName() { return parseTermStatement(isNegated: false) }
        let start = here
        let isNegated = kind == .not
        if isNegated {
            advance()
            if features.contains(.negatedBodies), kind == .leftBrace {
                guard let statement = parseNegatedBody(from: start) else { return nil }
                return foldOperators(LogicalOperand(body: [statement], isBraced: false), from: start)
            }
        }
        switch kind {
        case .some:
            if isNegated {
                noteIllegal("illegal negation of 'some'")
                return nil
            }
            return parseSome()
        case .every:
            if isNegated {
                noteIllegal("illegal negation of 'every'")
                return nil
            }
            return parseEvery()
        default:
            return isNegated ? parseNegated(from: start) : parseTermStatement(isNegated: false)
        }
    }

    private mutating func parseNegated(from start: Location) -> Expression? {
        if features.contains(.negatedBodies), kind == .leftParenthesis, hasLogicalWords {
            switch parseGroup(isOperand: true) {
            case .none: break
            case .failed: return nil
            case .read(let operand):
                return foldOperators(
                    LogicalOperand(body: [negation(of: operand, from: start)], isBraced: false), from: start)
            }
        }
        return parseTermStatement(isNegated: true, from: start)
    }

    /// A statement that is a term, an assignment or a unification, with what modifies it or is joined to it.
    mutating func parseTermStatement(isNegated: Bool, from start: Location? = nil) -> Expression? {
        let begin = start ?? here
        let startsWithBrace = kind == .leftBrace
        guard let term = parseAssignment() else { return nil }
        var statement = Expression(.term(term), isNegated: isNegated, at: begin)
        let withLocation = kind == .with ? here : nil
        guard parseModifiers(of: &statement) else { return nil }
        guard kind == .logicalAnd || kind == .logicalOr else { return statement }
        if let withLocation {
            noteModifiedOperand(at: withLocation)
            return nil
        }
        statement.location = extend(begin)
        if !isNegated, startsWithBrace {
            noteBracedValue(statement, operatorName: kind.name)
            return nil
        }
        return foldOperators(LogicalOperand(body: [statement], isBraced: false), from: begin)
    }

    /// A term, `a := b` or `a = b`.
    mutating func parseAssignment() -> Term? {
        let offset = token.offset
        guard let left = parseInfix() else { return nil }
        guard kind == .assign || kind == .unify else { return left }
        let function = takeOperator(kind.name)
        guard let right = parseInfix() else { return nil }
        height += 1
        return Term(
            .call(function: function, arguments: [left, right]),
            at: location(left.location, from: offset, to: lastEnd))
    }

    // MARK: with

    /// Reads the modifiers behind a statement, if there are any.
    mutating func parseModifiers(of statement: inout Expression) -> Bool {
        while kind == .with {
            let start = here
            advance()
            guard kind == .identifier else {
                noteIllegal("expected ident")
                return false
            }
            guard let target = parseTerm() else { return false }
            switch target.kind {
            case .variable, .reference: break
            default: noteIllegal("expected with target path")
            }
            guard kind == .as else {
                noteIllegal("expected as keyword")
                return false
            }
            advance()
            guard let value = parseInfix() else { return false }
            statement.modifiers.append(WithModifier(target: target, value: value, at: extend(start)))
        }
        return true
    }

    // MARK: some, every

    private mutating func parseSome() -> Expression? {
        let start = here
        let before = mark()
        advance()
        if let term = parseInfix(), case .call(let function, let arguments) = term.kind {
            guard let (key, value, domain) = membership(function, arguments) else {
                noteIllegal("expected `x in xs` or `x, y in xs` expression")
                return nil
            }
            var statement = Expression(.someIn(key: key, value: value, domain: domain), at: start)
            return parseModifiers(of: &statement) ? statement : nil
        }
        goBack(to: before)
        var variables: [Term] = []
        repeat {
            advance()
            guard kind == .identifier else {
                noteIllegal("expected var")
                return nil
            }
            variables.append(parseVariable())
            advance()
        } while kind == .comma
        return Expression(.someVariables(variables), at: start)
    }

    /// The parts of a call of `in`; nil for other calls.
    private func membership(
        _ function: Term, _ arguments: [Term]
    ) -> (key: Term?, value: Term, domain: Term)? {
        guard case .reference(let parts) = function.kind, parts.count == 2, case .variable("internal") = parts[0].kind,
            case .string(let name) = parts[1].kind
        else { return nil }
        if name == "member_2", arguments.count == 2 { return (nil, arguments[0], arguments[1]) }
        if name == "member_3", arguments.count == 3 { return (arguments[0], arguments[1], arguments[2]) }
        return nil
    }

    private mutating func parseEvery() -> Expression? {
        let start = here
        advance()
        guard let term = parseInfix() else { return nil }
        guard case .call(let function, let arguments) = term.kind,
            let (key, value, domain) = membership(function, arguments)
        else {
            noteIllegal("expected `x[, y] in xs { ... }` expression")
            return nil
        }
        if let key {
            guard case .variable = key.kind else {
                noteIllegal("expected key to be a variable")
                return nil
            }
        }
        guard case .variable = value.kind else {
            noteIllegal("expected value to be a variable")
            return nil
        }
        guard kind == .leftBrace else {
            noteIllegal("missing body")
            return nil
        }
        advance()
        guard let body = parseBody(end: .rightBrace) else { return nil }
        advance()
        var statement = Expression(.every(key: key, value: value, domain: domain, body: body), at: start)
        return parseModifiers(of: &statement) ? statement : nil
    }
}
