// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A point in time as seen in a zone.
struct ZonedTime {
    /// Seconds since 1970 began.
    var seconds: Int64
    /// Nanoseconds of the second.
    var nanoseconds: Int
    var zone: TimeZoneRules

    init(seconds: Int64, nanoseconds: Int, zone: TimeZoneRules = .utc) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.zone = zone
    }

    /// A time in nanoseconds since 1970.
    init(nanoseconds: Int64, zone: TimeZoneRules) {
        let (seconds, rest) = floorDivision(nanoseconds, 1_000_000_000)
        self.init(seconds: seconds, nanoseconds: Int(rest), zone: zone)
    }

    /// Nanoseconds since 1970, if they fit.
    var total: Int64? {
        // Counted up from the next second, since the first one that fits does not fit as a whole.
        let isEarly = seconds < 0 && nanoseconds > 0
        let (product, overflow) = (isEarly ? seconds &+ 1 : seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(
            Int64(isEarly ? nanoseconds &- 1_000_000_000 : nanoseconds))
        return overflow || carry ? nil : sum
    }

    /// Seconds to add to UTC, and what the zone is called then.
    var period: TimeZoneRules.Period { zone.period(at: seconds) }

    /// The date and the time of day.
    var civil: CivilTime { CivilTime(seconds: seconds &+ Int64(period.offset)) }
}

extension TimeLayout {
    /// The time in this layout.
    func write(_ time: ZonedTime) -> [UInt8] {
        let period = time.period
        let civil = CivilTime(seconds: time.seconds &+ Int64(period.offset))
        var result: [UInt8] = []
        for (element, source) in elements {
            switch element {
            case .literal: result += source
            case .offset(let form): append(period.offset, form, to: &result)
            case .zoneName: append(zoneName: period, to: &result)
            case .fraction(let digits):
                append(fraction: time.nanoseconds, digits: digits, isShort: false, source, to: &result)
            case .shortFraction(let digits):
                append(fraction: time.nanoseconds, digits: digits, isShort: true, source, to: &result)
            default: append(element, civil, to: &result)
            }
        }
        return result
    }

    private func append(_ element: Element, _ civil: CivilTime, to result: inout [UInt8]) {
        let hour12 = civil.hour % 12 == 0 ? 12 : civil.hour % 12
        let month = CivilTime.monthNames[(civil.month &+ 11) % 12]
        let weekday = CivilTime.weekdayNames[civil.weekday % 7]
        switch element {
        case .longMonth: result += month.utf8
        case .month: result += month.utf8.prefix(3)
        case .numericMonth: append(civil.month, to: &result)
        case .zeroMonth: append(civil.month, width: 2, to: &result)
        case .longWeekday: result += weekday.utf8
        case .weekday: result += weekday.utf8.prefix(3)
        case .day: append(civil.day, to: &result)
        case .spaceDay: append(civil.day, width: 2, pad: 0x20, to: &result)
        case .zeroDay: append(civil.day, width: 2, to: &result)
        case .spaceYearDay: append(civil.dayOfYear, width: 3, pad: 0x20, to: &result)
        case .zeroYearDay: append(civil.dayOfYear, width: 3, to: &result)
        case .hour: append(civil.hour, width: 2, to: &result)
        case .hour12: append(hour12, to: &result)
        case .zeroHour12: append(hour12, width: 2, to: &result)
        case .minute: append(civil.minute, to: &result)
        case .zeroMinute: append(civil.minute, width: 2, to: &result)
        case .second: append(civil.second, to: &result)
        case .zeroSecond: append(civil.second, width: 2, to: &result)
        case .longYear: append(Int(civil.year), width: 4, to: &result)
        case .shortYear: append(Int(max(civil.year, 0) % 100), width: 2, to: &result)
        case .upperPM: result += (civil.hour >= 12 ? "PM" : "AM").utf8
        case .lowerPM: result += (civil.hour >= 12 ? "pm" : "am").utf8
        case .literal, .zoneName, .offset, .fraction, .shortFraction: break
        }
    }

    private func append(_ number: Int, width: Int = 0, pad: UInt8 = 0x30, to result: inout [UInt8]) {
        let digits = Array(String(number.magnitude).utf8)
        if number < 0 { result.append(UInt8(ascii: "-")) }
        result += [UInt8](repeating: pad, count: max(width &- digits.count, 0))
        result += digits
    }

    private func append(_ offset: Int, _ form: Offset, to result: inout [UInt8]) {
        if form.usesZ && offset == 0 {
            result.append(UInt8(ascii: "Z"))
            return
        }
        let distance = Int(offset.magnitude)
        result.append(offset / 60 < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        append(distance / 3600, width: 2, to: &result)
        if form.hasMinutes {
            if form.hasColons { result.append(UInt8(ascii: ":")) }
            append(distance / 60 % 60, width: 2, to: &result)
        }
        if form.hasSeconds {
            if form.hasColons { result.append(UInt8(ascii: ":")) }
            append(distance % 60, width: 2, to: &result)
        }
    }

    private func append(zoneName period: TimeZoneRules.Period, to result: inout [UInt8]) {
        if period.name.isEmpty {
            let form = Offset(usesZ: false, hasMinutes: true, hasSeconds: false, hasColons: false)
            append(period.offset, form, to: &result)
        } else {
            result += period.name
        }
    }

    private func append(
        fraction nanoseconds: Int, digits: Int, isShort: Bool, _ source: ArraySlice<UInt8>, to result: inout [UInt8]
    ) {
        let text = Array(String(nanoseconds).utf8)
        var all = [UInt8](repeating: 0x30, count: max(9 &- text.count, 0)) + text
        // Beyond nanoseconds there is nothing to write but zeros, of which Go writes none either.
        all = Array(all.prefix(digits))
        if isShort {
            while all.last == 0x30 { all.removeLast() }
            if all.isEmpty { return }
        }
        result += source.prefix(1)
        result += all
    }
}
