// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension TimeLayout {
    /// Reads a time that is written in this layout.
    func read(_ text: [UInt8]) throws(BuiltinFailure) -> ZonedTime {
        var reader = TimeReader(layout: self, text: text)
        return try reader.read()
    }
}

/// Reads one time by a layout.
private struct TimeReader {
    private struct Mismatch: Error {
        /// What lies out of its range.
        var range: String?
    }

    private let layout: TimeLayout
    private let text: [UInt8]
    private var rest: ArraySlice<UInt8>

    private var year: Int64 = 0
    private var month = -1
    private var day = -1
    private var dayOfYear = -1
    private var hour = 0
    private var minute = 0
    private var second = 0
    private var nanoseconds = 0
    private var half: Bool?
    private var offset: Int?

    init(layout: TimeLayout, text: [UInt8]) {
        self.layout = layout
        self.text = text
        rest = text[...]
    }

    mutating func read() throws(BuiltinFailure) -> ZonedTime {
        for (position, (element, source)) in layout.elements.enumerated() {
            let hold = rest
            do throws(Mismatch) {
                if element == .literal {
                    try skip(source)
                } else {
                    let next = position &+ 1 < layout.elements.count ? layout.elements[position &+ 1].element : .literal
                    try read(element, next: next)
                }
            } catch {
                if let range = error.range { throw failure(": \(range) out of range") }
                throw failure(hold: element == .literal ? rest : hold, element: source)
            }
        }
        if !rest.isEmpty { throw failure(": extra text: \(Self.quote(rest))") }
        try resolveDate()
        if half == true, hour < 12 {
            hour &+= 12
        } else if half == false, hour == 12 {
            hour = 0
        }
        let civil = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        return ZonedTime(seconds: civil.seconds &- Int64(offset ?? 0), nanoseconds: nanoseconds)
    }

    private mutating func resolveDate() throws(BuiltinFailure) {
        if dayOfYear >= 0 {
            let length = CivilTime.isLeap(year) ? 366 : 365
            guard dayOfYear >= 1, dayOfYear <= length else { throw failure(": day-of-year out of range") }
            let date = CivilTime(
                seconds: CivilTime(year: year, month: 1, day: dayOfYear).seconds)
            if month >= 0, month != date.month { throw failure(": day-of-year does not match month") }
            if day >= 0, day != date.day { throw failure(": day-of-year does not match day") }
            month = date.month
            day = date.day
        }
        if month < 0 { month = 1 }
        if day < 0 { day = 1 }
        guard day >= 1, day <= CivilTime.days(inMonth: month, of: year) else { throw failure(": day out of range") }
    }

    private mutating func read(_ element: TimeLayout.Element, next: TimeLayout.Element) throws(Mismatch) {
        switch element {
        case .literal: break
        case .shortYear:
            let number = try signedNumber(2)
            year = Int64(number >= 69 ? number &+ 1900 : number &+ 2000)
        case .longYear:
            guard rest.first?.isDecimalDigit == true else { throw Mismatch() }
            year = Int64(try signedNumber(4))
        case .month: month = try name(CivilTime.monthNames.map { $0.utf8.prefix(3) }) &+ 1
        case .longMonth: month = try name(CivilTime.monthNames.map { $0.utf8.prefix(20) }) &+ 1
        case .numericMonth, .zeroMonth:
            month = try number(isFixed: element == .zeroMonth)
            if month <= 0 || month > 12 { throw Mismatch(range: "month") }
        case .weekday: _ = try name(CivilTime.weekdayNames.map { $0.utf8.prefix(3) })
        case .longWeekday: _ = try name(CivilTime.weekdayNames.map { $0.utf8.prefix(20) })
        case .day, .spaceDay, .zeroDay:
            if element == .spaceDay, rest.first == 0x20 { rest.removeFirst() }
            day = try number(isFixed: element == .zeroDay)
        case .spaceYearDay, .zeroYearDay:
            for _ in 0..<2 where element == .spaceYearDay && rest.first == 0x20 { rest.removeFirst() }
            dayOfYear = try number(digits: 3, isFixed: element == .zeroYearDay)
        case .hour:
            hour = try number(isFixed: false)
            if hour >= 24 { throw Mismatch(range: "hour") }
        case .hour12, .zeroHour12:
            hour = try number(isFixed: element == .zeroHour12)
            if hour > 12 { throw Mismatch(range: "hour") }
        case .minute, .zeroMinute:
            minute = try number(isFixed: element == .zeroMinute)
            if minute >= 60 { throw Mismatch(range: "minute") }
        case .second, .zeroSecond: try readSecond(isFixed: element == .zeroSecond, next: next)
        case .upperPM, .lowerPM: try readHalf(isUpper: element == .upperPM)
        case .zoneName: try readZoneName()
        case .offset(let form): try readOffset(form)
        case .fraction(let digits):
            guard rest.count > digits else { throw Mismatch() }
            try readFraction(digits: digits)
        case .shortFraction:
            guard let separator = rest.first, separator == 0x2E || separator == 0x2C,
                rest.dropFirst().first?.isDecimalDigit == true
            else { return }
            try readFraction(digits: rest.dropFirst().prefix { $0.isDecimalDigit }.count)
        }
    }

