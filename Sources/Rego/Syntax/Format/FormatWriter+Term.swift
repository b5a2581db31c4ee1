// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Terms.
extension FormatWriter {
    /// Prints a term; with a comment in it for which there is no place, as it was written.
    mutating func write(_ term: Term) -> Bool {
        guard !comments.isEmpty else { return write(term, parenthesizes: false) }
        let length = output.count
        let outerLevel = level
        let known = comments
        guard !write(term, parenthesizes: false) else { return true }
        output.removeSubrange(length...)
        level = outerLevel
        let location = place(of: term)
        if let comment = pendingComment, comment.location.row >= location.row,
            comment.location.row <= endRow(of: location)
        {
            pendingComment = nil
        }
        writeUnformatted(location, known)
        return false
    }

    /// Prints a term, an infix call in parentheses if asked for.
    mutating func write(_ term: Term, parenthesizes: Bool) -> Bool {
        var parenthesizes = parenthesizes
        if parenthesizedTerm == term.location, term.isUnion {
            parenthesizedTerm = nil
            parenthesizes = true
        }
        let location = place(of: term)
        guard insertComments(upTo: location.row) else { return abandon() }
        if !isInline { startLine() }
        let fits: Bool
        switch term.kind {
        case .null, .boolean:
            write(SyntaxPrinter.text(of: term))
            fits = true
        case .number(let digits):
            writeNumber(digits, of: term)
            fits = true
        case .string(let text):
            writeString(text, of: term)
            fits = true
        case .variable(let name):
            output += name.isWildcard ? [UInt8(ascii: "_")] : name.bytes
            fits = true
        case .reference(let parts): fits = writeReference(parts)
        case .array, .set, .object: fits = writeCollection(term, at: location)
        case .arrayComprehension, .setComprehension, .objectComprehension:
            fits = writeComprehension(term, at: location)
        case .call(let function, let arguments):
            fits = writeInfixOrCall(function, arguments, parenthesizes: parenthesizes)
        case .template(let template): fits = write(template, at: location)
        }
        guard fits else { return abandon() }
        if !isInline { startLine() }
        return true
    }

    private mutating func writeNumber(_ digits: Text, of term: Term) {
        let start = Int(term.location.offset)
        let isShort = start < source.count && source[start] == UInt8(ascii: ".") && !digits.bytes.isEmpty
        output += isShort ? digits.bytes.dropFirst() : digits.bytes[...]
    }

