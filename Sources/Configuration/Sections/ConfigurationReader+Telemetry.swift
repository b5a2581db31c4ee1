// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    private static let mostHeaders = 16

    /// Reads `telemetry`.
    func readTelemetry(_ value: Value) -> TelemetryConfiguration {
        var telemetry = TelemetryConfiguration()
        guard var section = value.mapping("telemetry") else { return telemetry }
        telemetry.otlp = section.value("otlp").flatMap { readCollector($0) }
        section.finish()
        return telemetry
    }

    private func readCollector(_ value: Value) -> TelemetryConfiguration.Collector? {
        guard var section = value.mapping("otlp") else { return nil }
        let url = section.required("url").flatMap { readCollectorURL($0) }
        let headers = section.value("headers").map { readHeaders($0) }
        let authority = section.value("ca").flatMap { secret($0, filesOnly: true) }
        let isPrivateAllowed = section.value("allow_private")?.bool()
        let isCompressed = section.value("compression")?.word(Self.compressions)
        let metrics = section.value("metrics")?.bool()
        let logs = section.value("logs")?.bool()
        let attributes = section.value("attributes").map { readLabels($0) }
        let traces = section.value("traces").map { readTraces($0) }
        let limits = readLimits(
            &section, TelemetryConfiguration.Collector.Limits(), TelemetryConfiguration.Collector.Limits.fields)
        section.finish()
        guard let url else { return nil }
        var collector = TelemetryConfiguration.Collector(url: url)
        collector.limits = limits
        collector.headers = headers ?? [:]
        collector.authority = authority
        collector.isPrivateAllowed = isPrivateAllowed ?? false
        collector.isCompressed = isCompressed ?? true
        collector.hasMetrics = metrics ?? true
        collector.hasLogs = logs ?? false
        collector.attributes = attributes ?? [:]
        collector.traces = traces ?? collector.traces
        return collector
    }

    private static var compressions: KeyValuePairs<String, Bool> { ["gzip": true, "none": false] }

    private static var contexts: KeyValuePairs<String, Bool> { ["continue": true, "restart": false] }

    private func readCollectorURL(_ value: Value) -> CollectorURL? {
        let expected = "a URL of https, or of http and a loopback address, such as http://127.0.0.1:4318"
        guard let text = value.text(expected) else { return nil }
        guard let url = CollectorURL(text) else {
            value.error("\(expected) is expected here, without query and user name")
            return nil
        }
        return url
    }

    private func readHeaders(_ value: Value) -> [String: SecretReference] {
        guard var section = value.mapping("headers") else { return [:] }
        if section.count > Self.mostHeaders { value.error("there are at most \(Self.mostHeaders) headers") }
        var headers: [String: SecretReference] = [:]
        for entry in section.all() {
            guard isToken(entry.name, bytes: 64), !Self.ownHeaders.contains(entry.name.lowercased()) else {
                context.error(
                    entry.place, "a header has the name of an HTTP field that the gate does not write by itself")
                continue
            }
            if let secret = secret(entry.value) { headers[entry.name.lowercased()] = secret }
        }
        return headers
    }

    private static let ownHeaders: Set<String> = [
        "accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect",
        "host", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
    ]

    private func readTraces(_ value: Value) -> TelemetryConfiguration.Traces {
        var traces = TelemetryConfiguration.Traces()
        guard var section = value.mapping("traces") else { return traces }
        let sample = section.required("sample").flatMap { readShare($0) }
        let continues = section.value("context")?.word(Self.contexts)
        traces = readLimits(&section, traces, TelemetryConfiguration.Traces.fields)
        section.finish()
        traces.perMillion = sample ?? 0
        traces.continuesTraces = continues ?? true
        return traces
    }
}
