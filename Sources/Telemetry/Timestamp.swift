// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A time of day as text.
public enum Timestamp {
    /// Microseconds since 1970 as RFC 3339 in UTC, for example `2026-11-02T10:04:05.000250Z`.
    public static func text(microseconds: Int64) -> String {
        var (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        if fraction < 0 {
            fraction += 1_000_000
            seconds -= 1
        }
        return date(seconds: seconds) + "." + padded(fraction, to: 6) + "Z"
    }

    /// Seconds since 1970 as RFC 3339 in UTC, for example `2026-11-02T10:04:05Z`.
    public static func text(seconds: Int64) -> String { date(seconds: seconds) + "Z" }

    private static func date(seconds: Int64) -> String {
        var (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        if second < 0 {
            second += 86_400
            days -= 1
        }
        let (year, month, day) = civil(days: days)
        return padded(year, to: 4) + "-" + padded(month, to: 2) + "-" + padded(day, to: 2) + "T"
            + padded(second / 3600, to: 2) + ":" + padded(second / 60 % 60, to: 2) + ":" + padded(second % 60, to: 2)
    }

    /// The proleptic Gregorian date of a day count, by eras of 400 years that begin on the first of March.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func padded(_ value: Int64, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
