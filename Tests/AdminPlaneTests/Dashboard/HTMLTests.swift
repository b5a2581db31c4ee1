// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import AdminPlane

/// What pages are made of.
@Suite struct HTMLTests {
    @Test(
        "escapes by scalar, and shows what would hide",
        arguments: [
            ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"), ("\"\u{301}", "&quot;\u{301}"), ("<\u{338}", "&lt;\u{338}"),
            ("a\u{0}b\r\nc", "a\\u{0}b\\u{d}\\u{a}c"), ("\u{202e}x\u{feff}", "\\u{202e}x\\u{feff}"),
            ("\u{e0041}\u{200b}\u{2028}", "\\u{e0041}\\u{200b}\\u{2028}"), ("\u{a0}\u{3164}", "\\u{a0}\\u{3164}"),
            ("žluť 東京", "žluť 東京"),
        ])
    func escaping(given: String, shown: String) {
        #expect(Shown.text(given).unicodeScalars.elementsEqual(shown.unicodeScalars), "\(Shown.text(given))")
        let html: HTML = "<i title=\"\(given)\">"
        #expect(html.text.utf8.elementsEqual("<i title=\"\(shown)\">".utf8))
    }

    @Test("shortens names of agents and nothing else")
    func names() {
        #expect(AgentName.short("spiffe://gate.test/agent/support-bot") == "support-bot")
        #expect(AgentName.short("spiffe://gate.test/agent/team/bot") == "team/bot")
        for name in ["support-bot", "spiffe://gate.test/gate", "a/agent/b", "", "://agent"] {
            #expect(AgentName.short(name) == name)
        }
        #expect(FragmentName.text("a b\"<é") == "a-b----")
    }

    @Test("writes numbers and reads times as people do")
    func numbers() {
        #expect(Amount.bytes(0) == "0 B" && Amount.bytes(1023) == "1023 B" && Amount.bytes(1536) == "1.5 KiB")
        #expect(Amount.bytes(.max) == "8191.9 PiB" && Amount.bytes(-1) == "0 B")
        #expect(Amount.count(999) == "999" && Amount.count(12_400) == "12,400" && Amount.count(-1_000) == "-1,000")
        #expect(Amount.count(1, "connection") == "1 connection" && Amount.count(2, "task") == "2 tasks")
        #expect(Amount.time(seconds: 3_700) == "1h 1m" && Amount.time(seconds: -5) == "0s")
        #expect(CalendarTime.seconds("1970-01-01") == 0)
        #expect(CalendarTime.seconds("2026-11-02 10:04:05") == 1_793_613_845)
        #expect(CalendarTime.seconds("2024-02-29T12:00Z") == 1_709_208_000)
        for text in ["", "2026", "2026-00-01", "2026-01-01 25:00", "x", "2026-01-01 1 2", "99999999999999999999-01-01"]
        {
            #expect(CalendarTime.seconds(text) == nil, "\(text)")
        }
    }

    @Test("has one table of routes, with a description of each")
    func description() throws {
        #expect(Set(APIOperation.all.map(\.id)).count == APIOperation.all.count)
        let text = String(decoding: OpenAPIDocument.bytes, as: UTF8.self)
        for operation in APIOperation.all { #expect(text.contains("\"\(operation.path)\""), "\(operation.path)") }
        for (name, _) in APISchemas.objects { #expect(text.contains("#/components/schemas/\(name)\""), "\(name)") }
        for reference in text.split(separator: "#/components/schemas/").dropFirst() {
            let name = reference.prefix { $0 != "\"" }
            let isKnown =
                name == "RecordKind" || APISchemas.objects.contains { $0.name == name }
                || APISchemas.others.contains { $0.name == name }
            #expect(isKnown, "\(name)")
        }
    }
}
