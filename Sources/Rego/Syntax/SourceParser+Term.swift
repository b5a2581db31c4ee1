// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Terms with their operators, references and calls.
extension SourceParser {
    // MARK: Operators

    /// A term with infix operators; `k, v in xs` is one.
    mutating func parseInfix() -> Term? {
        let offset = token.offset
        return parseMembership(nil, takesKey: true, from: offset)
    }

    /// An element of a list; a comma ends it.
    mutating func parseElement() -> Term? {
        let offset = token.offset
        return parseMembership(nil, takesKey: false, from: offset)
    }

    /// Goes on with an element whose first term was read.
    mutating func continueElement(_ first: Term, from offset: Int32) -> Term? {
        parseMembership(first, takesKey: false, from: offset)
    }

    private mutating func parseMembership(_ first: Term?, takesKey: Bool, from offset: Int32) -> Term? {
        let outerHeight = height
        if first == nil { height = 0 }
        defer { height = max(height, outerHeight) }
        guard var left = parseBinary(.relation, first: first, from: offset) else { return nil }
        while true {
            if takesKey, kind == .comma {
                let before = mark()
                advance()
                if let value = parseBinary(.relation, first: nil, from: offset), kind == .in {
                    let function = takeOperator("member_3")
                    let start = token.offset
                    if let domain = parseBinary(.relation, first: nil, from: start) {
                        guard grow() else { return nil }
                        left = call(function, [left, value, domain], from: offset)
                        if kind == .in { continue }
                        return left
                    }
                }
                goBack(to: before)
            }
            takeKeywordAsName()
            guard kind == .in else { return left }
            let function = takeOperator("member_2")
            let start = token.offset
            guard let domain = parseBinary(.relation, first: nil, from: start) else { return left }
            guard grow() else { return nil }
            left = call(function, [left, domain], from: offset)
            if kind != .in { return left }
        }
    }

    /// How tightly an infix operator binds.
    private enum Binding: Int {
        case relation, union, intersection, sum, product, term

        var tighter: Binding { Binding(rawValue: rawValue + 1) ?? .term }

        init?(_ kind: TokenKind) {
            switch kind {
            case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual: self = .relation
            case .or: self = .union
            case .and: self = .intersection
            case .plus, .minus: self = .sum
            case .times, .divide, .remainder: self = .product
            default: return nil
            }
        }
    }

    /// A term and the operators behind it that bind at least as tightly as given.
    private mutating func parseBinary(_ binding: Binding, first: Term?, from offset: Int32) -> Term? {
        let outerHeight = height
        if first == nil { height = 0 }
        defer { height = max(height, outerHeight) }
        guard var left = first ?? parseTerm() else { return nil }
        while let next = Binding(kind), next.rawValue >= binding.rawValue {
            let function = takeOperator(kind.name)
            let start = token.offset
            guard let right = parseBinary(next.tighter, first: nil, from: start) else { return left }
            guard grow() else { return nil }
            left = call(function, [left, right], from: offset)
        }
        return left
    }

    /// Counts one more level of the tree that is being built; false when it gets too high.
    private mutating func grow() -> Bool {
        height += 1
        guard height > limits.depth else { return true }
        noteDepth()
        return false
    }

    /// The function of the operator that is looked at, which is stepped over.
    mutating func takeOperator(_ name: String) -> Term {
        let place = here
        defer { advance() }
        guard kind == .in else { return Term(.variable(Text(name)), at: place) }
        return Term(
            .reference([Term(.variable("internal"), at: place), Term(.string(Text(name)), at: place)]), at: place)
    }

    private func call(_ function: Term, _ arguments: [Term], from offset: Int32) -> Term {
        let start = arguments.first?.location ?? function.location
        return Term(
            .call(function: function, arguments: arguments), at: location(start, from: offset, to: lastEnd))
    }

    // MARK: Terms

    /// A term without operators.
    mutating func parseTerm() -> Term? {
        switch kind {
        case .leftBrace, .leftBracket, .leftParenthesis:
            return remembering { $0.parseNewTerm() }
        default:
            return parseNewTerm()
        }
    }

