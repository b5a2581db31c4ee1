// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One metric with all its samples at one moment.
public struct MetricFamily: Sendable, Hashable {
    /// What is measured.
    public let name: MetricName
    /// The samples; one without labels where the metric has none.
    public private(set) var samples: [MetricSample] = []

    /// Without a sample.
    public init(_ name: MetricName) { self.name = name }

    /// One sample without labels.
    public init(_ name: MetricName, _ value: Int) {
        self.init(name)
        add([], .number(Int64(value)))
    }

    /// Adds a sample.
    ///
    /// - Parameter labels: The values of the metric's labels, in their order.
    public mutating func add(_ labels: [String], _ value: MetricValue) {
        samples.append(MetricSample(labels: labels, value: value))
    }

    /// Adds a count, unless it is zero: what never happened needs no series.
    public mutating func add(_ labels: [String], _ count: UInt64) {
        if count > 0 { add(labels, .number(Int64(clamping: count))) }
    }

    /// Adds a histogram, unless it has no value.
    public mutating func add(_ labels: [String], _ histogram: DurationHistogram) {
        if histogram.count > 0 { add(labels, .histogram(histogram)) }
    }
}

/// One series of a metric.
public struct MetricSample: Sendable, Hashable {
    /// The values of the labels, in the order of ``MetricName/labels``.
    public let labels: [String]
    /// The value.
    public let value: MetricValue
}

/// What a sample says.
public enum MetricValue: Sendable, Hashable {
    /// A number of things, bytes or whole seconds.
    case number(Int64)
    /// A time, in nanoseconds.
    case time(Int64)
    /// Many times.
    case histogram(DurationHistogram)
}
