// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
public import Logging

/// Writes each log event as one JSON object on one line, without secrets.
///
/// Members: `time` (RFC 3339, UTC), `level`, `logger`, `message`, then the metadata under their names of ``LogField``.
public struct JSONLineHandler: LogHandler {
    /// Events below it are not written.
    public var logLevel: Logger.Level
    /// Fields of every event of this logger.
    public var metadata: Logger.Metadata = [:]
    /// Fields from the task's context.
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let sink: LogSink
    private let tap: LogTap?
    private let now: @Sendable () -> Int64

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - label: The logger's name.
    ///   - level: Events below it are not written.
    ///   - sink: Where lines go.
    ///   - tap: Where they go besides, once it is open.
    ///   - now: Microseconds since 1970.
    public init(
        label: String, level: Logger.Level, sink: LogSink, tap: LogTap? = nil,
        now: @escaping @Sendable () -> Int64 = Self.systemTime
    ) {
        self.label = label
        self.logLevel = level
        self.sink = sink
        self.tap = tap
        self.now = now
    }

    /// One field of every event of this logger.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one event.
    public func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
        if let given = event.metadata { fields.merge(given) { _, new in new } }
        if let error = event.error { fields[LogField.error] = "\(error)" }
        let time = now()
        let message = Redaction.redact(event.message.description)
        let members = fields.sorted { $0.key < $1.key }
        var line = JSONLine()
        line.add("time", Timestamp.text(microseconds: time))
        line.add("level", event.level.rawValue)
        line.add("logger", label)
        line.add("message", message)
        for (name, value) in members { line.add(name, value) }
        sink.write(line.finished())
        guard let tap, tap.isOpen else { return }
        tap.offer(
            LogLine(
                time: time &* 1000, level: event.level, message: message,
                attributes: [TelemetryAttribute("logger", label)]
                    + members.map { TelemetryAttribute($0.key, JSONLine.text(of: $0.value, field: $0.key)) }))
    }

    /// The machine's clock.
    @Sendable public static func systemTime() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) &* 1_000_000 &+ Int64(now.tv_nsec) / 1000
    }
}
