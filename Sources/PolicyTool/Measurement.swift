// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// How long something takes that is done again and again.
public struct Measurement: Sendable {
    /// How long it is measured.
    public struct Options: Sendable {
        /// Nanoseconds of measuring.
        public var nanoseconds: UInt64 = 1_000_000_000
        /// Nanoseconds before, so that caches are warm.
        public var warmUp: UInt64 = 100_000_000
        /// The most repetitions.
        public var most = 1_000_000

        /// The defaults.
        public init() {}
    }

    /// The repetitions' nanoseconds in ascending order.
    public let samples: [UInt64]

    /// Measures.
    public init(_ options: Options = Options(), _ body: () -> Void) {
        let warm = Clock.monotonic() &+ options.warmUp
        while Clock.monotonic() < warm { body() }
        var samples: [UInt64] = []
        samples.reserveCapacity(options.most)
        var last = Clock.monotonic()
        let end = last &+ options.nanoseconds
        while last < end && samples.count < options.most {
            body()
            let now = Clock.monotonic()
            samples.append(now &- last)
            last = Clock.monotonic()
        }
        self.samples = samples.sorted()
    }

    /// The sum of all repetitions.
    public var total: UInt64 { samples.reduce(0, &+) }

    /// Nanoseconds that a share of the repetitions does not exceed, such as 0.5 for the median.
    public func quantile(_ share: Double) -> Double {
        guard !samples.isEmpty else { return 0 }
        let position = share * Double(samples.count + 1)
        if position < 1 { return Double(samples[0]) }
        if position >= Double(samples.count) { return Double(samples[samples.count - 1]) }
        let below = Int(position)
        let fraction = position - Double(below)
        return Double(samples[below - 1]) + fraction * (Double(samples[below]) - Double(samples[below - 1]))
    }

    /// The mean in nanoseconds.
    public var mean: Double { samples.isEmpty ? 0 : Double(total) / Double(samples.count) }

    /// The standard deviation in nanoseconds.
    public var deviation: Double {
        guard !samples.isEmpty else { return 0 }
        let mean = mean
        return (samples.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(samples.count))
            .squareRoot()
    }

    /// The names and values that OPA reports.
    private var figures: [(String, Double)] {
        let quantiles: [(String, Double)] = [
            ("75%", 0.75), ("90%", 0.9), ("95%", 0.95), ("99%", 0.99), ("99.9%", 0.999), ("99.99%", 0.9999),
        ]
        let prefix = "histogram_timer_rego_query_eval_ns_"
        var figures = quantiles.map { (prefix + $0.0, quantile($0.1)) }
        figures += [
            (prefix + "count", Double(samples.count)), (prefix + "max", Double(samples.last ?? 0)),
            (prefix + "mean", mean), (prefix + "median", quantile(0.5)), (prefix + "min", Double(samples.first ?? 0)),
            (prefix + "stddev", deviation),
        ]
        return figures
    }

    /// The measurement as OPA's JSON shows it, without the counts of memory, which are not measured here.
    public var json: SyntaxValue {
        .fields([
            ("N", .integer(samples.count)), ("T", .integer(total)),
            ("Extra", .fields(figures.map { ($0.0, Measurement.number($0.1)) })),
        ])
    }

    /// The measurement as a table.
    public var pretty: String {
        var rows = [["samples", "\(samples.count)"], ["ns/op", Measurement.text(mean)]]
        rows += figures.map { [$0.0, Measurement.text($0.1)] }
        let left = rows.map { $0[0].count }.max() ?? 0
        let right = rows.map { $0[1].count }.max() ?? 0
        let rule =
            "+" + String(repeating: "-", count: left + 2) + "+" + String(repeating: "-", count: right + 2) + "+\n"
        return rule
            + rows.map { row in
                "| \(row[0])\(String(repeating: " ", count: left - row[0].count)) | "
                    + "\(String(repeating: " ", count: right - row[1].count))\(row[1]) |\n"
            }.joined() + rule
    }

    /// Mean and quantiles in one line.
    public var line: String {
        "\(Measurement.text(mean)) ns/op\t\(Measurement.text(quantile(0.5))) median-ns/op\t"
            + "\(Measurement.text(quantile(0.99))) 99%-ns/op"
    }

    /// The line that Go's tools for benchmarks read.
    public func goBench(name: String) -> String {
        "Benchmark\(name)\t\(samples.count)\t\(Measurement.text(mean)) ns/op\n"
    }

    private static func number(_ value: Double) -> SyntaxValue {
        .number(Text(text(value)))
    }

    private static func text(_ value: Double) -> String {
        if value == value.rounded(), value.magnitude < 1e15 { return "\(Int64(value))" }
        let hundredths = Int64((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
