// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An instant in the form that AWS signatures name it, `20150830T123600Z`.
public struct SigV4Date: Sendable, Hashable {
    /// Date and time.
    public let text: String

    /// The date alone, which the signing key is made for.
    var day: String { String(text.prefix(8)) }

    /// An instant in seconds since 1970, until the year 9999.
    public init?(unixSeconds: Int64) {
        guard (0..<253_402_300_800).contains(unixSeconds) else { return nil }
        let (days, second) = unixSeconds.quotientAndRemainder(dividingBy: 86_400)
        // Days since the first of March of the year 0; with the leap day at the end, a year's months are regular.
        let shifted = days &+ 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let marchMonth = (5 &* dayOfYear &+ 2) / 153
        let day = dayOfYear &- (153 &* marchMonth &+ 2) / 5 &+ 1
        let month = marchMonth < 10 ? marchMonth &+ 3 : marchMonth &- 9
        let year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
        text =
            Self.digits(year, 4) + Self.digits(month, 2) + Self.digits(day, 2) + "T" + Self.digits(second / 3600, 2)
            + Self.digits(second / 60 % 60, 2) + Self.digits(second % 60, 2) + "Z"
    }

    private static func digits(_ value: Int64, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(count &- text.utf8.count, 0)) + text
    }
}
