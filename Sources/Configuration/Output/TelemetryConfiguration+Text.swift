// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

extension TelemetryConfiguration.Collector {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("url", raw: YAMLScalar.quoted(url.description))
        if !headers.isEmpty {
            writer.section("headers") { writer in
                for (name, value) in headers.sorted(by: { $0.key < $1.key }) { writer.entry(name, value.description) }
            }
        }
        if let authority { writer.entry("ca", authority.description) }
        writer.entry("allow_private", raw: "\(isPrivateAllowed)")
        writer.entry("compression", isCompressed ? "gzip" : "none")
        writer.entry("metrics", raw: "\(hasMetrics)")
        writer.entry("logs", raw: "\(hasLogs)")
        if !attributes.isEmpty {
            writer.section("attributes") { writer in
                for (name, text) in attributes.sorted(by: { $0.key < $1.key }) {
                    writer.entry(name, raw: YAMLScalar.quoted(text))
                }
            }
        }
        writer.section("traces") { writer in
            writer.entry("sample", raw: ShareText.of(perMillion: traces.perMillion))
            writer.entry("context", traces.continuesTraces ? "continue" : "restart")
            writeLimits(TelemetryConfiguration.Traces.fields, traces, &writer)
        }
        writeLimits(Limits.fields, limits, &writer)
    }
}
