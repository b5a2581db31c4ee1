// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Protocols
import Telemetry
import Testing

/// What is written about the metrics, beside what they are.
@Suite struct TelemetryDocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The names of metrics in a query, without what histograms append.
    private static func names(in query: String) -> [String] {
        let isPart: (UInt8) -> Bool = { $0 == UInt8(ascii: "_") || $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 }
        return query.utf8.split { !isPart($0) }.map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.hasPrefix("yett_") }
            .map { $0.hasSuffix("_bucket") ? String($0.dropLast("_bucket".count)) : $0 }
    }

    @Test("the dashboard for Grafana asks for metrics and labels that there are")
    func dashboard() throws {
        let dashboard = try JSONValue(parsing: Array(try Self.text("share/grafana/yett.json").utf8))
        let panels = try #require(dashboard["panels"]?.array)
        var asked: Set<String> = []
        for panel in panels {
            for target in panel["targets"]?.array ?? [] {
                let query = try #require(target["expr"]?.string)
                let names = Self.names(in: query)
                #expect(!names.isEmpty, "\(query)")
                asked.formUnion(names)
                let metrics = names.compactMap { MetricName(rawValue: $0) }
                #expect(metrics.count == names.count, "\(query)")
                let known = Set(metrics.flatMap { $0.labels.map(\.rawValue) } + ["instance", "le"])
                #expect(Self.labels(in: query).isSubset(of: known), "\(query)")
            }
        }
        #expect(asked.count > 20)
    }

    /// The labels that a query groups by or selects.
    private static func labels(in query: String) -> Set<String> {
        var labels: Set<String> = []
        for part in query.components(separatedBy: "by (").dropFirst() {
            labels.formUnion(part.prefix { $0 != ")" }.split(separator: ",").map { $0.filter { $0 != " " } })
        }
        for part in query.components(separatedBy: "{").dropFirst() {
            for selector in part.prefix(while: { $0 != "}" }).split(separator: ",") {
                labels.insert(String(selector.prefix { $0 != "=" && $0 != "!" }))
            }
        }
        return labels
    }

    @Test("the table of names is what the code says")
    func table() throws {
        let document = try Self.text("docs/telemetry.md")
        let rows = MetricName.allCases.map { metric in
            let labels = metric.labels.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            return "| `\(metric.rawValue)` | \(labels) | \(metric.help) |"
        }
        let table = rows.joined(separator: "\n").replacingOccurrences(of: "|  |", with: "| – |")
        #expect(document.contains(table), "\(table)")
    }
}
