// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Metrics as the body of a request to `/v1/metrics`.
public enum OTLPMetrics {
    /// `AGGREGATION_TEMPORALITY_CUMULATIVE`: values count from the start of the gate.
    private static let cumulative = 2

    /// Encodes all metrics of one moment.
    ///
    /// - Parameters:
    ///   - start: When the gate started, in nanoseconds since 1970.
    ///   - time: The moment, in nanoseconds since 1970.
    public static func encode(
        _ families: [MetricFamily], from source: TelemetrySource, start: Int64, time: Int64
    ) -> [UInt8] {
        OTLPWriter.request("resourceMetrics", "scopeMetrics", from: source) { writer in
            writer.member("metrics") { writer in
                writer.array(families.filter { !$0.samples.isEmpty }) { writer, family in
                    writer.object { write(family, start, time, &$0) }
                }
            }
        }
    }

    /// How many points the metrics have.
    public static func points(of families: [MetricFamily]) -> Int { families.reduce(0) { $0 + $1.samples.count } }

    private static func write(_ family: MetricFamily, _ start: Int64, _ time: Int64, _ writer: inout OTLPWriter) {
        let name = family.name
        writer.member("name", text: name.otlpName)
        writer.member("description", text: name.help)
        if name.unit != .none { writer.member("unit", text: name.unit.code) }
        let points = { (writer: inout OTLPWriter) in
            writer.member("dataPoints") { writer in
                writer.array(family.samples) { writer, sample in
                    writer.object { write(sample, of: name, start, time, &$0) }
                }
            }
        }
        switch name.kind {
        case .gauge: writer.member("gauge") { $0.object(points) }
        case .counter:
            writer.member("sum") { writer in
                writer.object { writer in
                    points(&writer)
                    writer.member("aggregationTemporality", small: cumulative)
                    writer.member("isMonotonic", flag: true)
                }
            }
        case .histogram:
            writer.member("histogram") { writer in
                writer.object { writer in
                    points(&writer)
                    writer.member("aggregationTemporality", small: cumulative)
                }
            }
        }
    }

    private static func write(
        _ sample: MetricSample, of name: MetricName, _ start: Int64, _ time: Int64, _ writer: inout OTLPWriter
    ) {
        writer.attributes(zip(name.labels, sample.labels).map { TelemetryAttribute($0.rawValue, $1) })
        writer.member("startTimeUnixNano", large: start)
        writer.member("timeUnixNano", large: time)
        switch sample.value {
        case .number(let number): writer.member("asInt", large: number)
        case .time(let time): writer.member("asDouble", seconds: time)
        case .histogram(let histogram):
            writer.member("count", large: histogram.count)
            writer.member("sum", seconds: Int64(clamping: histogram.sum))
            writer.member("bucketCounts") { writer in
                writer.array(histogram.counts) { writer, count in writer.append("\"\(count)\"") }
            }
            writer.member("explicitBounds") { writer in
                writer.array(DurationHistogram.bounds) { writer, bound in writer.append(DecimalText.seconds(bound)) }
            }
        }
    }
}
