// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `and`, `or` and `not { … }`, where imports switch them on.
extension SourceParser {
    /// What came of reading a text in one of several ways.
    enum Attempt<Result> {
        /// It is something else; nothing was read.
        case none
        /// It is wrong; a mistake was noted.
        case failed
        case read(Result)
    }

    /// Whether `and` or `or` is a word of the language here.
    var hasLogicalWords: Bool {
        !features.isDisjoint(with: [.and, .or])
    }

    private var isAtOperator: Bool {
        kind == .logicalAnd || kind == .logicalOr
    }

    // MARK: Operands

    /// At the begin of a statement: `{ … } and …`, `(… or …)`.
    mutating func parseLeadingOperand() -> Attempt<Expression> {
        let start = here
        if kind == .leftBrace {
            let before = mark()
            advance()
            if let body = parseBody(end: .rightBrace) {
                advance()
                if isAtOperator {
                    if noteAmbiguousUnion(body, at: start) { return .failed }
                    return result(foldOperators(LogicalOperand(body: body, isBraced: true), from: start))
                }
            }
            goBack(to: before)
        } else if kind == .leftParenthesis {
            switch parseGroup(isOperand: false) {
            case .none: return .none
            case .failed: return .failed
            case .read(let operand): return result(foldOperators(operand, from: start))
            }
        }
        return .none
    }

    private func result(_ statement: Expression?) -> Attempt<Expression> {
        statement.map { .read($0) } ?? .failed
    }

    /// One side of `and` or `or`.
    private mutating func parseOperand(of operatorName: String) -> LogicalOperand? {
        let start = here
        if kind == .leftBrace { return parseBracedOperand(of: operatorName) }
        let isNegated = kind == .not && adjacentKind != .dot && adjacentKind != .leftBracket
        if isNegated {
            advance()
            if features.contains(.negatedBodies), kind == .leftBrace {
                return parseNegatedBody(from: start).map { LogicalOperand(body: [$0], isBraced: false) }
            }
        }
        if kind == .leftParenthesis, !isNegated || features.contains(.negatedBodies) {
            switch parseGroup(isOperand: true) {
            case .none: break
            case .failed: return nil
            case .read(let operand):
                guard isNegated else { return operand }
                return LogicalOperand(body: [negation(of: operand, from: start)], isBraced: false)
            }
        }
        guard let term = parseAssignment() else { return nil }
        let statement = Expression(.term(term), isNegated: isNegated, at: extend(start))
        return LogicalOperand(body: [statement], isBraced: false)
    }

    private mutating func parseBracedOperand(of operatorName: String) -> LogicalOperand? {
        let start = here
        let before = mark()
        advance()
        let isEmpty = kind == .rightBrace
        guard let body = parseBody(end: .rightBrace) else {
            guard !isEmpty, !operatorName.isEmpty else { return nil }
            let failed = mark()
            goBack(to: before)
            if let term = parseInfix() {
                let statement = Expression(.term(term), at: extend(start))
                noteBracedValue(statement, operatorName: operatorName)
            } else {
                goBack(to: failed)
            }
            return nil
        }
        advance()
        _ = noteAmbiguousUnion(body, at: start)
        return LogicalOperand(body: body, isBraced: true)
    }

    /// `not { … }`, the word read already.
    mutating func parseNegatedBody(from start: Location) -> Expression? {
        let brace = here
        let before = mark()
        advance()
        let isEmpty = kind == .rightBrace
        guard let body = parseBody(end: .rightBrace) else {
            guard !isEmpty else { return nil }
            let failed = mark()
            goBack(to: before)
            if let term = parseInfix() {
                note(
                    "`{...}` in an operand position must contain expression(s), got: \(term.typeName)", at: brace)
            } else {
                goBack(to: failed)
            }
            return nil
        }
        advance()
        if noteAmbiguousUnion(body, at: brace) { return nil }
        return Expression(.negatedBody(body), isNegated: true, at: extend(start))
    }

    /// `not (…)`.
    func negation(of operand: LogicalOperand, from start: Location) -> Expression {
        var location = start
        location.length = max(lastEnd &- start.offset, 0)
        if !operand.isBraced, operand.body.count == 1, var statement = operand.body.first, !statement.isNegated,
            statement.modifiers.isEmpty
        {
            statement.isNegated = true
            statement.location = location
            return statement
        }
        return Expression(.negatedBody(operand.body), isNegated: true, at: location)
    }

    // MARK: Operators

    /// Joins an operand with those that follow it, `and` before `or`, and reads the modifiers of the whole.
    mutating func foldOperators(_ first: LogicalOperand, from start: Location) -> Expression? {
        guard isAtOperator else {
            guard var statement = first.body.first else { return nil }
            return parseModifiers(of: &statement) ? statement : nil
        }
        guard enter() else { return nil }
        defer { leave() }
        guard let operand = parseAlternatives(first, from: start), var statement = operand.body.first else {
            return nil
        }
        return parseModifiers(of: &statement) ? statement : nil
    }

    private mutating func parseAlternatives(_ first: LogicalOperand, from start: Location) -> LogicalOperand? {
        guard let left = parseConjunction(first, from: start) else { return nil }
        var operands = [left]
        while kind == .logicalOr {
            advance()
            let begin = here
            guard let operand = parseOperand(of: "or"), let right = parseConjunction(operand, from: begin) else {
                return nil
            }
            operands.append(right)
        }
        guard operands.count > 1 else { return left }
        if noteSilentOperand(operands, of: "or") { return nil }
        return LogicalOperand(body: [Expression(.or(operands), at: extend(start))], isBraced: false)
    }

