// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Rows of text in aligned columns.
struct Table {
    /// Where the text of a column stands.
    enum Alignment {
        case left
        case right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

    mutating func add(_ row: [String]) { rows.append(row.map(Terminal.safe)) }

    /// The lines with a heading, each ended by a line feed.
    var text: String {
        let widths = columns.indices.map { column in
            rows.reduce(columns[column].title.count) { max($0, column < $1.count ? $1[column].count : 0) }
        }
        let heading = line(columns.map(\.title), widths)
        return (Terminal.isColourful ? "\u{1b}[1m\(heading)\u{1b}[0m" : heading) + "\n"
            + rows.map { line($0, widths) + "\n" }.joined()
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in row.enumerated() where column < columns.count {
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            if column > 0 { line += "  " }
            line += columns[column].alignment == .right ? padding + cell : cell + padding
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Names and values below one another, the values aligned.
struct FactSheet {
    private var entries: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        entries.append((name, Terminal.safe(value)))
    }

    /// The lines, each ended by a line feed.
    var text: String {
        let width = entries.map(\.name.count).max() ?? 0
        return entries.map { entry in
            entry.name + String(repeating: " ", count: width - entry.name.count + 2) + entry.value + "\n"
        }.joined()
    }
}
