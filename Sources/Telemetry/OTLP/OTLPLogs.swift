// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Logging

/// One event of the gate's log, without secrets.
public struct LogLine: Sendable, Hashable {
    /// When, in nanoseconds since 1970.
    public let time: Int64
    /// How severe.
    public let level: Logger.Level
    /// What happened, in words.
    public let message: String
    /// The logger and the fields.
    public let attributes: [TelemetryAttribute]

    /// Describes an event; whoever does has taken secrets out.
    public init(time: Int64, level: Logger.Level, message: String, attributes: [TelemetryAttribute] = []) {
        self.time = time
        self.level = level
        self.message = message
        self.attributes = attributes
    }
}

/// Log lines as the body of a request to `/v1/logs`.
public enum OTLPLogs {
    /// Encodes lines.
    public static func encode(_ lines: [LogLine], from source: TelemetrySource) -> [UInt8] {
        OTLPWriter.request("resourceLogs", "scopeLogs", from: source) { writer in
            writer.member("logRecords") { writer in
                writer.array(lines) { writer, line in writer.object { write(line, &$0) } }
            }
        }
    }

    private static func write(_ line: LogLine, _ writer: inout OTLPWriter) {
        writer.member("timeUnixNano", large: line.time)
        writer.member("observedTimeUnixNano", large: line.time)
        writer.member("severityNumber", small: severity(of: line.level))
        writer.member("severityText", text: line.level.rawValue)
        writer.member("body") { $0.object { $0.member("stringValue", text: line.message) } }
        writer.attributes(line.attributes)
    }

    /// The smallest number of each of OTLP's ranges; `notice` is the second step of `INFO`.
    private static func severity(of level: Logger.Level) -> Int {
        switch level {
        case .trace: 1
        case .debug: 5
        case .info: 9
        case .notice: 10
        case .warning: 13
        case .error: 17
        case .critical: 21
        }
    }
}