    private mutating func parseConjunction(_ first: LogicalOperand, from start: Location) -> LogicalOperand? {
        var operands = [first]
        while kind == .logicalAnd {
            advance()
            guard let operand = parseOperand(of: "and") else { return nil }
            operands.append(operand)
        }
        guard operands.count > 1 else { return first }
        if noteSilentOperand(operands, of: "and") { return nil }
        return LogicalOperand(body: [Expression(.and(operands), at: extend(start))], isBraced: false)
    }

    // MARK: Groups

    /// Parentheses around operands; none when they stand around a term.
    mutating func parseGroup(isOperand: Bool) -> Attempt<LogicalOperand> {
        guard enter() else { return .failed }
        defer { leave() }
        let before = mark()
        let start = here
        advance()
        if kind == .rightParenthesis {
            if isOperand {
                note("empty parenthesized group", at: start)
                return .failed
            }
            goBack(to: before)
            return .none
        }
        let begin = here
        guard let left = parseOperand(of: "") else {
            goBack(to: before)
            return .none
        }
        if isAtOperator {
            guard let statement = foldOperators(left, from: begin) else { return .failed }
            return closeGroup(statement, from: start)
        }
        if kind == .with, !left.isBraced, var statement = left.body.first {
            let withLocation = here
            guard parseModifiers(of: &statement) else { return .failed }
            if isAtOperator {
                noteModifiedOperand(at: withLocation)
                return .failed
            }
            let closed = closeGroup(statement, from: start)
            guard case .read = closed else { return closed }
            if isOperand || isAtOperator { return closed }
            goBack(to: before)
            return .none
        }
        if left.isBraced { return bracesInGroup(before, start) }
        if let statement = left.body.first, statement.isNegated || statement.isLogical {
            return closeGroup(statement, from: start)
        }
        goBack(to: before)
        return .none
    }

    private mutating func closeGroup(_ statement: Expression, from start: Location) -> Attempt<LogicalOperand> {
        guard kind == .rightParenthesis else {
            note("expected ) to close parenthesized group", at: here)
            return .failed
        }
        advance()
        return .read(LogicalOperand(body: [statement], isBraced: false))
    }

    /// `({ … })` is a value unless it can only be a body.
    private mutating func bracesInGroup(_ before: Mark, _ start: Location) -> Attempt<LogicalOperand> {
        goBack(to: before)
        advance()
        let isValue = parseTerm() != nil
        goBack(to: before)
        if isValue { return .none }
        note("`(...)` in an operand position cannot contain a body", at: start)
        return .failed
    }

    // MARK: Mistakes

    mutating func noteModifiedOperand(at location: Location) {
        let word = kind.name
        hint(
            "Wrap the operand in `(...)` or `{...}` to scope, or move `with` after the `\(word)` expression to apply "
                + "it to the whole expression")
        note("`with` modifier is not allowed on operand of `\(word)`", at: location)
    }

    /// An operand that only prints, and so can never fail.
    private mutating func noteSilentOperand(_ operands: [LogicalOperand], of operatorName: String) -> Bool {
        for operand in operands {
            let names = operand.body.compactMap(\.silentCall)
            guard let first = operand.body.first, names.count == operand.body.count else { continue }
            hint("move it out of the operand, or add an expression that can fail")
            note("operand of `\(operatorName)` cannot consist only of calls to `\(names[0])`", at: first.location)
            return true
        }
        return false
    }

    /// A value in braces where braces open a body.
    mutating func noteBracedValue(_ statement: Expression, operatorName: String) {
        if case .term(let term) = statement.kind, case .object(let items) = term.kind, items.isEmpty {
            note("found empty body", at: statement.location)
            return
        }
        let start = Int(statement.location.offset)
        let text = Text(bytes: Array(source[start..<max(start, Int(lastEnd))])).string
        hint("wrap the operand to keep the value: `(\(text)) \(operatorName) ...`")
        note(
            "operand of `\(operatorName)` cannot begin with `{` unless the braces hold a body",
            at: statement.location)
    }

    /// A body whose first statement is `a | b` reads as a comprehension too.
    private mutating func noteAmbiguousUnion(_ body: Body, at location: Location) -> Bool {
        guard let first = body.first, case .term(let term) = first.kind, case .call(let function, _) = term.kind,
            case .variable("or") = function.kind, function.location.length == 1,
            source[Int(first.location.offset)] != UInt8(ascii: "(")
        else { return false }
        note(
            "ambiguous `{ ... | ... }` operand: read as a body holding a set-union expression, not as a "
                + "comprehension", at: location)
        return true
    }
}

extension Expression {
    /// Whether it is joined with `and` or `or`.
    var isLogical: Bool {
        switch kind {
        case .and, .or: true
        default: false
        }
    }

    /// The builtin without a result that it calls, and nothing else.
    fileprivate var silentCall: String? {
        guard !isNegated, case .term(let term) = kind, case .call(let function, _) = term.kind else { return nil }
        let name: String
        switch function.kind {
        case .variable(let word): name = word.string
        case .reference(let parts): name = TermPrinter { $0.string }.reference(parts)
        default: return nil
        }
        return ["print", "internal.print", "internal.test_case"].contains(name) ? name : nil
    }
}
