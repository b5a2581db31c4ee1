// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `not { … }`, `and` and `or`, and parentheses without which a text would be read in another way.
extension FormatWriter {
    /// One operator of a chain with what stands behind it.
    private struct Step {
        var word: String
        var operand: LogicalOperand
        /// Where the braces open.
        var brace: Location?
        var isParenthesized: Bool
        /// The line in which the text before the operator ends.
        var leftEndRow: Int32
    }

    // MARK: not

    /// Whether what stands behind `not` needs parentheses.
    func needsGroupBehindNot(_ statement: Expression) -> Bool {
        if statement.isLogical { return true }
        guard features.contains(.negatedBodies), case .term(let term) = statement.kind else { return false }
        return startsWithBrace(term)
    }

    mutating func writeNegatedBody(_ body: Body, of statement: Expression) -> Bool {
        let location = place(of: statement)
        guard isBracedNegation(statement) else {
            write("(")
            if let first = body.first { _ = write(first) }
            write(")")
            return true
        }
        if let first = body.first, isUnion(first) { parenthesizedStatement = first.location }
        write("{")
        _ = writeInnerBody(body, "{", "}", behind: location, in: location)
        if let last = body.last, place(of: last).row == location.row { write(" ") }
        write("}")
        return true
    }

    /// Whether braces were written behind `not`.
    private func isBracedNegation(_ statement: Expression) -> Bool {
        var text = text(at: statement.location).dropFirst(3)
        while let byte = text.first, byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) { text.removeFirst() }
        return text.first != UInt8(ascii: "(")
    }

    // MARK: and, or

    mutating func writeLogical(_ statement: Expression) -> Bool {
        let (first, steps) = flatten(statement)
        _ = write(first.operand, brace: first.brace, isParenthesized: first.isParenthesized)
        var isIndented = false
        defer { if isIndented { level -= 1 } }
        for step in steps {
            write(" \(step.word)")
            let row = step.brace?.row ?? step.operand.body.first.map { place(of: $0).row } ?? 0
            if row > step.leftEndRow {
                if !isIndented {
                    level += 1
                    isIndented = true
                }
                endLine()
                startLine()
            } else {
                write(" ")
            }
            _ = write(step.operand, brace: step.brace, isParenthesized: step.isParenthesized)
        }
        return true
    }

    private mutating func write(_ operand: LogicalOperand, brace: Location?, isParenthesized: Bool) -> Bool {
        guard let first = operand.body.first, let last = operand.body.last else {
            write("{}")
            return true
        }
        guard let brace else {
            if isParenthesized { write("(") }
            let fits = write(first)
            if isParenthesized { write(")") }
            return fits
        }
        if isUnion(first) { parenthesizedStatement = first.location }
        write("{")
        _ = writeInnerBody(operand.body, "{", "}", behind: brace, in: brace)
        if place(of: last).row == brace.row { write(" ") }
        write("}")
        return true
    }

    /// The first operand of a chain and the operators behind it; `and` under `or` stands in the same chain.
    private func flatten(_ statement: Expression) -> (first: Step, steps: [Step]) {
        let word: String
        let operands: [LogicalOperand]
        switch statement.kind {
        case .and(let list): (word, operands) = ("and", list)
        case .or(let list): (word, operands) = ("or", list)
        default: (word, operands) = ("", [LogicalOperand(body: [statement], isBraced: false)])
        }
        var steps: [Step] = []
        var first = Step(
            word: "", operand: LogicalOperand(body: [], isBraced: true), brace: nil, isParenthesized: false,
            leftEndRow: 0)
        var endRow: Int32 = 0
        for (index, operand) in operands.enumerated() {
            let brace = operand.isBraced ? bracePlace(of: operand.body, in: statement) : nil
            var step = Step(
                word: word, operand: operand, brace: brace, isParenthesized: false, leftEndRow: endRow)
            if let only = operand.body.first, !operand.isBraced {
                step.isParenthesized = needsGroup(only, under: word, isFirst: index == 0)
                if index == 0, only.isLogical, !only.isNegated, !step.isParenthesized {
                    (first, steps) = flatten(only)
                    endRow = self.endRow(of: only.location)
                    continue
                }
            }
            if index == 0 { first = step } else { steps.append(step) }
            endRow = self.endRow(of: operand, brace: brace)
        }
        return (first, steps)
    }

    private func endRow(of operand: LogicalOperand, brace: Location?) -> Int32 {
        if let brace {
            let row = closingRow("{", "}", at: brace)
            if row > 0 { return row }
        }
        guard let last = operand.body.last else { return 0 }
        return endRow(of: place(of: last))
    }

    /// Where the brace stands that opens an operand.
    private func bracePlace(of body: Body, in statement: Expression) -> Location {
        var location = statement.location
        guard let first = body.first else { return location }
        let start = Int(location.offset)
        var index = min(Int(first.location.offset), source.count)
        while index > start {
            index -= 1
            guard source[index] == UInt8(ascii: "{") else { continue }
            location.row += rows(source[start..<index])
            location.length -= Int32(truncatingIfNeeded: index - start)
            location.offset = Int32(truncatingIfNeeded: index)
            return location
        }
        return location
    }

    private func needsGroup(_ statement: Expression, under word: String, isFirst: Bool) -> Bool {
        if !statement.modifiers.isEmpty { return true }
        switch statement.kind {
        case .or where !statement.isNegated: return word == "and" || !isFirst
        case .and where !statement.isNegated: return word == "and" && !isFirst
        case .term(let term): return !statement.isNegated && startsWithBrace(term)
        default: return false
        }
    }

    // MARK: Braces and unions

    /// Whether a term is printed with a brace first.
    func startsWithBrace(_ term: Term) -> Bool {
        switch term.kind {
        case .set(let terms): return !terms.isEmpty
        case .object, .setComprehension, .objectComprehension: return true
        case .reference(let parts): return parts.first.map(startsWithBrace) ?? false
        case .call(let function, let arguments):
            guard InfixOperator.sign(of: function) != nil || InfixOperator.membership(function) == 2 else {
                return false
            }
            return arguments.count == 2 && startsWithBrace(arguments[0])
        default: return false
        }
    }

    /// Whether a statement is `a | b`.
    func isUnion(_ statement: Expression) -> Bool {
        if case .term(let term) = statement.kind { term.isUnion } else { false }
    }

    /// Puts parentheses around the `a | b` with which a body begins: behind a brace it would be a comprehension.
    mutating func markLeadingUnion(of statement: Expression) {
        guard !statement.isNegated else { return }
        if statement.isLogical {
            let (first, _) = flatten(statement)
            guard first.brace == nil, !first.isParenthesized, let inner = first.operand.body.first, !inner.isLogical
            else { return }
            markLeadingUnion(of: inner)
            return
        }
        guard case .term(let term) = statement.kind else { return }
        if term.isUnion {
            parenthesizedStatement = statement.location
            return
        }
        guard case .call(let function, let arguments) = term.kind, arguments.count == 2,
            InfixOperator.sign(of: function) != nil || InfixOperator.membership(function) == 2, arguments[0].isUnion
        else { return }
        parenthesizedTerm = arguments[0].location
    }
}

extension Term {
    /// Whether it is `a | b`.
    var isUnion: Bool {
        guard case .call(let function, let arguments) = kind, arguments.count == 2 else { return false }
        if case .variable("or") = function.kind { return true }
        return false
    }
}
