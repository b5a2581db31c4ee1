// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Bodies and statements.
extension FormatWriter {
    mutating func write(_ body: Body) -> Bool {
        guard let first = body.first else { return true }
        guard insertComments(upTo: place(of: first).row) else { return false }
        var last: Location?
        for statement in body {
            let location = place(of: statement)
            if let last, location.row > endRow(of: last) + 1 { writeBlankLine() }
            startLine()
            _ = write(statement)
            endLine()
            last = location
        }
        return true
    }

    mutating func write(_ statement: Expression) -> Bool {
        let isParenthesized = parenthesizedStatement == statement.location
        if isParenthesized { parenthesizedStatement = nil }
        let location = place(of: statement)
        guard insertComments(upTo: location.row) else { return false }
        if !isInline { startLine() }
        guard writeCore(of: statement, isParenthesized: isParenthesized) else { return false }
        return writeModifiers(of: statement)
    }

    private mutating func writeCore(of statement: Expression, isParenthesized: Bool) -> Bool {
        let location = place(of: statement)
        let needsGroup = statement.isNegated && needsGroupBehindNot(statement)
        if statement.isNegated { write("not ") }
        if needsGroup || isParenthesized { write("(") }
        let fits: Bool
        switch statement.kind {
        case .term(let term):
            fits = writeTermStatement(term)
        case .someVariables(let variables):
            fits = writeSome(variables, from: location) || abandon()
        case .someIn(let key, let value, let domain):
            write("some ")
            fits = writeMembership(key, value, domain, parenthesizes: false) || abandon()
        case .every(let key, let value, let domain, let body):
            fits = writeEvery(key, value, domain, body, at: location)
        case .negatedBody(let body):
            fits = writeNegatedBody(body, of: statement)
        case .and, .or:
            fits = writeLogical(statement)
        }
        guard fits else { return false }
        if needsGroup || isParenthesized { write(")") }
        return true
    }

    // MARK: Terms as statements

    private mutating func writeTermStatement(_ term: Term) -> Bool {
        guard case .call(let function, let arguments) = term.kind else { return write(term) }
        if let count = InfixOperator.membership(function) {
            guard arguments.count == count else { return noteArity(function) }
            return writeMembership(
                count == 3 ? arguments[0] : nil, arguments[count - 2], arguments[count - 1], parenthesizes: false)
        }
        guard let sign = InfixOperator.sign(of: function) else { return writeCall(function, arguments) }
        switch arguments.count {
        case 2:
            guard write(arguments[0]) else { return abandon() }
            write(" \(sign) ")
            return write(arguments[1])
        case 3:
            guard write(arguments[2]) else { return abandon() }
            write(" = ")
            guard write(arguments[0]) else { return abandon() }
            write(" \(sign) ")
            return write(arguments[1]) || abandon()
        default:
            _ = noteArity(function)
            return writeCall(function, arguments)
        }
    }

    /// Notes a call with a wrong number of operands.
    mutating func noteArity(_ function: Term) -> Bool {
        failures.append(
            Diagnostic(.type, "\(SyntaxPrinter.text(of: function)): arity mismatch", at: function.location))
        return true
    }

    // MARK: some, every

    private mutating func writeSome(_ variables: [Term], from location: Location) -> Bool {
        write("some ")
        var row = location.row
        for (index, variable) in variables.enumerated() {
            let own = place(of: variable).row
            if own > row {
                endLine()
                startLine()
                write("\t")
                row = own
            } else if index > 0 {
                write(" ")
            }
            guard write(variable) else { return false }
            if index + 1 < variables.count { write(",") }
        }
        return true
    }

    private mutating func writeEvery(
        _ key: Term?, _ value: Term, _ domain: Term, _ body: Body, at location: Location
    ) -> Bool {
        write("every ")
        if let key {
            guard write(key) else { return abandon() }
            write(", ")
        }
        guard write(value) else { return abandon() }
        write(" in ")
        guard write(domain) else { return abandon() }
        write(" {")
        // In earlier editions no comment finds its place before the closing brace.
        var whole = location
        if !keepsBreaks { whole.length = 5 }
        _ = writeInnerBody(body, "{", "}", behind: location, in: whole)
        if body.count == 1, body.first.map({ place(of: $0).row }) == location.row { write(" ") }
        write("}")
        return true
    }

    // MARK: with

    private mutating func writeModifiers(of statement: Expression) -> Bool {
        var modifiers = statement.modifiers[...]
        guard let first = modifiers.first else { return true }
        var lastRow = endRowOfCore(statement, first)
        if row(of: first) == lastRow || !keepsBreaks {
            guard write(first, isIndented: false) else { return false }
            lastRow = row(of: first)
            modifiers.removeFirst()
        }
        var isIndented = false
        defer { if isIndented { level -= 1 } }
        for modifier in modifiers {
            let breaks = keepsBreaks ? row(of: modifier) > lastRow : row(of: modifier) != lastRow
            if breaks {
                if !isIndented {
                    level += 1
                    isIndented = true
                }
                endLine()
                startLine()
                lastRow = row(of: modifier)
            }
            guard write(modifier, isIndented: breaks) else { return false }
        }
        return true
    }

    private func row(of modifier: WithModifier) -> Int32 {
        (placeOverride ?? modifier.location).row
    }

    /// The line in which a statement ends before its modifiers.
    private func endRowOfCore(_ statement: Expression, _ first: WithModifier) -> Int32 {
        guard placeOverride == nil else { return place(of: statement).row }
        var location = statement.location
        location.length = min(location.length, max(0, first.location.offset - location.offset))
        var text = text(at: location)
        while let last = text.last, [0x20, 0x09, 0x0D, 0x0A].contains(last) { text.removeLast() }
        return location.row + rows(text)
    }

    private mutating func write(_ modifier: WithModifier, isIndented: Bool) -> Bool {
        guard insertComments(upTo: row(of: modifier)) else { return abandon() }
        if !isIndented { write(" ") }
        write("with ")
        guard write(modifier.target) else { return abandon() }
        write(" as ")
        return write(modifier.value) || keepsBreaks || abandon()
    }

    // MARK: Bodies in other parts

    /// The body of a comprehension or of `every`: in its line if it was written in one, otherwise in lines of its own.
    mutating func writeInnerBody(
        _ body: Body, _ open: Character, _ close: Character, behind start: Location, in whole: Location
    ) -> Bool {
        guard let first = body.first else { return true }
        let rows = body.map { place(of: $0).row }
        let isBroken = zip(rows, rows.dropFirst()).contains { $1 > $0 } || place(of: first).row > start.row
        guard isBroken else {
            write(" ")
            for (index, statement) in body.enumerated() {
                if index > 0 { write("; ") }
                guard write(statement) else { return false }
            }
            return insertComments(upTo: closingRow(open, close, at: whole)) || abandon()
        }
        endLine()
        level += 1
        defer {
            level -= 1
            startLine()
        }
        guard write(body) else { return false }
        return insertComments(upTo: closingRow(open, close, at: whole)) || abandon()
    }
}
