// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Telemetry
import Testing

@Suite struct MetricTextTests {
    @Test("writes help, type and value of each metric")
    func page() {
        let page = MetricText.page([MetricFamily(.auditRecords, 12), MetricFamily(.liveConnections, 3)], .prometheus)
        #expect(
            page == """
                # HELP yett_audit_records_total Records in the audit tree.
                # TYPE yett_audit_records_total counter
                yett_audit_records_total 12
                # HELP yett_live_connections Connections that are open now.
                # TYPE yett_live_connections gauge
                yett_live_connections 3

                """)
    }

    @Test("writes OpenMetrics with its names of families, units and its end")
    func openMetrics() {
        var bytes = MetricFamily(.carriedBytes)
        bytes.add(["egress", "up"], 7 as UInt64)
        let page = MetricText.page([bytes, MetricFamily(.liveConnections)], .openMetrics)
        #expect(
            page == """
                # HELP yett_carried_bytes \(MetricName.carriedBytes.help)
                # TYPE yett_carried_bytes counter
                # UNIT yett_carried_bytes bytes
                yett_carried_bytes_total{plane="egress",direction="up"} 7
                # EOF

                """)
    }

    @Test("writes histograms as buckets that add up")
    func histogram() {
        var histogram = DurationHistogram()
        for time: Int64 in [-5, 10_000, 10_001, 61_000_000_000] { histogram.record(time) }
        var family = MetricFamily(.decisionDuration)
        family.add(["egress"], histogram)
        let lines = MetricText.page([family], .prometheus).split(separator: "\n")
        #expect(lines.contains(#"yett_decision_duration_seconds_bucket{plane="egress",le="0.00001"} 2"#))
        #expect(lines.contains(#"yett_decision_duration_seconds_bucket{plane="egress",le="0.000025"} 3"#))
        #expect(lines.contains(#"yett_decision_duration_seconds_bucket{plane="egress",le="60"} 3"#))
        #expect(lines.contains(#"yett_decision_duration_seconds_bucket{plane="egress",le="+Inf"} 4"#))
        #expect(lines.contains(#"yett_decision_duration_seconds_sum{plane="egress"} 61.000020001"#))
        #expect(lines.contains(#"yett_decision_duration_seconds_count{plane="egress"} 4"#))
    }

    @Test("escapes what a label's value could break out with")
    func escapes() {
        var family = MetricFamily(.agentDecisions)
        family.add(["a\"} 1\nyett_up 1 \\", "allow"], 1 as UInt64)
        let page = MetricText.page([family], .prometheus)
        #expect(page.contains(#"{agent="a\"} 1\nyett_up 1 \\",verdict="allow"} 1"#))
        #expect(page.split(separator: "\n").count == 3)
    }

    @Test("names metrics as Prometheus wants them", arguments: MetricName.allCases)
    func names(metric: MetricName) {
        #expect(metric.rawValue.hasPrefix("yett_"))
        #expect(metric.rawValue.allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "_") })
        #expect(!metric.help.isEmpty)
        #expect(metric.otlpName.hasPrefix("yett.") && !metric.otlpName.hasSuffix("_"))
        #expect(Set(metric.labels).count == metric.labels.count)
        #expect(metric.kind != .histogram || metric.unit == .seconds)
    }

    @Test("gives each metric a name of its own in OTLP and OpenMetrics")
    func distinct() {
        #expect(Set(MetricName.allCases.map(\.otlpName)).count == MetricName.allCases.count)
        #expect(Set(MetricName.allCases.map(\.family)).count == MetricName.allCases.count)
    }

    @Test(
        "writes what the scraper asks for",
        arguments: [
            (nil, MetricFormat.prometheus), ("", .prometheus), ("text/plain", .prometheus), ("*/*", .prometheus),
            ("application/openmetrics-text", .openMetrics),
            ("application/openmetrics-text; version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics),
            ("text/plain, Application/OpenMetrics-Text ; q=0.9", .openMetrics),
            ("application/openmetrics-text; q=0, text/plain", .prometheus),
            ("application/openmetrics-text-x", .prometheus),
        ] as [(String?, MetricFormat)])
    func accept(field: String?, format: MetricFormat) { #expect(MetricFormat(accept: field) == format) }
}
