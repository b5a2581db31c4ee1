// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes metrics in the Prometheus text exposition format, version 0.0.4.
public struct MetricText: Sendable {
    /// The text so far.
    public private(set) var text = ""

    /// Starts an empty page.
    public init() {}

    /// Adds one metric without labels.
    public mutating func add(_ name: MetricName, _ value: Int) {
        text +=
            "# HELP \(name.rawValue) \(name.help)\n# TYPE \(name.rawValue) \(name.kind)\n\(name.rawValue) \(value)\n"
    }
}
