// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A date of the Gregorian calendar with a time of day, in some zone.
struct CivilTime: Equatable {
    var year: Int64 = 1970
    /// From 1.
    var month = 1
    /// From 1.
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0

    static let secondsPerDay: Int64 = 86_400

    init(year: Int64, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The time that is so many seconds after 1970 began.
    init(seconds: Int64) {
        let (day, time) = floorDivision(seconds, CivilTime.secondsPerDay)
        // Years are counted from March, so that a leap day comes last; 400 of them have 146,097 days.
        let (era, dayOfEra) = floorDivision(day &+ 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        self.day = Int(dayOfYear - (153 * shifted + 2) / 5 + 1)
        month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
        year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
        hour = Int(time / 3600)
        minute = Int(time / 60 % 60)
        second = Int(time % 60)
    }

    /// Seconds since 1970 began; months and days beyond their usual ranges carry over.
    var seconds: Int64 {
        let (carry, monthIndex) = floorDivision(Int64(month) &- 1, 12)
        let fullYear = year &+ carry
        let shiftedYear = monthIndex < 2 ? fullYear &- 1 : fullYear
        let (era, yearOfEra) = floorDivision(shiftedYear, 400)
        let shifted = monthIndex < 2 ? monthIndex + 10 : monthIndex - 2
        let dayOfYear = (153 * shifted + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era &* 146_097 &+ dayOfEra &- 719_468 &+ Int64(day) &- 1
        let time = Int64(hour) &* 3600 &+ Int64(minute) &* 60 &+ Int64(second)
        return days &* CivilTime.secondsPerDay &+ time
    }

    /// 0 is Sunday.
    var weekday: Int {
        Int(floorDivision(floorDivision(seconds, CivilTime.secondsPerDay).quotient &+ 4, 7).remainder)
    }

    /// From 1.
    var dayOfYear: Int {
        let first = CivilTime(year: year, month: 1, day: 1)
        return Int((seconds &- first.seconds) / CivilTime.secondsPerDay) &+ 1
    }

    static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    static func days(inMonth month: Int, of year: Int64) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}

/// Division that rounds down, with a remainder that is not negative; the divisor must be positive.
func floorDivision(_ dividend: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let quotient = dividend / divisor
    let remainder = dividend % divisor
    return remainder < 0 ? (quotient &- 1, remainder &+ divisor) : (quotient, remainder)
}
