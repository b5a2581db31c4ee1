// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

extension QueryEvaluation {
    /// The forms of output of `yett policy eval`.
    public enum Format: String, CaseIterable, Sendable {
        case json
        case values
        case bindings
        case pretty
        case raw
        case source
        case discard
    }

    /// The answers in a form.
    public func text(_ format: Format) -> String {
        switch format {
        case .json: return json.jsonText() + "\n"
        case .discard:
            return SyntaxValue.fields(answers.isEmpty ? [] : [("result", .text("discarded"))]).jsonText() + "\n"
        case .values: return answers.map { SyntaxValue.array($0.values).jsonText() + "\n" }.joined()
        case .bindings: return answers.map { $0.bindingsJSON.jsonText() + "\n" }.joined()
        case .raw:
            return answers.map { answer in answer.values.map(\.rawText).joined(separator: " ") + "\n" }.joined()
        case .pretty, .source: return prettyText
        }
    }

    private var json: SyntaxValue {
        var fields: [(String, SyntaxValue)] = []
        if !answers.isEmpty { fields.append(("result", .array(answers.map(\.json)))) }
        if let coverage { fields.append(("coverage", coverage.json)) }
        return .fields(fields)
    }

    private var prettyText: String {
        guard let first = answers.first else { return "undefined\n" }
        if answers.count == 1, first.bindings.isEmpty,
            first.values.count == 1 || first.values.allSatisfy({ $0.isBoolean }), let value = first.values.first
        {
            return value.jsonText() + "\n"
        }
        var titles = first.bindings.map(\.name)
        let shown = first.expressions.indices.filter { !first.expressions[$0].value.isBoolean }
        titles += shown.map { first.expressions[$0].text }
        guard !titles.isEmpty else { return "" }
        let rows = answers.map { answer in
            (answer.bindings.map(\.value) + shown.map { answer.expressions[$0].value }).map { $0.cellText }
        }
        return PrettyTable.text(titles: titles, rows: rows)
    }
}

extension QueryEvaluation.Answer {
    var values: [SyntaxValue] { expressions.map(\.value) }

    var bindingsJSON: SyntaxValue { .fields(bindings.map { ($0.name, $0.value) }) }

    var json: SyntaxValue {
        var fields: [(String, SyntaxValue)] = [
            (
                "expressions",
                .array(
                    expressions.map { expression in
                        .fields([
                            ("value", expression.value), ("text", .text(expression.text)),
                            (
                                "location",
                                .fields([("row", .integer(expression.row)), ("col", .integer(expression.column))])
                            ),
                        ])
                    })
            )
        ]
        if !bindings.isEmpty { fields.append(("bindings", bindingsJSON)) }
        return .fields(fields)
    }
}

extension SyntaxValue {
    var isBoolean: Bool {
        if case .boolean = self { true } else { false }
    }

    /// The text of a string as it is, and JSON for everything else.
    var rawText: String {
        if case .string(let text) = self { text.string } else { jsonText(indent: nil) }
    }

    /// The text of a cell of a table, cut where it is too wide.
    var cellText: String {
        let text = jsonText(indent: nil)
        return text.count > 80 ? "\(text.prefix(80))..." : text
    }
}

/// A table with lines around its cells.
enum PrettyTable {
    static func text(titles: [String], rows: [[String]]) -> String {
        let widths = titles.indices.map { column in
            rows.reduce(titles[column].count) { max($0, $1.indices.contains(column) ? $1[column].count : 0) }
        }
        let rule = "+" + widths.map { String(repeating: "-", count: $0 + 2) + "+" }.joined() + "\n"
        func line(_ cells: [String], centred: Bool) -> String {
            var text = "|"
            for (cell, width) in zip(cells, widths) {
                let space = max(0, width - cell.count)
                let before = centred ? space / 2 : 0
                text += String(repeating: " ", count: before + 1) + cell
                text += String(repeating: " ", count: space - before + 1) + "|"
            }
            return text + "\n"
        }
        return rule + line(titles, centred: true) + rule + rows.map { line($0, centred: false) }.joined() + rule
    }
}
