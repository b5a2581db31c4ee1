// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Rules, their heads and their `else` branches.
extension FormatWriter {
    /// What differs between the parts of a rule that each have a body.
    private struct Branch {
        var body: Body
        /// Where head and body stand.
        var location: Location
        /// Where the head ends.
        var headEndRow: Int32
        /// Whether nothing but the head is printed.
        var isConstant: Bool
        /// The branches behind it.
        var others: ArraySlice<ElseBranch>
        var isElse: Bool
    }

    mutating func write(_ rule: Rule) -> Bool {
        startLine()
        if rule.isDefault { write("default ") }
        let isConstant = rule.body.isTrueConstant && rule.elseBranches.isEmpty
        writesCommentOnFinalLine = isConstant
        let isChained = text(at: rule.head.location).first == UInt8(ascii: "{")
        let outer = placeOverride
        if isChained { placeOverride = rule.head.location }
        let fits = writeHead(of: rule, isConstant: isConstant)
        placeOverride = outer
        let branch = Branch(
            body: rule.body, location: rule.location, headEndRow: headEndRow(rule.head.location),
            isConstant: isConstant, others: rule.elseBranches[...], isElse: false)
        return writeBody(of: branch, in: rule, headFits: fits)
    }

    private mutating func writeBody(of branch: Branch, in rule: Rule, headFits: Bool) -> Bool {
        guard let first = branch.body.first, !branch.isConstant else {
            endLine()
            return true
        }
        writesCommentOnFinalLine = true
        write(" if")
        if branch.body.count == 1, place(of: first).row == branch.headEndRow, !first.isSetTerm {
            write(" ")
            guard write(first) else { return abandon() }
            endLine()
            return writeElse(behind: branch, in: rule)
        }
        if !headFits, !comments.isEmpty {
            write(" { ")
        } else {
            write(" {")
            endLine()
        }
        if !branch.isElse { markLeadingUnion(of: first) }
        level += 1
        _ = write(branch.body)
        guard insertComments(upTo: closingRow(of: branch, in: rule)) else { return abandon() }
        level -= 1
        startLine()
        write("}")
        return writeElse(behind: branch, in: rule)
    }

    private func closingRow(of branch: Branch, in rule: Rule) -> Int32 {
        if branch.isElse { return closingRow("{", "}", at: branch.location, after: rule.hasKey ? ("[", "]") : nil) }
        if rule.head.arguments != nil { return closingRow("{", "}", at: branch.location, after: ("(", ")")) }
        return closingRow("{", "}", at: branch.location, after: rule.hasKey ? ("[", "]") : nil)
    }

    /// The line in which the body must begin to stay there.
    private func headEndRow(_ location: Location) -> Int32 {
        keepsBreaks ? endRow(of: location) : location.row
    }

    // MARK: else

    private mutating func writeElse(behind branch: Branch, in rule: Rule) -> Bool {
        guard let next = branch.others.first else { return true }
        let wasInline = isInline(next, behind: branch)
        let hasCommentAbove =
            (comments.first.map { $0.location.row < next.location.row } ?? false) || pendingComment != nil
        if !hasCommentAbove, wasInline {
            write(" ")
        } else {
            writeBlankLine()
            startLine()
        }
        guard insertComments(upTo: next.location.row) else { return abandon() }
        if hasCommentAbove, !wasInline { startLine() }
        return write(next, others: branch.others.dropFirst(), in: rule)
    }

    /// Whether something else stood before `else` in its line.
    private func isInline(_ next: ElseBranch, behind branch: Branch) -> Bool {
        guard next.location.row > branch.location.row else { return false }
        let before = source[..<max(0, min(Int(next.location.offset), source.count))]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return before[lineStart...].contains { $0 != 0x20 && ($0 < 0x09 || $0 > 0x0D) }
    }

