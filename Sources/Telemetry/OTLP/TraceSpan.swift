// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// Something that took time, in a trace.
public struct TraceSpan: Sendable, Hashable {
    /// Which side of a request it is.
    public enum Side: Int, Sendable {
        /// The gate answers somebody.
        case server = 2
        /// The gate asks somebody.
        case client = 3
    }

    /// The trace.
    public var trace: TraceID
    /// The span.
    public var id: SpanID
    /// The span that it is a part of.
    public var parent: SpanID?
    /// Which side of a request it is.
    public var side: Side
    /// What was done, of few values.
    public var name: String
    /// When it began, in nanoseconds since 1970.
    public var start: Int64
    /// When it ended, in nanoseconds since 1970.
    public var end: Int64
    /// What is known of it.
    public var attributes: [TelemetryAttribute] = []
    /// What went wrong, in a word; nil when nothing did.
    public var problem: String?

    /// Describes a span without attributes.
    public init(
        trace: TraceID, id: SpanID, parent: SpanID?, side: Side, name: String, start: Int64, end: Int64
    ) {
        self.trace = trace
        self.id = id
        self.parent = parent
        self.side = side
        self.name = name
        self.start = start
        self.end = end
    }
}

/// Spans as the body of a request to `/v1/traces`.
public enum OTLPTraces {
    /// `STATUS_CODE_ERROR`.
    private static let error = 2
    /// The flags of a sampled span (W3C Trace Context).
    private static let sampled = 1

    /// Encodes spans.
    public static func encode(_ spans: [TraceSpan], from source: TelemetrySource) -> [UInt8] {
        OTLPWriter.request("resourceSpans", "scopeSpans", from: source) { writer in
            writer.member("spans") { writer in
                writer.array(spans) { writer, span in writer.object { write(span, &$0) } }
            }
        }
    }

    private static func write(_ span: TraceSpan, _ writer: inout OTLPWriter) {
        writer.member("traceId", text: span.trace.description)
        writer.member("spanId", text: span.id.description)
        if let parent = span.parent { writer.member("parentSpanId", text: parent.description) }
        writer.member("flags", small: sampled)
        writer.member("name", text: span.name)
        writer.member("kind", small: span.side.rawValue)
        writer.member("startTimeUnixNano", large: span.start)
        writer.member("endTimeUnixNano", large: max(span.start, span.end))
        writer.attributes(span.attributes)
        if let problem = span.problem {
            writer.member("status") { writer in
                writer.object { writer in
                    writer.member("message", text: problem)
                    writer.member("code", small: error)
                }
            }
        }
    }
}
