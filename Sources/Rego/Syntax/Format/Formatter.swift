// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Prints modules in the one layout that `opa fmt` gives them.
public enum Formatter {
    /// The releases of OPA between which the layout changed.
    public enum Edition: Sendable {
        /// Up to 1.15: a list of one element takes one line, and the first `with` stands behind its expression.
        case opa1_9
        /// From 1.16 on: line breaks before a single element and before the first `with` are kept, and so is the place of
        /// comments in them and in `every`.
        case opa1_21
    }

    /// The module in its canonical layout; throws when it does not parse, or shadows or calls what Rego v1 forbids.
    public static func format(
        source: [UInt8], file: Int32, edition: Edition = .opa1_9
    ) throws(Diagnostics) -> [UInt8] {
        let module = try Parser.parseModule(source, file: file, limits: .default, readsAnnotations: false)
        let mistakes = VersionOneCheck.mistakes(in: module)
        guard mistakes.isEmpty else { throw Diagnostics(Array(mistakes.prefix(ParserLimits.default.diagnostics))) }
        var writer = FormatWriter(source: source, module: module, edition: edition)
        writer.write(module)
        guard writer.failures.isEmpty else { throw Diagnostics(writer.failures) }
        return writer.finished
    }
}

/// The state of printing one module.
///
/// Comments are printed when what stands behind them is. A `write` function gives false when it met a comment for which
/// its layout has no place; the term around it is then printed as it was written.
struct FormatWriter {
    let source: [UInt8]
    let features: Module.Features
    /// Whether more line breaks and places of comments are kept.
    let keepsBreaks: Bool
    /// Whether a head of the module needs more than a name and one key.
    let hasReferenceHeads: Bool

    var output: [UInt8] = []
    var level = 0
    /// Whether something was printed in the line.
    var isInline = false
    /// The comment for the end of the line.
    var pendingComment: Comment?
    var delaysPendingComment = false
    /// The comments that were not printed yet, in their order.
    var comments: ArraySlice<Comment> = []
    /// Whether a comment behind a text that is printed as it was written is printed at once.
    var writesCommentOnFinalLine = false
    /// The place that counts for all parts instead of their own.
    var placeOverride: Location?
    /// The statement that stands in parentheses.
    var parenthesizedStatement: Location?
    /// The term that stands in parentheses.
    var parenthesizedTerm: Location?
    /// Why the module cannot be printed.
    var failures: [Diagnostic] = []

    init(source: [UInt8], module: Module, edition: Formatter.Edition) {
        self.source = source
        keepsBreaks = edition == .opa1_21
        features = module.features
        hasReferenceHeads = module.rules.contains { rule in
            let count = rule.head.reference.count
            return count > 2 || (count == 2 && rule.head.key != nil)
        }
    }

    /// The text with one line end at its end.
    var finished: [UInt8] {
        guard output.last == UInt8(ascii: "\n") else { return output }
        var trimmed = output
        while trimmed.last == UInt8(ascii: "\n") { trimmed.removeLast() }
        return trimmed + [UInt8(ascii: "\n")]
    }

    // MARK: Places

    func place(of term: Term) -> Location {
        placeOverride ?? term.location
    }

    func place(of statement: Expression) -> Location {
        placeOverride ?? statement.location
    }

    /// The source text at a place.
    func text(at location: Location) -> ArraySlice<UInt8> {
        let start = max(0, min(Int(location.offset), source.count))
        let end = max(start, min(start + Int(location.length), source.count))
        return source[start..<end]
    }

    /// The line in which a place ends.
    func endRow(of location: Location) -> Int32 {
        location.row + rows(text(at: location))
    }

    func rows(_ text: ArraySlice<UInt8>) -> Int32 {
        Int32(truncatingIfNeeded: text.count { $0 == UInt8(ascii: "\n") })
    }

    /// Whether the text at a place begins with a parenthesis.
    func startsWithParenthesis(_ location: Location) -> Bool {
        text(at: location).first == UInt8(ascii: "(")
    }

    /// The line of the bracket that closes the first opening one at a place; -1 when there is none.
    func closingRow(
        _ open: Character, _ close: Character, at location: Location, after skipped: (Character, Character)? = nil
    ) -> Int32 {
        let text = text(at: location)
        var index = text.startIndex
        var row: Int32 = 0
        if let skipped { (index, row) = closing(skipped.0, skipped.1, in: text, from: index) ?? (text.endIndex, 0) }
        guard let (_, rows) = closing(open, close, in: text, from: index) else { return -1 }
        return location.row + row + rows
    }

