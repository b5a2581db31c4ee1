// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
public import Rego

extension PolicyReplay.Report {
    /// Whether any decision would fall otherwise.
    public var hasChanges: Bool { !newlyAllowed.isEmpty || !newlyDenied.isEmpty }

    /// The report for people.
    public var pretty: String {
        var text = ""
        for (title, changes) in [("newly allowed", newlyAllowed), ("newly denied", newlyDenied)] {
            text += "\(title): \(changes.count)\n"
            for change in changes { text += change.pretty }
        }
        text += "unchanged: \(unchanged)\n"
        for (cause, count) in unjudged.sorted(by: { $0.key < $1.key }) { text += "not judged: \(count), \(cause)\n" }
        for (member, count) in missing.sorted(by: { $0.key < $1.key }) {
            text += "note: \(count) records do not hold \(member), which the policy reads; it was taken to be absent\n"
        }
        return text
    }

    /// The report for programs.
    public var json: SyntaxValue {
        .fields([
            ("newly_allowed", .array(newlyAllowed.map(\.json))), ("newly_denied", .array(newlyDenied.map(\.json))),
            ("unchanged", .integer(unchanged)),
            ("not_judged", .fields(unjudged.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
            ("not_recorded", .fields(missing.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
        ])
    }
}

extension PolicyReplay.Change {
    fileprivate var pretty: String {
        let was = decision.record.list("reasons").joined(separator: ", ")
        let agent = decision.agent ?? "-"
        var text = "  \(decision.index) \(agent) \(decision.target)\n"
        text += "      was \(decision.record.text("verdict") ?? "?") (\(was)), would be \(verdict)"
        text += reasons.isEmpty ? "\n" : ": \(reasons.joined(separator: "; "))\n"
        if !missing.isEmpty { text += "      the record does not hold \(missing.joined(separator: ", "))\n" }
        return text
    }

    fileprivate var json: SyntaxValue {
        .fields([
            ("index", .integer(decision.index)), ("decision", .text(decision.record.text("decision") ?? "")),
            ("agent", .text(decision.agent ?? "")), ("target", .text(decision.target)),
            ("was", .text(decision.record.text("verdict") ?? "")),
            ("was_reasons", .array(decision.record.list("reasons").map { .text($0) })),
            ("would_be", .text(verdict)), ("reasons", .array(reasons.map { .text($0) })),
            ("not_recorded", .array(missing.map { .text($0) })),
        ])
    }
}
