// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Arrays, sets, objects and comprehensions; each ends at its closing token, which stays.
extension SourceParser {
    /// Elements up to a closing token; one comma may stand behind the last.
    mutating func parseList(end: TokenKind, after first: Term? = nil) -> [Term]? {
        var terms = first.map { [$0] } ?? []
        if first != nil {
            switch kind {
            case end: return terms
            case .comma: advance()
            default:
                noteIllegal("expected \",\" or \"\(end.name)\"")
                return nil
            }
        }
        while kind != end {
            guard let term = parseElement() else { return nil }
            terms.append(term)
            switch kind {
            case end: return terms
            case .comma: advance()
            default:
                noteIllegal("expected \",\" or \"\(end.name)\"")
                return nil
            }
        }
        return terms
    }

    mutating func parseArray() -> Term? {
        let start = here
        advance()
        if kind == .rightBracket { return close(.array([]), start) }
        let skipsComma = kind == .comma
        if skipsComma { advance() }
        let offset = token.offset
        guard let head = parseTerm() else { return nil }
        if kind == .or, !skipsComma {
            switch parseComprehensionBody(end: .rightBracket) {
            case .read(let body): return close(.arrayComprehension(head: head, body: body), start)
            case .failed: return nil
            case .none: break
            }
        }
        guard let first = continueElement(head, from: offset),
            let terms = parseList(end: .rightBracket, after: first)
        else { return nil }
        return close(.array(terms), start)
    }

    /// Behind the head of what may be a comprehension; none when a comma shows that it is a list.
    private mutating func parseComprehensionBody(end: TokenKind) -> Attempt<Body> {
        let before = mark()
        advance()
        if let body = parseBody(end: end) { return .read(body) }
        guard kind == .comma else { return .failed }
        goBack(to: before)
        return .none
    }

    private func close(_ kind: Term.Kind, _ start: Location) -> Term {
        Term(kind, at: location(start, from: start.offset, to: token.end))
    }

    mutating func parseSetOrObject() -> Term? {
        let start = here
        advance()
        if kind == .rightBrace { return close(.object([]), start) }
        let skipsComma = kind == .comma
        if skipsComma { advance() }
        let offset = token.offset
        guard let head = parseTerm() else { return nil }
        if kind == .colon { return parseObject(head, mayBeComprehension: !skipsComma, start) }
        if kind == .or, !skipsComma {
            switch parseComprehensionBody(end: .rightBrace) {
            case .read(let body): return close(.setComprehension(head: head, body: body), start)
            case .failed: return nil
            case .none:
                guard let first = continueElement(head, from: offset) else { return nil }
                return finishSet(first, start)
            }
        }
        guard let first = continueElement(head, from: offset) else { return nil }
        switch kind {
        case .rightBrace, .comma:
            return finishSet(first, start)
        case .colon:
            return parseObject(first, mayBeComprehension: !skipsComma, start)
        default:
            noteIllegal("non-terminated set")
            return nil
        }
    }

    private mutating func finishSet(_ first: Term, _ start: Location) -> Term? {
        guard let terms = parseList(end: .rightBrace, after: first) else { return nil }
        return close(.set(terms), start)
    }

    /// At the colon behind the first key.
    private mutating func parseObject(_ key: Term, mayBeComprehension: Bool, _ start: Location) -> Term? {
        advance()
        let offset = token.offset
        let begin = mark()
        guard let head = parseTerm() else { return nil }
        if kind == .comma || kind == .rightBrace {
            if let object = finishObject(ObjectItem(key: key, value: head), start) { return object }
            // What is wrong behind a first value that is no operation is said of that value.
            goBack(to: begin)
            noteIllegal("non-terminated object")
            return nil
        }
        if kind == .or, mayBeComprehension {
            let before = mark()
            advance()
            if let body = parseBody(end: .rightBrace) {
                return close(.objectComprehension(key: key, value: head, body: body), start)
            }
            goBack(to: before)
        }
        guard let value = continueElement(head, from: offset) else { return nil }
        guard kind == .comma || kind == .rightBrace else {
            noteIllegal("non-terminated object")
            return nil
        }
        return finishObject(ObjectItem(key: key, value: value), start)
    }

    /// Behind the first item.
    private mutating func finishObject(_ first: ObjectItem, _ start: Location) -> Term? {
        var items = [first]
        while kind == .comma {
            advance()
            if kind == .rightBrace { break }
            guard let key = parseElement() else { return nil }
            guard kind == .colon else {
                noteIllegal("expected \":\"")
                return nil
            }
            advance()
            guard let value = parseElement() else { return nil }
            items.append(ObjectItem(key: key, value: value))
            guard kind == .comma || kind == .rightBrace else {
                noteIllegal("expected \",\" or \"}\"")
                return nil
            }
        }
        return close(.object(items), start)
    }
}
