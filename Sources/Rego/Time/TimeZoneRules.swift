// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Synchronization

/// When a time zone has which distance to UTC.
public final class TimeZoneRules: Sendable {
    /// What holds from one change to the next.
    public struct Period: Hashable, Sendable {
        /// Seconds to add to UTC.
        public let offset: Int
        /// The abbreviation, as `CET`.
        public let name: [UInt8]
    }

    struct Change: Sendable {
        /// Seconds since 1970 from which it holds.
        let start: Int64
        let period: Period
    }

    private let initial: Period
    private let changes: [Change]
    /// What holds after the last change.
    private let rule: YearlyRule?

    init(initial: Period, changes: [Change], rule: YearlyRule?) {
        self.initial = initial
        self.changes = changes
        self.rule = rule
    }

    /// UTC.
    public static let utc = TimeZoneRules(initial: Period(offset: 0, name: Array("UTC".utf8)), changes: [], rule: nil)

    /// What holds at a time.
    func period(at seconds: Int64) -> Period {
        span(at: seconds).period
    }

    /// The seconds since 1970 of a date and time of day here; a time that is left out or comes twice is taken by the
    /// distance to UTC that holds near it.
    func seconds(of civil: CivilTime) -> Int64 {
        let local = civil.seconds
        var (period, start, end) = span(at: local)
        if period.offset != 0 {
            let guess = local &- Int64(period.offset)
            if guess < start || guess >= end { (period, start, end) = span(at: guess) }
        }
        return local &- Int64(period.offset)
    }

    private func span(at seconds: Int64) -> (period: Period, start: Int64, end: Int64) {
        guard let first = changes.first, seconds >= first.start else {
            if changes.isEmpty, let rule { return rule.span(at: seconds) }
            return (initial, .min, changes.first?.start ?? .max)
        }
        var low = 0
        var high = changes.count
        while high &- low > 1 {
            let middle = (low &+ high) / 2
            if changes[middle].start <= seconds { low = middle } else { high = middle }
        }
        if low == changes.count &- 1, let rule { return rule.span(at: seconds) }
        return (changes[low].period, changes[low].start, low &+ 1 < changes.count ? changes[low &+ 1].start : .max)
    }
}

/// The time zones that policies may name.
public enum TimeZones {
    /// Gives the rules of a name as `Europe/Berlin`, nil if there is no such zone.
    public typealias Source = @Sendable (_ name: String) -> TimeZoneRules?

    private struct State {
        var source: Source?
        var known: [Text: TimeZoneRules] = [:]
        /// Names that the source did not know; forgotten when there are many.
        var unknown: Set<Text> = []
    }

    private static let state = Mutex(State())
    /// More names than there are zones.
    private static let limit = 2048

    /// Sets where zones come from; without it there is UTC alone.
    public static func use(_ source: @escaping Source) {
        state.withLock { $0 = State(source: source) }
    }

    static func named(_ name: Value) throws(BuiltinFailure) -> TimeZoneRules {
        let bytes = name.utf8
        if bytes.isEmpty || bytes.elementsEqual("UTC".utf8) || bytes.elementsEqual("Local".utf8) { return .utc }
        guard TimeZones.isPlain(bytes) else { throw .value("time: invalid location name") }
        let text = name.text
        let zone: TimeZoneRules? = state.withLock { state in
            if let zone = state.known[text] { return zone }
            if state.unknown.contains(text) { return nil }
            guard let zone = state.source?(text.string) else {
                if state.unknown.count >= limit { state.unknown = [] }
                state.unknown.insert(text)
                return nil
            }
            if state.known.count < limit { state.known[text] = zone }
            return zone
        }
        guard let zone else { throw .value("unknown time zone \(text.string)") }
        return zone
    }

    /// Names become paths below the directory of zones, so they must not lead out of it.
    private static func isPlain(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        var dots = 0
        for byte in name {
            dots = byte == UInt8(ascii: ".") ? dots &+ 1 : 0
            if dots > 1 || byte == UInt8(ascii: "\\") || byte == 0 { return false }
        }
        return name.count <= 255 && name.first != UInt8(ascii: "/")
    }
}
