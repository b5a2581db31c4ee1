// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Looks through one direction of a stream, chunk by chunk.
///
/// How to use it:
///
/// - Make one ``LeakMatcher`` for a snapshot of the configuration and share it. Make one scanner for each direction of
///   each request, and give it the bytes that the peer will make sense of: after transfer coding, framing, WebSocket masks
///   and permessage-deflate are undone. A gzip body may be given as it is.
/// - Call ``scan(_:)-([UInt8])`` with each chunk, of any size, and ``finish()`` at the end. Either returns what is new.
///   A finding can come with a later chunk than its first byte: whoever must not let the beginning of a secret out keeps
///   the last ``LeakMatcher/overlap`` bytes back until more has come or the end.
/// - ``isIncomplete`` says that a bound was reached and something was not looked at in every view. It is a fact for the
///   policy, which may deny.
/// - Values that are known as a whole, host names, targets, headers, arguments and messages, have entry points of their
///   own that see more: `inspect…` of ``LeakMatcher``. The host name is to be inspected before it is resolved.
/// - ``LeakAction/standard(for:on:)`` says what to do with a finding where a grant does not.
public struct LeakScanner: Sendable {
    private let matcher: LeakMatcher
    private var text = TextScan()
    private var record: ScanRecord
    private var reported = 0

    /// A scanner at the beginning of a stream.
    public init(_ matcher: LeakMatcher) {
        self.matcher = matcher
        record = ScanRecord(matcher.limits)
    }

    /// Looks at the next bytes and returns what was found with them. Offsets count from the beginning of the stream.
    public mutating func scan(_ bytes: UnsafeRawBufferPointer) -> [LeakFinding] {
        bytes.withMemoryRebound(to: UInt8.self) { text.feed($0, matcher, &record) }
        return takeNew()
    }

    /// Looks at the next bytes and returns what was found with them. Offsets count from the beginning of the stream.
    public mutating func scan(_ bytes: [UInt8]) -> [LeakFinding] {
        bytes.withUnsafeBytes { scan($0) }
    }

    /// Ends the stream and returns what could not be judged before.
    public mutating func finish() -> [LeakFinding] {
        text.finish(matcher, &record)
        return takeNew()
    }

    /// Whether a bound was reached, so that something was not looked at in every view.
    public var isIncomplete: Bool { record.report.isIncomplete }

    /// Everything so far.
    public var report: LeakReport { record.report }

    private mutating func takeNew() -> [LeakFinding] {
        defer { reported = record.report.findings.count }
        return Array(record.report.findings[reported...])
    }
}

extension LeakScanner: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How much was found.
    public var description: String { "LeakScanner(\(record.report.findings.count) findings)" }

    /// The same.
    public var debugDescription: String { description }

    /// Nothing to look into: what is kept of the stream may hold a secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
