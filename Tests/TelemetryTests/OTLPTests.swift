// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Logging
import Protocols
import Telemetry
import Testing

@Suite struct OTLPTests {
    private static let source = TelemetrySource(name: "yett", version: "1.2", instance: "i")

    private static func parse(_ bytes: [UInt8]) throws -> JSONValue { try JSONValue(parsing: bytes) }

    @Test("encodes spans with ids in lower hexadecimal digits and times as texts")
    func spans() throws {
        let trace = try #require(TraceID(high: 0x0AF7, low: 0xCD))
        var span = TraceSpan(
            trace: trace, id: try #require(SpanID(0xB7)), parent: SpanID(0xFF), side: .client, name: "tools/call",
            start: 1_700_000_000_000_000_000, end: 1_700_000_000_000_000_500)
        span.attributes = [
            TelemetryAttribute("a", "say \"hi\"\n\u{0}"), TelemetryAttribute("b", 7),
            TelemetryAttribute("c", flag: true),
        ]
        span.problem = "upstream_timeout"
        let request = try Self.parse(OTLPTraces.encode([span, span], from: Self.source))
        let resource = try #require(request["resourceSpans"]?[0])
        #expect(resource["resource"]?["attributes"]?[0]?["key"]?.string == "service.name")
        #expect(resource["scopeSpans"]?[0]?["scope"]?["version"]?.string == "1.2")
        let spans = try #require(resource["scopeSpans"]?[0]?["spans"])
        let first = try #require(spans[0])
        #expect(spans[1] == first)
        #expect(spans[2] == nil)
        #expect(first["traceId"]?.string == "0000000000000af700000000000000cd")
        #expect(first["spanId"]?.string == "00000000000000b7")
        #expect(first["parentSpanId"]?.string == "00000000000000ff")
        #expect(first["kind"]?.integer == 3)
        #expect(first["startTimeUnixNano"]?.string == "1700000000000000000")
        #expect(first["endTimeUnixNano"]?.string == "1700000000000000500")
        #expect(first["attributes"]?[0]?["value"]?["stringValue"]?.string == "say \"hi\"\n\u{0}")
        #expect(first["attributes"]?[1]?["value"]?["intValue"]?.string == "7")
        #expect(first["attributes"]?[2]?["value"]?["boolValue"] == .bool(true))
        #expect(first["status"]?["code"]?.integer == 2)
    }

    @Test("encodes counters, gauges and histograms")
    func metrics() throws {
        var histogram = DurationHistogram()
        histogram.record(2_000_000)
        var duration = MetricFamily(.upstreamDuration)
        duration.add(["service"], histogram)
        var uptime = MetricFamily(.uptime)
        uptime.add([], .time(1_500_000_000))
        let families = [MetricFamily(.auditRecords, 3), uptime, duration, MetricFamily(.alarms)]
        #expect(OTLPMetrics.points(of: families) == 3)
        let request = try Self.parse(OTLPMetrics.encode(families, from: Self.source, start: 1, time: 2))
        let metrics = try #require(request["resourceMetrics"]?[0]?["scopeMetrics"]?[0]?["metrics"])
        #expect(metrics[0]?["name"]?.string == "yett.audit_records")
        #expect(metrics[0]?["sum"]?["isMonotonic"] == .bool(true))
        #expect(metrics[0]?["sum"]?["aggregationTemporality"]?.integer == 2)
        #expect(metrics[0]?["sum"]?["dataPoints"]?[0]?["asInt"]?.string == "3")
        #expect(metrics[1]?["name"]?.string == "yett.uptime")
        #expect(metrics[1]?["unit"]?.string == "s")
        #expect(metrics[1]?["gauge"]?["dataPoints"]?[0]?["timeUnixNano"]?.string == "2")
        let point = try #require(metrics[2]?["histogram"]?["dataPoints"]?[0])
        #expect(point["count"]?.string == "1")
        #expect(point["bucketCounts"]?[DurationHistogram.bounds.count]?.string == "0")
        #expect(point["explicitBounds"]?[DurationHistogram.bounds.count] == nil)
        #expect(metrics[3] == nil)
    }

    @Test("encodes log lines with their severity")
    func logs() throws {
        let line = LogLine(
            time: 5, level: .warning, message: "it is late", attributes: [TelemetryAttribute("agent", "a")])
        let request = try Self.parse(OTLPLogs.encode([line], from: Self.source))
        let record = try #require(request["resourceLogs"]?[0]?["scopeLogs"]?[0]?["logRecords"]?[0])
        #expect(record["severityNumber"]?.integer == 13)
        #expect(record["severityText"]?.string == "warning")
        #expect(record["body"]?["stringValue"]?.string == "it is late")
        #expect(record["attributes"]?[0]?["key"]?.string == "agent")
    }

    @Test("cuts texts that are too long, and stays valid")
    func long() throws {
        let attribute = TelemetryAttribute("a", String(repeating: "é", count: 2000))
        guard case .text(let text) = attribute.value else { return }
        #expect(text.utf8.count <= TelemetryAttribute.longestText + 2)
        let line = LogLine(time: 5, level: .info, message: "m", attributes: [attribute])
        _ = try Self.parse(OTLPLogs.encode([line], from: Self.source))
    }
}
