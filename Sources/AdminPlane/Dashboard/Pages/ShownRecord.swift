// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Telemetry

/// A record of the audit tree as pages read it.
struct ShownRecord {
    let index: UInt64
    private let record: AuditRecord

    /// Reads a record; `nil` when it is not understood.
    init?(_ line: RecordLine) {
        guard let record = AuditRecord(Array(line.json.utf8)) else { return nil }
        index = line.index
        self.record = record
    }

    func text(_ name: String) -> String? { record.text(name) }
    func number(_ name: String) -> Int64? { record.number(name) }
    func list(_ name: String) -> [String] { record.list(name) }

    /// Microseconds since 1970.
    var time: Int64 { number("time_us") ?? 0 }

    /// When, to the second.
    var moment: HTML {
        let text = Timestamp.text(microseconds: time)
        return "<time datetime=\"\(text)\">\(Amount.moment(text))</time>"
    }

    /// What it is about, in one line.
    var subject: HTML {
        let target = [text("service"), text("host").map { host in number("port").map { "\(host):\($0)" } ?? host }]
            .compactMap { $0 }.first
        let what = [text("method"), text("operation"), text("tool"), text("path")].compactMap { $0 }
        return HTML([target.map { Part.name($0) + " " } ?? .none, Part.name(what.joined(separator: " "))])
    }

    /// Every member with its value.
    var members: [(name: String, value: HTML)] {
        record.members.map { member in
            switch member.value {
            case .text(let text): (member.name, Part.name(text))
            case .number(let number):
                (member.name, member.name == "time_us" ? moment : "\(String(number))")
            case .list(let texts): (member.name, "\(texts.joined(separator: ", "))")
            }
        }
    }

    /// A link to the record alone.
    var link: HTML { "<a href=\"/audit?index=\(index)\">\(Amount.count(index))</a>" }
}

extension HTML {
    /// One after the other.
    static func + (left: HTML, right: HTML) -> HTML { HTML([left, right]) }
}
