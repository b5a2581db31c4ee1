// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree

/// Runs of generated code, from their records.
struct SandboxPage {
    let gate: any GateControl

    func page() async throws -> Page {
        var query = RecordQuery()
        query.service = "sandbox"
        query.limit = 200
        let records = try await gate.records(query).compactMap(ShownRecord.init).reversed()
        var page = Page(.sandbox)
        page.summary = "generated code that agents had run"
        page.content = Part.section(
            "runs", "Runs", note: "the newest first",
            Part.table(
                "Runs", ["Time (UTC)", "Record", "Agent", "What", "Verdict", "Why", "#Out"],
                records.map { record in
                    [
                        record.moment, record.link, record.text("agent").map(Part.agent) ?? Part.nothing,
                        Part.name([record.text("kind"), record.text("tool")].compactMap { $0 }.joined(separator: " ")),
                        record.text("verdict").map(Part.verdict) ?? Part.nothing,
                        Part.name(record.text("detail") ?? record.text("cause") ?? record.list("reasons").first ?? ""),
                        record.number("bytes_down").map { "\(Amount.bytes($0))" } ?? Part.nothing,
                    ]
                }, empty: "No code was run."))
        return page
    }
}

/// The audit tree: its head, its records, proofs.
struct AuditPage {
    let gate: any GateControl

    private static let names = ["agent", "kind", "service", "task", "since", "until", "before"]
    private static let kinds = [""] + AuditKind.allCases.map(\.rawValue)
    private static let perPage = 100

    func page(_ parameters: PageParameters) async throws -> Page {
        if let index = try parameters.number("index") { return try await page(of: index) }
        let audit = try await gate.status().audit
        var query = RecordQuery()
        query.agent = parameters["agent"]
        query.kind = parameters["kind"]
        query.service = parameters["service"]
        query.task = parameters["task"]
        query.since = try parameters.time("since")
        query.until = try parameters.time("until")
        query.before = try parameters.number("before")
        query.limit = Self.perPage
        let records = try await gate.records(query).compactMap(ShownRecord.init).reversed()
        var page = Page(.audit)
        page.summary = "\(Amount.count(audit.records, "record"))"
        page.content = Part.section("head", "The tree", await head(audit))
        page.content += """
            <form class="filter card" method="get" action="/audit" role="search" aria-label="Records">
            \(Part.choice("kind", label: "Kind", Self.kinds.map { ($0, $0.isEmpty ? "any" : $0) }, chosen: parameters["kind"] ?? ""))
            \(Part.field("agent", label: "Agent", value: parameters["agent"] ?? ""))
            \(Part.field("service", label: "Service", value: parameters["service"] ?? ""))
            \(Part.field("task", label: "Task", value: parameters["task"] ?? ""))
            \(Part.field("since", label: "Since (UTC)", value: parameters["since"] ?? "", example: "2026-11-02 10:00"))
            \(Part.field("until", label: "Until (UTC)", value: parameters["until"] ?? "", example: "2026-11-02 10:00"))
            <button class="primary">Show</button></form>
            """
        var foot = HTML.none
        if records.count == Self.perPage, let last = records.last {
            foot =
                "<p class=\"pages\"><a rel=\"next\" href=\"/audit?\(parameters.text(Self.names, replacing: ("before", String(last.index))))\">Older</a></p>"
        }
        page.content += Part.section(
            "records", "Records", note: "the newest first",
            Part.table(
                "Records", ["#Index", "Time (UTC)", "Kind", "Agent", "What", "By", "Detail"],
                records.map { record in
                    [
                        record.link, record.moment,
                        "\(record.text("kind") ?? "") \(record.text("verdict").map(Part.verdict) ?? .none)",
                        record.text("agent").map(Part.agent) ?? Part.nothing, record.subject,
                        Part.name(record.text("source") ?? ""),
                        Part.name(record.text("detail") ?? record.text("cause") ?? record.list("reasons").first ?? ""),
                    ]
                }, empty: "No record fits.") + foot)
        return page
    }

    /// One record with its proof.
    private func page(of index: UInt64) async throws -> Page {
        var query = RecordQuery()
        query.before = index + 1
        query.limit = 1
        guard let line = try await gate.records(query).first, line.index == index, let record = ShownRecord(line) else {
            throw AdminError(.unknown, "there is no record \(index)")
        }
        var page = Page(.audit, title: "Record \(Amount.count(index))")
        page.summary = "\(record.text("kind") ?? "") · \(record.moment)"
        var links = HTML.none
        if let decision = record.text("decision") {
            links = " · <a href=\"/decisions/\(decision)\">explain the decision</a>"
        }
        let evidence = record.list("evidence").compactMap { UInt64($0) }
            .map { "<a href=\"/audit?index=\($0)\">\(Amount.count($0))</a> " as HTML }
        if !evidence.isEmpty { links += " · evidence: \(evidence)" }
        page.content = Part.section(
            "record", "What it says",
            Part.list(record.members)
                + "<p><a href=\"/audit/proofs/\(index)\" download>Download the proof</a>\(links)</p>")
        if let proof = try? await gate.proof(of: index) {
            page.content += Part.section(
                "proof", "Its proof", note: "check it: yett audit check-proof",
                "<pre tabindex=\"0\">\(lines: proof)</pre>")
        }
        return page
    }

    private func head(_ audit: StatusReport.Audit) async -> HTML {
        var facts: [(name: String, value: HTML)] = [
            ("origin", Part.name(audit.origin)), ("records", "\(Amount.count(audit.records))"),
            (
                "writes",
                Part.badge(
                    audit.isAvailable ? "recording" : "failing: everything is denied",
                    audit.isAvailable ? "good" : "bad")
            ),
            ("recorded means", "\(audit.durability == "disk" ? "on the disk" : "handed to the system")"),
            ("directory", Part.name(audit.directory)),
            ("verify", "<code>yett audit verify --directory \(audit.directory)</code>"),
        ]
        // The proof of the last record ends with the checkpoint: origin, size, root hash.
        if audit.records > 0, let proof = try? await gate.proof(of: audit.records - 1) {
            let lines = proof.split(separator: "\n", omittingEmptySubsequences: false)
            if let start = lines.firstIndex(where: { $0.utf8.elementsEqual(audit.origin.utf8) }),
                start + 2 < lines.count
            {
                facts.insert(("root hash", "<code>\(lines[start + 2])</code>"), at: 2)
            }
        }
        return Part.list(facts)
    }
}
