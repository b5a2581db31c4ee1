// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird
internal import HummingbirdCore
internal import Identity
internal import Telemetry

/// Decisions, chosen by whatever they are about.
struct DecisionsPage {
    let gate: any GateControl

    private static let names = ["agent", "verdict", "reason", "service", "host", "since", "until", "before"]
    private static let perPage = 100

    func page(_ parameters: PageParameters) async throws -> Page {
        var query = RecordQuery()
        query.kind = "decision"
        query.agent = parameters["agent"]
        query.verdict = parameters["verdict"]
        query.reason = parameters["reason"]
        query.service = parameters["service"]
        query.host = parameters["host"]
        query.since = try parameters.time("since")
        query.until = try parameters.time("until")
        query.before = try parameters.number("before")
        query.limit = Self.perPage
        let records = try await gate.records(query).compactMap(ShownRecord.init).reversed()
        var page = Page(.decisions)
        page.summary = "the newest first; each is explained with what would allow it"
        page.content = """
            <form class="filter card" method="get" action="/decisions" role="search" aria-label="Decisions">
            \(Part.field("agent", label: "Agent", value: parameters["agent"] ?? ""))
            \(Part.choice("verdict", label: "Verdict", [("", "any"), ("allow", "allow"), ("deny", "deny"), ("hold", "hold")], chosen: parameters["verdict"] ?? ""))
            \(Part.field("reason", label: "Reason", value: parameters["reason"] ?? ""))
            \(Part.field("service", label: "Service", value: parameters["service"] ?? ""))
            \(Part.field("host", label: "Host", value: parameters["host"] ?? ""))
            \(Part.field("since", label: "Since (UTC)", value: parameters["since"] ?? "", example: "2026-11-02 10:00"))
            \(Part.field("until", label: "Until (UTC)", value: parameters["until"] ?? "", example: "2026-11-02 10:00"))
            <button class="primary">Show</button></form>
            """
        let rows = records.map { record -> [HTML] in
            let decision = record.text("decision") ?? ""
            return [
                record.moment, Part.verdict(record.text("verdict") ?? ""),
                record.text("agent").map(Part.agent) ?? Part.nothing, record.subject,
                Part.name(record.list("reasons").first ?? ""), record.text("grant").map(Part.name) ?? Part.nothing,
                "<a href=\"/decisions/\(decision)\">Explain</a>",
            ]
        }
        var foot = HTML.none
        if records.count == Self.perPage, let last = records.last {
            foot =
                "<p class=\"pages\"><a rel=\"next\" href=\"/decisions?\(parameters.text(Self.names, replacing: ("before", String(last.index))))\">Older</a></p>"
        }
        page.content += Part.section(
            "list", "Decisions", note: "\(Amount.count(rows.count)) shown",
            Part.table(
                "Decisions", ["Time (UTC)", "Verdict", "Agent", "What", "Reason", "Grant", ""], rows,
                empty: "No decision fits.") + foot)
        return page
    }

    /// One decision, explained.
    func page(of decision: String) async throws -> Page {
        let explanation = try await gate.explain(decision)
        var page = Page(.decisions, title: "Decision \(explanation.decision)")
        let recorded = Dictionary(explanation.recorded.map { ($0.name, $0.value) }) { first, _ in first }
        page.summary = """
            \(Part.verdict(recorded["verdict"] ?? "")) \(recorded["reasons"] ?? "") · record \
            <a href="/audit?index=\(explanation.index)">\(Amount.count(explanation.index))</a>
            """
        if let now = explanation.now {
            let steps = now.steps.map { step -> HTML in
                let look: HTML =
                    step.utf8.starts(with: "no".utf8) ? "bad" : step.utf8.starts(with: "ok".utf8) ? "good" : .none
                return "<li class=\"\(look)\"><bdi>\(step.utf8.count > 4 ? step.dropFirst(4) : step[...])</bdi></li>"
            }
            page.content += Part.section(
                "now", "What the same facts come to now",
                note: "\(Part.verdict(now.verdict)) \(now.reason), revision \(now.revision)",
                """
                \(now.detail.map { "<p>\($0)</p>" } ?? .none)<ol class="steps">\(steps)</ol>
                """)
        }
        if let suggestion = explanation.suggestion {
            page.content += Part.section(
                "suggestion", "What grant would allow it", note: "lines for the configuration",
                "<pre tabindex=\"0\">\(lines: suggestion)</pre>")
        }
        if !explanation.notes.isEmpty {
            let notes = explanation.notes.map { "<li>\($0)</li>" as HTML }
            page.content += Part.section("notes", "Notes", "<ul class=\"plain\">\(notes)</ul>")
        }
        page.content += Part.section(
            "recorded", "What was recorded then",
            Part.list(explanation.recorded.map { ($0.name, Part.name($0.value)) }))
        return page
    }
}

/// The query of a page. Names that stand there twice, and what is longer than it may, are errors.
struct PageParameters {
    private var values: [String: String] = [:]

    init(_ request: Request) throws {
        guard let query = request.uri.query, !query.isEmpty else { return }
        guard query.utf8.count <= 4096, let fields = try? FormFields(parsing: Array(query.utf8)) else {
            throw AdminError(.malformed, "the address is malformed")
        }
        for name in [
            "agent", "verdict", "reason", "service", "host", "since", "until", "before", "kind", "index", "task",
            "state",
        ] {
            values[name] = fields[name]
        }
    }

    subscript(name: String) -> String? { values[name] }

    func number(_ name: String) throws -> UInt64? {
        guard let text = values[name] else { return nil }
        guard let number = UInt64(text), number <= 1 << 52 else { throw AdminError(.malformed, "\(name) is a number") }
        return number
    }

    /// A time in UTC as Unix seconds: a date, perhaps with hours, minutes and seconds.
    func time(_ name: String) throws -> Int64? {
        guard let text = values[name] else { return nil }
        guard let time = CalendarTime.seconds(text) else {
            throw AdminError(.malformed, "\(name) is a time in UTC such as 2026-11-02 or 2026-11-02 10:00")
        }
        return time
    }

    /// The query with one value in the place of another.
    func text(_ names: [String], replacing replaced: (name: String, value: String)) -> String {
        var fields = names.filter { $0 != replaced.name }.compactMap { name in
            values[name].map { (name: name, value: $0) }
        }
        fields.append((replaced.name, replaced.value))
        return FormText.encode(fields)
    }
}

/// Dates that people type.
enum CalendarTime {
    /// Seconds since 1970 of `YYYY-MM-DD`, with ` HH:MM` or ` HH:MM:SS` behind it, in UTC.
    static func seconds(_ text: String) -> Int64? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" }).map { String($0) }
        guard (1...2).contains(parts.count) else { return nil }
        let date = parts[0].split(separator: "-").compactMap { Int64($0) }
        var clock =
            parts.count == 2 ? parts[1].split(separator: ":").compactMap { Int64($0.prefix { $0 != "Z" }) } : [0, 0]
        guard date.count == 3, (2...3).contains(clock.count) else { return nil }
        if clock.count == 2 { clock.append(0) }
        let (year, month, day) = (date[0], date[1], date[2])
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(clock[0]),
            (0...59).contains(clock[1]), (0...59).contains(clock[2])
        else { return nil }
        // Days by eras of 400 years that begin on the first of March.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let yearOfEra = shifted - era * 400
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }
}
