// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Telemetry

/// Records as lines for a person.
enum RecordTable {
    /// One record on one line: index, time, kind, who, what it came to, to where, why, decision.
    static func line(_ line: RecordLine) -> String {
        cells(line).enumerated().map { column, cell in
            let text = Terminal.safe(cell)
            return text + String(repeating: " ", count: max(0, widths[column] - text.count))
        }.joined(separator: " ").trimmedEnd
    }

    /// All members of one record below one another.
    static func sheet(_ line: RecordLine) -> String {
        var sheet = FactSheet()
        sheet.add("index", String(line.index))
        for (name, value) in line.record?.members ?? [] {
            switch value {
            case .text(let text): sheet.add(name, text)
            case .number(let number):
                sheet.add(name, name == "time_us" ? Timestamp.text(microseconds: number) : String(number))
            case .list(let texts): sheet.add(name, texts.joined(separator: ", "))
            }
        }
        return sheet.text
    }

    private static let widths = [8, 24, 15, 16, 6, 32, 0, 0]

    private static func cells(_ line: RecordLine) -> [String] {
        guard let record = line.record else {
            return [String(line.index), "-", "unreadable", "-", "-", line.json, "", ""]
        }
        let time = record.number("time_us").map { Timestamp.text(microseconds: $0).prefix(23) + "Z" } ?? "-"
        var target = record.text("host") ?? record.text("service") ?? "-"
        if let port = record.number("port") { target += ":\(port)" }
        if let path = record.text("path") { target += path }
        if let operation = record.text("operation") ?? record.text("method") { target = "\(operation) \(target)" }
        return [
            String(line.index), time, record.text("kind") ?? "-", AgentName.short(record.text("agent") ?? "-"),
            record.text("verdict") ?? "-", target,
            (record.list("reasons") + [record.text("cause"), record.text("detail")].compactMap { $0 })
                .joined(separator: "; "),
            record.text("decision") ?? record.text("connection") ?? "",
        ]
    }
}

extension String {
    /// The text without spaces at its end.
    var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
