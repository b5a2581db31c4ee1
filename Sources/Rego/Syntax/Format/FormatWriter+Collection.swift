// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Lists of terms and comprehensions.
extension FormatWriter {
    /// What a list holds.
    enum Element {
        case term(Term)
        case item(ObjectItem)

        /// The term that decides where it stands.
        var first: Term {
            switch self {
            case .term(let term): term
            case .item(let item): item.key
            }
        }
    }

    mutating func writeCollection(_ term: Term, at location: Location) -> Bool {
        switch term.kind {
        case .array(let terms):
            write("[")
            defer { write("]") }
            return writeList(
                terms.map(Element.term), in: location, closingRow: closingRow("[", "]", at: location),
                parenthesizesUnions: true)
        case .set(let terms):
            guard !terms.isEmpty else {
                write("set()")
                return insertComments(upTo: closingRow("(", ")", at: location))
            }
            write("{")
            defer { write("}") }
            return writeList(
                distinct(terms).map(Element.term), in: location, closingRow: closingRow("{", "}", at: location),
                parenthesizesUnions: true)
        case .object(let items):
            write("{")
            defer { write("}") }
            return writeList(
                distinct(items).map(Element.item), in: location, closingRow: closingRow("{", "}", at: location),
                parenthesizesUnions: true)
        default:
            return true
        }
    }

    /// The terms without those that stand before in the same words.
    private func distinct(_ terms: [Term]) -> [Term] {
        guard terms.count > 1 else { return terms }
        var seen: Set<String> = []
        return terms.filter { seen.insert(SyntaxPrinter.text(of: $0)).inserted }
    }

    /// The members, each key once and with its last value.
    private func distinct(_ items: [ObjectItem]) -> [ObjectItem] {
        guard items.count > 1 else { return items }
        var positions: [String: Int] = [:]
        var result: [ObjectItem] = []
        for item in items {
            let key = SyntaxPrinter.text(of: item.key)
            if let position = positions[key] {
                result[position].value = item.value
            } else {
                positions[key] = result.count
                result.append(item)
            }
        }
        return result
    }

    // MARK: Lists

    /// Prints elements in the lines in which they were written.
    mutating func writeList(
        _ elements: [Element], in whole: Location, closingRow: Int32, parenthesizesUnions: Bool
    ) -> Bool {
        let lines = lines(of: elements, from: whole)
        var isBroken = lines.count > 1
        if lines.count == 1, keepsBreaks {
            if comments.contains(where: { $0.location.row > whole.row && $0.location.row < closingRow }) {
                return false
            }
            if let first = lines[0].first { isBroken = hasLineEnd(before: place(of: first.first), in: whole) }
        }
        if isBroken {
            delaysPendingComment = true
            endLine()
            level += 1
            startLine()
        }
        for (index, line) in lines.enumerated() {
            guard writeLine(line, parenthesizesUnions: parenthesizesUnions) else { return abandon() }
            guard index + 1 < lines.count else { break }
            write(",")
            endLine()
            startLine()
        }
        guard isBroken else { return true }
        write(",")
        endLine()
        guard insertComments(upTo: closingRow) else { return abandon() }
        level -= 1
        startLine()
        return true
    }

    /// The elements in the order of their places, parted where a new line begins.
    private func lines(of elements: [Element], from whole: Location) -> [[Element]] {
        let sorted = elements.enumerated().sorted { left, right in
            let (first, second) = (place(of: left.element.first), place(of: right.element.first))
            return (first.row, first.column, left.offset) < (second.row, second.column, right.offset)
        }
        var lines: [[Element]] = [[]]
        var last = whole.row
        for (index, (_, element)) in sorted.enumerated() {
            let row = place(of: element.first).row
            if row > last, index > 0 { lines.append([]) }
            lines[lines.count - 1].append(element)
            last = row
        }
        return lines
    }

    /// Whether a line ends between the begin of a list and the first occurrence of the text of its first element.
    private func hasLineEnd(before first: Location, in whole: Location) -> Bool {
        let text = text(at: whole)
        let wanted = self.text(at: first)
        guard let byte = wanted.first else { return false }
        var start = text.startIndex
        while let index = text[start...].firstIndex(of: byte) {
            if text[index...].starts(with: wanted) {
                return text[..<index].dropFirst().contains(UInt8(ascii: "\n"))
            }
            start = index + 1
        }
        return false
    }

    private mutating func writeLine(_ elements: [Element], parenthesizesUnions: Bool) -> Bool {
        for (index, element) in elements.enumerated() {
            if index > 0 { write(", ") }
            switch element {
            case .term(let term):
                let isGroup =
                    term.isUnion && (parenthesizesUnions && keepsBreaks || startsWithParenthesis(place(of: term)))
                guard write(term, isGroup: isGroup) else { return index + 1 == elements.count ? false : abandon() }
            case .item(let item):
                guard write(item.key, isGroup: item.key.isUnion) else { return abandon() }
                write(": ")
                guard write(item.value, isGroup: item.value.isUnion) else {
                    return index + 1 == elements.count ? false : abandon()
                }
            }
        }
        return true
    }

    private mutating func write(_ term: Term, isGroup: Bool) -> Bool {
        if isGroup { write("(") }
        defer { if isGroup { write(")") } }
        return write(term)
    }

    // MARK: Comprehensions

    mutating func writeComprehension(_ term: Term, at location: Location) -> Bool {
        switch term.kind {
        case .arrayComprehension(let head, let body):
            write("[")
            defer { write("]") }
            return writeComprehension(head, place(of: head), body, "[", "]", at: location)
        case .setComprehension(let head, let body):
            write("{")
            defer { write("}") }
            return writeComprehension(head, place(of: head), body, "{", "}", at: location)
        case .objectComprehension(let key, let value, let body):
            write("{")
            defer { write("}") }
            guard write(key, isGroup: key.isUnion) else { return abandon() }
            write(": ")
            var valuePlace = place(of: value)
            valuePlace.row = location.row
            var placed = value
            placed.location.row = location.row
            return writeComprehension(placed, valuePlace, body, "{", "}", at: location)
        default:
            return true
        }
    }

    private mutating func writeComprehension(
        _ head: Term, _ headPlace: Location, _ body: Body, _ open: Character, _ close: Character, at location: Location
    ) -> Bool {
        if headPlace.row > location.row {
            endLine()
            startLine()
        }
        var isGroup = false
        if case .call = head.kind { isGroup = head.isUnion || startsWithParenthesis(headPlace) }
        guard write(head, parenthesizes: isGroup) else { return abandon() }
        write(" |")
        return writeInnerBody(body, open, close, behind: headPlace, in: location)
    }
}
