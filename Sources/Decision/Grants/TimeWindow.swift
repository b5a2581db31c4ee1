// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The hours of the week in which a grant applies.
///
/// Times are those of a clock with a fixed distance from UTC; there is no daylight saving time, so that a window means
/// the same on every machine. A window whose end lies before its start goes over midnight and belongs to the day on
/// which it starts.
public struct TimeWindow: Sendable, Hashable, CustomStringConvertible {
    /// The days on which the window starts.
    public let days: Set<Day>
    /// The first minute, counted from midnight: 0 to 1439.
    public let from: Int
    /// The first minute after the window: 1 to 1440.
    public let to: Int
    /// How far the clock is ahead of UTC, in minutes: -1439 to 1439.
    public let offsetMinutes: Int

    /// The days of the week, Monday first.
    public enum Day: Int, Sendable, Hashable, CaseIterable, CustomStringConvertible {
        /// Monday.
        case mon
        /// Tuesday.
        case tue
        /// Wednesday.
        case wed
        /// Thursday.
        case thu
        /// Friday.
        case fri
        /// Saturday.
        case sat
        /// Sunday.
        case sun

        /// The name in the configuration.
        public var description: String { ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][rawValue] }
    }

    /// Makes a window.
    ///
    /// - Returns: `nil` when no day is given, a number is out of its range, or start and end are the same.
    public init?(days: Set<Day>, from: Int, to: Int, offsetMinutes: Int = 0) {
        guard !days.isEmpty, (0..<1440).contains(from), (1...1440).contains(to), from != to,
            (-1439...1439).contains(offsetMinutes)
        else { return nil }
        self.days = days
        self.from = from
        self.to = to
        self.offsetMinutes = offsetMinutes
    }

    /// Whether the window is open at a time given in Unix seconds.
    public func contains(_ time: Int64) -> Bool {
        let (local, overflow) = time.addingReportingOverflow(Int64(offsetMinutes) * 60)
        guard !overflow else { return false }
        let (quotient, remainder) = local.quotientAndRemainder(dividingBy: 86_400)
        let day = remainder < 0 ? quotient - 1 : quotient
        let minute = Int((remainder < 0 ? remainder + 86_400 : remainder) / 60)
        // 1970-01-01 was a Thursday.
        let weekday = Int(((day % 7) + 7 + 3) % 7)
        guard let today = Day(rawValue: weekday), let yesterday = Day(rawValue: (weekday + 6) % 7) else { return false }
        if from < to { return days.contains(today) && minute >= from && minute < to }
        return days.contains(today) && minute >= from || days.contains(yesterday) && minute < to
    }

    /// The window in words, for example `mon tue 08:00-18:00 +02:00`.
    public var description: String {
        let names = Day.allCases.filter(days.contains).map(\.description).joined(separator: " ")
        let sign = offsetMinutes < 0 ? "-" : "+"
        return "\(names) \(Self.clock(from))-\(Self.clock(to)) \(sign)\(Self.clock(abs(offsetMinutes)))"
    }

    /// Minutes as hours and minutes, for example `08:00`.
    public static func clock(_ minutes: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