    private mutating func parseNewTerm() -> Term? {
        guard enter() else { return nil }
        defer { leave() }
        let outerHeight = height
        height = 0
        defer { height = max(outerHeight, height + 1) }
        if kind == .logicalAnd || kind == .logicalOr, adjacentKind == .leftParenthesis { kind = .identifier }
        guard let term = parseFirst() else { return nil }
        let offset = token.offset
        advance()
        guard isAdjacent, kind == .leftParenthesis || kind == .dot || kind == .leftBracket else { return term }
        return parseReference(term, from: offset)
    }

    /// What a reference may hang on; its last token stays.
    private mutating func parseFirst() -> Term? {
        switch kind {
        case .null: return Term(.null, at: here)
        case .true: return Term(.boolean(true), at: here)
        case .false: return Term(.boolean(false), at: here)
        case .number, .minus, .dot: return parseNumber()
        case .string, .rawString: return parseString()
        case .templatePart, .templateEnd: return parseTemplate(isRaw: false)
        case .rawTemplatePart, .rawTemplateEnd: return parseTemplate(isRaw: true)
        case .identifier, .contains: return parseVariable()
        case .leftBracket: return parseArray()
        case .leftBrace: return parseSetOrObject()
        case .leftParenthesis: return parseParenthesized()
        default:
            noteIllegal()
            return nil
        }
    }

    private mutating func parseParenthesized() -> Term? {
        let offset = token.offset
        advance()
        guard var term = parseInfix() else { return nil }
        guard kind == .rightParenthesis else {
            note("non-terminated expression", at: here)
            return nil
        }
        term.location.offset = offset
        term.location.length = token.end &- offset
        return term
    }

    /// A variable; its token stays.
    mutating func parseVariable() -> Term {
        let isWildcard = token.end &- token.offset == 1 && source[Int(token.offset)] == UInt8(ascii: "_")
        return Term(.variable(isWildcard ? wildcard() : tokenText), at: here)
    }

    // MARK: References and calls

    /// The dots, brackets and arguments behind a term.
    mutating func parseReference(_ head: Term, from offset: Int32) -> Term? {
        guard enter() else { return nil }
        defer { leave() }
        switch head.kind {
        case .variable, .array, .object, .set, .arrayComprehension, .setComprehension, .objectComprehension, .call:
            break
        default:
            note("illegal ref (head cannot be \(head.typeName))", at: head.location)
        }
        var parts = [head]
        while true {
            switch kind {
            case .dot:
                advance()
                guard isAdjacent || kind == .end else {
                    note("unexpected whitespace token: expected identifier", at: here)
                    return nil
                }
                guard kind == .identifier || kind.isKeyword else {
                    noteIllegal("expected identifier")
                    return nil
                }
                parts.append(Term(.string(tokenText), at: here))
                advance()
            case .leftBracket:
                advance()
                guard let part = parseInfix() else { return nil }
                guard kind == .rightBracket else {
                    noteIllegal("expected [")
                    return nil
                }
                parts.append(part)
                advance()
            case .leftParenthesis:
                return parseCall(of: parts, from: offset)
            default:
                return reference(parts, from: offset)
            }
            guard isAdjacent else { return reference(parts, from: offset) }
        }
    }

    private func reference(_ parts: [Term], from offset: Int32) -> Term {
        let place = location(parts[0].location, from: offset, to: lastEnd)
        return parts.count == 1 ? Term(parts[0].kind, at: place) : Term(.reference(parts), at: place)
    }

    private mutating func parseCall(of parts: [Term], from offset: Int32) -> Term? {
        guard enter() else { return nil }
        defer { leave() }
        let function = reference(parts, from: offset)
        advance()
        guard let arguments = parseList(end: .rightParenthesis) else { return nil }
        let end = token.end
        advance()
        let place = location(function.location, from: offset, to: end)
        var term = Term(.call(function: function, arguments: arguments), at: place)
        if arguments.isEmpty, case .variable("set") = function.kind { term.kind = .set([]) }
        guard isAdjacent, kind == .dot || kind == .leftBracket else { return term }
        guard var whole = parseReference(term, from: offset) else { return nil }
        whole.location = location(function.location, from: offset, to: lastEnd)
        return whole
    }
}