    private mutating func write(_ next: ElseBranch, others: ArraySlice<ElseBranch>, in rule: Rule) -> Bool {
        let isConstant = next.body.isTrueConstant && others.isEmpty
        writesCommentOnFinalLine = isConstant
        var head = next.location
        head.length = 4
        if let value = next.value { head.length = max(4, value.location.offset + value.location.length - head.offset) }
        write("else")
        var fits = true
        let value = next.value ?? Term(.boolean(true), at: head)
        if isConstant || !value.isTrue {
            write(" := ")
            fits = writeElseValue(value, at: head)
        }
        var branch = Branch(
            body: next.body, location: next.location, headEndRow: headEndRow(head), isConstant: isConstant,
            others: others, isElse: true)
        branch.location = wholeElse(next, others)
        let outer = placeOverride
        if !isBraced(next, behind: head) { placeOverride = branch.location }
        defer { placeOverride = outer }
        return writeBody(of: branch, in: rule, headFits: fits)
    }

    /// The value of a branch takes the place of its head.
    private mutating func writeElseValue(_ value: Term, at head: Location) -> Bool {
        var placed = value
        if case .string = value.kind {} else { placed.location = head }
        return write(placed)
    }

    /// A branch with all that are behind it.
    private func wholeElse(_ next: ElseBranch, _ others: ArraySlice<ElseBranch>) -> Location {
        var location = next.location
        if let last = others.last { location.length = last.location.offset + last.location.length - location.offset }
        return location
    }

    /// Whether the body of a branch stands in braces.
    private func isBraced(_ branch: ElseBranch, behind head: Location) -> Bool {
        guard let first = branch.body.first else { return true }
        let start = Int(head.offset + head.length)
        let end = Int(first.location.offset)
        guard start <= end, end <= source.count else { return true }
        return source[start..<end].contains(UInt8(ascii: "{"))
    }

    // MARK: Heads

    private mutating func writeHead(of rule: Rule, isConstant: Bool) -> Bool {
        let head = rule.head
        let parts = head.reference
        if hasReferenceHeads || parts.count == 1 {
            guard writeReference(parts) else { return abandon() }
        } else if parts.count == 2 {
            if let first = comments.first, first.location.row == place(of: parts[1]).row {
                writeUnformatted(head.location, comments)
                return true
            }
            write(SyntaxPrinter.text(of: parts[0]))
            write("[\(SyntaxPrinter.text(of: parts[1]))]")
        }
        if let arguments = head.arguments {
            write("(")
            let row = closingRow("(", ")", at: head.location)
            let fits = writeList(
                arguments.map(Element.term), in: head.location, closingRow: row, parenthesizesUnions: false)
            write(")")
            guard fits else { return false }
        }
        if let key = head.key {
            write(" contains ")
            return write(key)
        }
        return writeValue(of: rule, isConstant: isConstant)
    }

    private mutating func writeValue(of rule: Rule, isConstant: Bool) -> Bool {
        guard let value = rule.head.value else {
            guard isConstant, !rule.isFact else { return true }
            write(" := true")
            return true
        }
        guard rule.hasKey || !value.isTrue || isConstant || rule.isDefault else { return true }
        write(" := ")
        return write(value)
    }
}

extension Rule {
    /// Whether the head is one with a key: `p contains k`, `p[k]`.
    fileprivate var hasKey: Bool {
        if head.key != nil { return true }
        guard head.reference.count == 2, head.arguments == nil, !isDefault else { return false }
        if body.isEmpty { return head.value != nil }
        let part = head.reference[1]
        if case .reference = part.kind { return true }
        return !part.isGround
    }

    /// Whether it is a function that has neither value nor body.
    fileprivate var isFact: Bool {
        head.arguments != nil && body.isEmpty && head.value == nil
    }
}

extension Body {
    /// Whether it is `true`, or nothing was written.
    fileprivate var isTrueConstant: Bool {
        guard let first else { return true }
        guard count == 1, !first.isNegated, first.modifiers.isEmpty, case .term(let term) = first.kind else {
            return false
        }
        return term.isTrue
    }
}

extension Term {
    /// Whether it is `true`.
    fileprivate var isTrue: Bool {
        if case .boolean(true) = kind { true } else { false }
    }
}
