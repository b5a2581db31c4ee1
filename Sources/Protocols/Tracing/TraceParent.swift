// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What `traceparent` says: in which trace a request is, and whose span it belongs to (W3C Trace Context, section 3.2).
public struct TraceParent: Hashable, Sendable, CustomStringConvertible {
    /// The trace.
    public let trace: TraceID
    /// The span of whoever sent the request.
    public let parent: SpanID
    /// Whether the sender may have recorded its span.
    public let isSampled: Bool

    private static let length = 55
    /// A future version may be longer; nothing that is any longer than this is one.
    private static let longest = 512

    /// What the gate says of a span of its own.
    public init(trace: TraceID, parent: SpanID, isSampled: Bool) {
        self.trace = trace
        self.parent = parent
        self.isSampled = isSampled
    }

    /// Reads a field's value: two digits of the version, the trace, the parent and two digits of flags, joined by `-`.
    ///
    /// Of a version that is not known as much is read as is known; version `ff` does not exist.
    public init?(parsing bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.length, bytes.count <= Self.longest,
            [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
            let version = Self.number(bytes, 0..<2), version != 0xFF,
            let high = Self.number(bytes, 3..<19), let low = Self.number(bytes, 19..<35),
            let parent = Self.number(bytes, 36..<52).flatMap({ SpanID($0) }), let trace = TraceID(high: high, low: low),
            let flags = Self.number(bytes, 53..<55)
        else { return nil }
        if bytes.count > Self.length {
            guard version > 0, bytes[Self.length] == UInt8(ascii: "-") else { return nil }
        }
        self.init(trace: trace, parent: parent, isSampled: flags & 1 == 1)
    }

    /// Reads a text.
    public init?(_ text: String) {
        var text = text
        let parsed = text.withUTF8 { TraceParent(parsing: UnsafeRawBufferPointer($0)) }
        guard let parsed else { return nil }
        self = parsed
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64? {
        TraceDigits.number(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

    /// The value of the field, in version `00`.
    public var description: String { "00-\(trace)-\(parent)-\(isSampled ? "01" : "00")" }
}
