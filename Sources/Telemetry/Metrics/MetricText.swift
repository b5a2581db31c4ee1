// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How metrics are written for whoever scrapes them.
public enum MetricFormat: Sendable, CaseIterable {
    /// The Prometheus text exposition format, version 0.0.4.
    case prometheus
    /// OpenMetrics, version 1.0.0.
    case openMetrics

    /// The `Content-Type`.
    public var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// What a client prefers that says this in `Accept`: OpenMetrics where it is named, and not with a quality of zero.
    public init(accept: String?) {
        let ranges = (accept ?? "").lowercased().split(separator: ",")
        let isOpen = ranges.contains { range in
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard parts.first == "application/openmetrics-text" else { return false }
            return !parts.contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
        }
        self = isOpen ? .openMetrics : .prometheus
    }
}

/// Writes metrics as text.
public struct MetricText: Sendable {
    private var bytes: [UInt8] = []
    private let format: MetricFormat

    /// Starts an empty page.
    public init(_ format: MetricFormat = .prometheus) { self.format = format }

    /// A page of these.
    public static func page(_ families: [MetricFamily], _ format: MetricFormat) -> String {
        var text = MetricText(format)
        for family in families { text.add(family) }
        return text.finished()
    }

    /// Adds one metric; nothing is written of one without a sample.
    public mutating func add(_ family: MetricFamily) {
        guard !family.samples.isEmpty else { return }
        let name = family.name
        let title = format == .openMetrics ? name.family : name.rawValue
        append("# HELP \(title) \(name.help)\n# TYPE \(title) \(name.kind.rawValue)\n")
        if format == .openMetrics, name.unit != .none { append("# UNIT \(title) \(name.unit.rawValue)\n") }
        for sample in family.samples {
            switch sample.value {
            case .number(let number): append(name.rawValue, name.labels, sample.labels, nil, "\(number)")
            case .time(let time): append(name.rawValue, name.labels, sample.labels, nil, DecimalText.seconds(time))
            case .histogram(let histogram): append(histogram, name, sample.labels)
            }
        }
    }

    /// The page.
    public consuming func finished() -> String {
        if format == .openMetrics { append("# EOF\n") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func append(_ histogram: DurationHistogram, _ name: MetricName, _ labels: [String]) {
        var total: UInt64 = 0
        for (index, count) in histogram.counts.enumerated() {
            total &+= count
            let bounds = DurationHistogram.bounds
            let bound = index < bounds.count ? DecimalText.seconds(bounds[index]) : "+Inf"
            append(name.rawValue + "_bucket", name.labels, labels, bound, "\(total)")
        }
        let sum = DecimalText.seconds(Int64(clamping: histogram.sum))
        append(name.rawValue + "_sum", name.labels, labels, nil, sum)
        append(name.rawValue + "_count", name.labels, labels, nil, "\(total)")
    }

    private mutating func append(
        _ name: String, _ labels: [MetricLabel], _ values: [String], _ bound: String?, _ number: String
    ) {
        append(name)
        var pairs = zip(labels, values).map { ($0.rawValue, $1) }
        if let bound { pairs.append(("le", bound)) }
        if !pairs.isEmpty {
            append("{")
            for (index, (label, value)) in pairs.enumerated() {
                append((index > 0 ? "," : "") + label + "=\"")
                append(escaped: value)
                append("\"")
            }
            append("}")
        }
        append(" \(number)\n")
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    private mutating func append(escaped text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: bytes += #"\n"#.utf8
            default: bytes.append(byte)
            }
        }
    }
}

/// Times as decimal numbers of seconds, exactly.
enum DecimalText {
    /// Nanoseconds as seconds, such as `0.00025`.
    static func seconds(_ nanoseconds: Int64) -> String {
        let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        var text = (nanoseconds < 0 ? "-" : "") + "\(whole)"
        guard rest > 0 else { return text }
        var digits = Array(String(rest).utf8)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        text += "." + String(repeating: "0", count: 9 - String(rest).utf8.count)
        return text + String(decoding: digits, as: UTF8.self)
    }
}
