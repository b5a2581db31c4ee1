// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One directive: a line of the file with its continuations, in words.
struct SquidLine {
    var number: Int
    var words: [Word]
    var text: String

    /// A word; a quoted one names a file whose lines are the values.
    struct Word: Hashable {
        var text: String
        var isQuoted = false
    }

    /// The directives of a text, comments and empty lines left out.
    static func lines(of text: String) -> [SquidLine] {
        var lines: [SquidLine] = []
        var pending: (number: Int, text: String)?
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let start = pending?.number ?? index + 1
            var joined = (pending?.text ?? "") + (pending == nil ? raw[...] : raw.drop(while: isBlank))
            pending = nil
            if joined.utf8.last == UInt8(ascii: "\\") {
                joined.removeLast()
                pending = (start, joined)
                continue
            }
            append(joined, start, to: &lines)
        }
        if let pending { append(pending.text, pending.number, to: &lines) }
        return lines
    }

    private static func append(_ text: String, _ number: Int, to lines: inout [SquidLine]) {
        let words = words(of: text)
        guard !words.isEmpty else { return }
        let trimmed = String(text.drop(while: isBlank))
        lines.append(SquidLine(number: number, words: words, text: trimmed))
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

    /// Words are separated by blanks; one that starts with `#` starts a comment.
    private static func words(of text: String) -> [Word] {
        var words: [Word] = []
        var rest = text[...]
        while true {
            rest = rest.drop(while: isBlank)
            guard let first = rest.first, first != "#" else { return words }
            if first == "\"" || first == "'" {
                rest = rest.dropFirst()
                let content = rest.prefix { $0 != first }
                rest = rest.dropFirst(content.count).dropFirst()
                words.append(Word(text: String(content), isQuoted: true))
            } else {
                let content = rest.prefix { !isBlank($0) }
                rest = rest.dropFirst(content.count)
                words.append(Word(text: String(content)))
            }
        }
    }
}