    private mutating func readSecond(isFixed: Bool, next: TimeLayout.Element) throws(Mismatch) {
        second = try number(isFixed: isFixed)
        if second >= 60 { throw Mismatch(range: "second") }
        // A fraction may follow even if the layout has none.
        switch next {
        case .fraction, .shortFraction: return
        default: break
        }
        guard let separator = rest.first, separator == 0x2E || separator == 0x2C,
            rest.dropFirst().first?.isDecimalDigit == true
        else { return }
        try readFraction(digits: rest.dropFirst().prefix { $0.isDecimalDigit }.count)
    }

    private mutating func readFraction(digits: Int) throws(Mismatch) {
        guard let separator = rest.first, separator == 0x2E || separator == 0x2C else { throw Mismatch() }
        var result = 0
        var scale = 1_000_000_000
        for digit in rest.dropFirst().prefix(min(digits, 9)) {
            guard digit.isDecimalDigit else { throw Mismatch() }
            result = result &* 10 &+ Int(digit &- 0x30)
            scale /= 10
        }
        nanoseconds = result &* scale
        rest = rest.dropFirst(digits &+ 1)
    }

    private mutating func readHalf(isUpper: Bool) throws(Mismatch) {
        let word = rest.prefix(2)
        if word.elementsEqual((isUpper ? "PM" : "pm").utf8) {
            half = true
        } else if word.elementsEqual((isUpper ? "AM" : "am").utf8) {
            half = false
        } else {
            throw Mismatch()
        }
        rest = rest.dropFirst(2)
    }

    private mutating func readOffset(_ form: TimeLayout.Offset) throws(Mismatch) {
        if form.usesZ, rest.first == UInt8(ascii: "Z") {
            rest.removeFirst()
            offset = 0
            return
        }
        guard let sign = rest.popFirst() else { throw Mismatch() }
        var parts = [0, 0, 0]
        for part in 0..<(form.hasSeconds ? 3 : (form.hasMinutes ? 2 : 1)) {
            if part > 0, form.hasColons, rest.popFirst() != UInt8(ascii: ":") { throw Mismatch() }
            parts[part] = try number(isFixed: true)
        }
        if parts[0] > 24 { throw Mismatch(range: "time zone offset hour") }
        if parts[1] > 60 { throw Mismatch(range: "time zone offset minute") }
        if parts[2] > 60 { throw Mismatch(range: "time zone offset second") }
        let distance = parts[0] &* 3600 &+ parts[1] &* 60 &+ parts[2]
        switch sign {
        case UInt8(ascii: "+"): offset = distance
        case UInt8(ascii: "-"): offset = 0 &- distance
        default: throw Mismatch()
        }
    }