    private mutating func writeString(_ text: Text, of term: Term) {
        let written = self.text(at: term.location)
        let quote = written.first
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "`")
        let isKept = isQuoted && (placeOverride.map { self.text(at: $0).last == written.last } ?? true)
        guard isKept || quote == UInt8(ascii: "`") else {
            output += SyntaxPrinter.quoted(text)
            return
        }
        output += written
    }

    // MARK: References

    mutating func writeReference(_ parts: [Term]) -> Bool {
        guard let head = parts.first else { return true }
        var parenthesizes = false
        if case .call = head.kind { parenthesizes = startsWithParenthesis(place(of: head)) }
        guard write(head, parenthesizes: parenthesizes) else { return abandon() }
        for part in parts.dropFirst() {
            switch part.kind {
            case .string(let key):
                writeKey(key, isQuoted: text(at: place(of: part)).first == UInt8(ascii: "\""))
            case .variable(let name):
                write("[")
                output += name.isWildcard ? [UInt8(ascii: "_")] : name.bytes
                write("]")
            default:
                write("[")
                if !write(part) { write("\n") }
                write("]")
            }
        }
        return true
    }

    // MARK: Calls

    private mutating func writeInfixOrCall(_ function: Term, _ arguments: [Term], parenthesizes: Bool) -> Bool {
        if let count = InfixOperator.membership(function) {
            guard arguments.count == count else { return noteArity(function) }
            return writeMembership(
                count == 3 ? arguments[0] : nil, arguments[count - 2], arguments[count - 1], parenthesizes: true)
        }
        guard let sign = InfixOperator.sign(of: function) else { return writeCall(function, arguments) }
        guard arguments.count == 2 else { return noteArity(function) }
        if parenthesizes { write("(") }
        guard write(arguments[0], parenthesizes: true) else { return abandon() }
        write(" \(sign) ")
        guard write(arguments[1], parenthesizes: true) else { return abandon() }
        if parenthesizes { write(")") }
        return true
    }

    mutating func writeMembership(_ key: Term?, _ value: Term, _ domain: Term, parenthesizes: Bool) -> Bool {
        let isGroup = parenthesizes && key != nil
        if isGroup { write("(") }
        defer { if isGroup { write(")") } }
        if let key {
            guard write(key, parenthesizes: true) else { return abandon() }
            write(", ")
        }
        guard write(value, parenthesizes: true) else { return abandon() }
        write(" in ")
        guard write(domain, parenthesizes: true) else { return abandon() }
        return true
    }

    mutating func writeCall(_ function: Term, _ arguments: [Term]) -> Bool {
        guard writeReference(function.referenceParts) else { return false }
        write("(")
        defer { write(")") }
        return writeList(
            arguments.map(Element.term), in: place(of: function), closingRow: callClosingRow(function),
            parenthesizesUnions: false) || abandon()
    }

    /// The text of a function ends before its parentheses, so that only an outer place shows where they close.
    private func callClosingRow(_ function: Term) -> Int32 {
        closingRow("(", ")", at: place(of: function))
    }

    // MARK: Template strings

    private mutating func write(_ template: TemplateString, at location: Location) -> Bool {
        write(template.isRaw ? "$`" : "$\"")
        for (index, part) in template.parts.enumerated() {
            switch part {
            case .text(let text):
                writeTemplateText(text, isRaw: template.isRaw)
            case .expression(let statement):
                if let scalar = plainScalar(statement, in: template, index, at: location) {
                    writeScalar(scalar, isRaw: template.isRaw)
                } else if !write(statement, inTemplate: index + 1 < template.parts.count) {
                    return false
                }
            }
        }
        write(template.isRaw ? "`" : "\"")
        return true
    }

    private mutating func writeTemplateText(_ text: Text, isRaw: Bool) {
        var piece = SyntaxWriter()
        piece.writeTemplateText(text, isRaw: isRaw)
        output += piece.bytes
    }

    /// The value of an expression that needs no braces; comments keep them.
    private func plainScalar(
        _ statement: Expression, in template: TemplateString, _ index: Int, at location: Location
    ) -> Term? {
        guard statement.modifiers.isEmpty, case .term(let term) = statement.kind, term.isConstantPart else {
            return nil
        }
        let rows = location.row...max(location.row, endRow(of: location))
        return comments.contains { rows.contains($0.location.row) } ? nil : term
    }

    private mutating func writeScalar(_ term: Term, isRaw: Bool) {
        if case .string(let text) = term.kind {
            writeTemplateText(text, isRaw: isRaw)
        } else {
            write(SyntaxPrinter.text(of: term))
        }
    }

    private mutating func write(_ statement: Expression, inTemplate hasNext: Bool) -> Bool {
        write("{")
        level += 1
        if pendingComment != nil {
            endLine()
            startLine()
        } else {
            let before = takeComments(before: place(of: statement).row)
            if !before.isEmpty {
                write(" ")
                isInline = true
                writeLines(before)
            }
        }
        guard write(statement) else { return false }
        if hasNext {
            let trailing = takeComments(before: closingBraceRow(behind: statement))
            if !trailing.isEmpty {
                endLine()
                writeLines(trailing)
                startLine()
            }
        }
        write("}")
        level -= 1
        return true
    }

    /// The line of the brace behind an expression of a template string.
    private func closingBraceRow(behind statement: Expression) -> Int32 {
        var row = endRow(of: statement.location)
        var index = Int(statement.location.offset + statement.location.length)
        var isComment = false
        while index < source.count, isComment || source[index] != UInt8(ascii: "}") {
            if source[index] == UInt8(ascii: "\n") {
                row += 1
                isComment = false
            } else if source[index] == UInt8(ascii: "#") {
                isComment = true
            }
            index += 1
        }
        return row
    }
}