    private func closing(
        _ open: Character, _ close: Character, in text: ArraySlice<UInt8>, from start: Int
    ) -> (index: Int, rows: Int32)? {
        guard let open = open.asciiValue, let close = close.asciiValue, start < text.endIndex,
            var index = text[start...].firstIndex(of: open)
        else { return nil }
        var depth = 1
        var rows: Int32 = 0
        while depth > 0 {
            index += 1
            guard index < text.endIndex else { return nil }
            switch text[index] {
            case open: depth += 1
            case close: depth -= 1
            case UInt8(ascii: "\n"): rows += 1
            default: break
            }
        }
        return (index, rows)
    }

    // MARK: Lines

    mutating func write(_ text: String) {
        output += text.utf8
    }

    /// Begins a line, or goes on in one with its indentation.
    mutating func startLine() {
        isInline = true
        output += [UInt8](repeating: UInt8(ascii: "\t"), count: level)
    }

    mutating func endLine() {
        isInline = false
        if let comment = pendingComment, !delaysPendingComment {
            write(" ")
            write(comment)
            pendingComment = nil
        }
        delaysPendingComment = false
        write("\n")
    }

    mutating func writeBlankLine() {
        if isInline { endLine() }
        write("\n")
    }

    // MARK: Comments

    private mutating func write(_ comment: Comment) {
        write("#")
        output += comment.trimmedText
    }

    private mutating func writeLine(_ comment: Comment) {
        if !isInline { startLine() }
        write(comment)
        endLine()
    }

    /// Prints comments in lines of their own.
    mutating func writeLines(_ comments: ArraySlice<Comment>) {
        var isInMetadata = false
        var last: Location?
        for comment in comments {
            if let last {
                let distance = comment.location.row - last.row
                if distance > 1 {
                    writeBlankLine()
                    isInMetadata = false
                } else if distance == 1, keepsBreaks, isInMetadata, comment.isMetadata {
                    writeBlankLine()
                }
            }
            if comment.isMetadata { isInMetadata = true }
            writeLine(comment)
            last = comment.location
        }
    }

    /// Takes the comments that stand in lines before one.
    mutating func takeComments(before row: Int32) -> ArraySlice<Comment> {
        let before = comments.prefix { $0.location.row < row }
        comments = comments.dropFirst(before.count)
        return before
    }

    /// Prints the comments before a line and keeps that in it for the end of the line.
    mutating func insertComments(upTo row: Int32) -> Bool {
        guard let first = comments.first, first.location.row <= row else { return true }
        let before = takeComments(before: row)
        var here: Comment?
        while let next = comments.first, next.location.row == row {
            here = next
            comments.removeFirst()
        }
        writeLines(before)
        if let last = before.last, row - last.location.row > 1 { writeBlankLine() }
        guard let here else { return true }
        guard pendingComment == nil else {
            pendingComment = nil
            return false
        }
        pendingComment = here
        return true
    }

    /// Prints what is left at the end of the module.
    mutating func writeRemainingComments() {
        guard !comments.isEmpty else { return }
        for comment in comments { writeLine(comment) }
        write("\n")
    }

    /// Gives up a layout and the comments that were left for it.
    mutating func abandon() -> Bool {
        comments = []
        return false
    }

    /// Prints the source at a place as it is, and drops the comments in it.
    mutating func writeUnformatted(_ location: Location, _ known: ArraySlice<Comment>) {
        let text = text(at: location)
        output += text
        let lastRow = location.row + rows(text)
        var kept: [Comment] = []
        for comment in known {
            if writesCommentOnFinalLine, comment.location.row == lastRow {
                write(" ")
                output += self.text(at: comment.location)
            } else if comment.location.row >= lastRow {
                kept.append(comment)
            }
        }
        comments = kept[...]
    }
}

extension Comment {
    /// The text without the white space at its end.
    fileprivate var trimmedText: ArraySlice<UInt8> {
        var rest = text.bytes[...]
        while let last = rest.last, last == 0x20 || (last >= 0x09 && last <= 0x0D) { rest.removeLast() }
        return rest
    }
}