    /// The name of a zone says nothing about its distance to UTC, so it counts as UTC.
    private mutating func readZoneName() throws(Mismatch) {
        if rest.starts(with: "UTC".utf8) {
            rest = rest.dropFirst(3)
            return
        }
        guard rest.count >= 3 else { throw Mismatch() }
        if rest.starts(with: "ChST".utf8) || rest.starts(with: "MeST".utf8) {
            rest = rest.dropFirst(4)
        } else if rest.starts(with: "GMT".utf8) {
            rest = rest.dropFirst(3)
            rest = rest.dropFirst(signedHour(rest))
        } else if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
            let length = signedHour(rest)
            if length == 0 { throw Mismatch() }
            rest = rest.dropFirst(length)
        } else {
            let letters = rest.prefix(6).prefix { $0 >= 0x41 && $0 <= 0x5A }
            let isName =
                switch letters.count {
                case 3: true
                case 4: letters.last == UInt8(ascii: "T") || letters.elementsEqual("WITA".utf8)
                case 5: letters.last == UInt8(ascii: "T")
                default: false
                }
            guard isName else { throw Mismatch() }
            rest = rest.dropFirst(letters.count)
        }
    }

    /// The length of a sign with an hour up to 23; 0 if there is none.
    private func signedHour(_ text: ArraySlice<UInt8>) -> Int {
        guard text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-") else { return 0 }
        let digits = text.dropFirst().prefix { $0.isDecimalDigit }
        let value = digits.reduce(0) { min($0 &* 10 &+ Int($1 &- 0x30), 1000) }
        return digits.isEmpty || value > 23 ? 0 : digits.count &+ 1
    }

    private mutating func skip(_ literal: ArraySlice<UInt8>) throws(Mismatch) {
        var expected = literal
        while let byte = expected.first {
            if byte == 0x20 {
                if let first = rest.first, first != 0x20 { throw Mismatch() }
                expected = expected.drop { $0 == 0x20 }
                rest = rest.drop { $0 == 0x20 }
                continue
            }
            guard rest.first == byte else { throw Mismatch() }
            expected.removeFirst()
            rest.removeFirst()
        }
    }

    private mutating func name(_ names: [some Collection<UInt8>]) throws(Mismatch) -> Int {
        for (position, name) in names.enumerated()
        where rest.count >= name.count && zip(rest, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
            rest = rest.dropFirst(name.count)
            return position
        }
        throw Mismatch()
    }

    private mutating func number(digits: Int = 2, isFixed: Bool) throws(Mismatch) -> Int {
        let found = rest.prefix(digits).prefix { $0.isDecimalDigit }
        guard !found.isEmpty, !isFixed || found.count == digits else { throw Mismatch() }
        rest = rest.dropFirst(found.count)
        return found.reduce(0) { $0 &* 10 &+ Int($1 &- 0x30) }
    }

    private mutating func signedNumber(_ width: Int) throws(Mismatch) -> Int {
        guard rest.count >= width else { throw Mismatch() }
        let isNegative = rest.first == UInt8(ascii: "-")
        let digits = rest.prefix(width).dropFirst(isNegative || rest.first == UInt8(ascii: "+") ? 1 : 0)
        guard !digits.isEmpty, digits.allSatisfy(\.isDecimalDigit) else { throw Mismatch() }
        rest = rest.dropFirst(width)
        let number = digits.reduce(0) { $0 &* 10 &+ Int($1 &- 0x30) }
        return isNegative ? 0 &- number : number
    }

    private func failure(_ message: String) -> BuiltinFailure {
        .value("parsing time \(Self.quote(text[...]))\(message)")
    }

    private func failure(hold: ArraySlice<UInt8>, element: ArraySlice<UInt8>) -> BuiltinFailure {
        let layoutText = Self.quote(layout.source[...])
        return .value(
            "parsing time \(Self.quote(text[...])) as \(layoutText): cannot parse \(Self.quote(hold)) as \(Self.quote(element))"
        )
    }

    private static func quote(_ text: ArraySlice<UInt8>) -> String { TimeText.quote(text) }
}

/// How messages about times show texts.
enum TimeText {
    /// The text in quotation marks, with bytes that are not ASCII or not printed as hexadecimal digits.
    static func quote(_ text: some Sequence<UInt8>) -> String {
        var result = "\""
        for byte in text {
            if byte >= 0x80 || byte < 0x20 {
                let digits = String(byte, radix: 16)
                result += "\\x" + (digits.utf8.count == 1 ? "0" : "") + digits
            } else {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result += "\\" }
                result.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return result + "\""
    }
}
