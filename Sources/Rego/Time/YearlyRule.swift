// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The changes of every year, in the notation of POSIX: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct YearlyRule: Sendable {
    /// When a change happens.
    private enum Day {
        /// Counted from 1 without leap days.
        case julian(Int)
        /// Counted from 0 with leap days.
        case ofYear(Int)
        /// A weekday in a week of a month, 5 being the last.
        case inMonth(month: Int, week: Int, weekday: Int)
    }

    private struct Moment {
        var day: Day
        /// Seconds since midnight, by the clock that is about to change.
        var time: Int
    }

    private let standard: TimeZoneRules.Period
    private let summer: TimeZoneRules.Period?
    private let start: Moment
    private let end: Moment

    /// Reads a rule.
    init?(_ text: ArraySlice<UInt8>) {
        var reader = Reader(rest: text)
        guard let name = reader.name(), let offset = reader.offset() else { return nil }
        standard = TimeZoneRules.Period(offset: 0 &- offset, name: name)
        guard !reader.rest.isEmpty else {
            summer = nil
            start = Moment(day: .ofYear(0), time: 0)
            end = start
            return
        }
        guard let summerName = reader.name() else { return nil }
        var summerOffset = offset &- 3600
        if !reader.rest.isEmpty, reader.rest.first != UInt8(ascii: ",") {
            guard let given = reader.offset() else { return nil }
            summerOffset = given
        }
        summer = TimeZoneRules.Period(offset: 0 &- summerOffset, name: summerName)
        if reader.rest.isEmpty { reader.rest = Array(",M3.2.0,M11.1.0".utf8)[...] }
        guard let start = reader.moment(), let end = reader.moment(), reader.rest.isEmpty else { return nil }
        self.start = start
        self.end = end
    }

    /// What holds at a time, from when and until when.
    func span(at seconds: Int64) -> (period: TimeZoneRules.Period, start: Int64, end: Int64) {
        guard let summer else { return (standard, .min, .max) }
        let year = CivilTime(seconds: seconds &+ Int64(standard.offset)).year
        // The changes of the years around it, in order.
        var changes: [(start: Int64, period: TimeZoneRules.Period)] = []
        for year in (year &- 1)...(year &+ 1) {
            let begin = CivilTime(year: year, month: 1, day: 1).seconds
            changes.append((begin &+ second(start, year) &- Int64(standard.offset), summer))
            changes.append((begin &+ second(end, year) &- Int64(summer.offset), standard))
        }
        changes.sort { $0.start < $1.start }
        let position = (changes.lastIndex { $0.start <= seconds }) ?? 0
        let next = position &+ 1 < changes.count ? changes[position &+ 1].start : .max
        return (changes[position].period, changes[position].start, next)
    }

    /// The seconds of a change since its year began.
    private func second(_ moment: Moment, _ year: Int64) -> Int64 {
        var day: Int
        switch moment.day {
        case .julian(let number):
            day = number &- 1
            if CivilTime.isLeap(year), number >= 60 { day &+= 1 }
        case .ofYear(let number): day = number
        case .inMonth(let month, let week, let weekday):
            let first = CivilTime(year: year, month: month, day: 1)
            var date = (weekday &- first.weekday &+ 7) % 7 &+ (week &- 1) &* 7 &+ 1
            if date > CivilTime.days(inMonth: month, of: year) { date &-= 7 }
            day = CivilTime(year: year, month: month, day: date).dayOfYear &- 1
        }
        return Int64(day) &* CivilTime.secondsPerDay &+ Int64(moment.time)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func name() -> [UInt8]? {
            if rest.first == UInt8(ascii: "<") {
                let name = rest.dropFirst().prefix { $0 != UInt8(ascii: ">") }
                rest = rest.dropFirst(name.count &+ 2)
                return Array(name)
            }
            let name = rest.prefix { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
            rest = rest.dropFirst(name.count)
            return name.count >= 3 ? Array(name) : nil
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix(4).prefix { $0.isDecimalDigit }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
            let value = digits.reduce(0) { $0 &* 10 &+ Int($1 &- 0x30) }
            return range.contains(value) ? value : nil
        }

        mutating func take(_ byte: Character) -> Bool {
            guard let value = byte.asciiValue, rest.first == value else { return false }
            rest.removeFirst()
            return true
        }

        /// `[+-]hours[:minutes[:seconds]]` in seconds.
        mutating func offset() -> Int? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard var seconds = number(0...24 * 7).map({ $0 &* 3600 }) else { return nil }
            if take(":") {
                guard let minutes = number(0...59) else { return nil }
                seconds &+= minutes &* 60
                if take(":") {
                    guard let rest = number(0...59) else { return nil }
                    seconds &+= rest
                }
            }
            return isNegative ? 0 &- seconds : seconds
        }

        mutating func moment() -> Moment? {
            guard take(","), let day = day() else { return nil }
            guard take("/") else { return Moment(day: day, time: 7200) }
            guard let time = offset() else { return nil }
            return Moment(day: day, time: time)
        }

        private mutating func day() -> Day? {
            if take("M") {
                guard let month = number(1...12), take("."), let week = number(1...5), take("."),
                    let weekday = number(0...6)
                else { return nil }
                return .inMonth(month: month, week: week, weekday: weekday)
            }
            if take("J") { return number(1...365).map { .julian($0) } }
            return number(0...365).map { .ofYear($0) }
        }
    }
}
