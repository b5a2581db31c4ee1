// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A layout as Go writes it: the reference time `Mon Jan 2 15:04:05 MST 2006` in the form that times shall have.
struct TimeLayout {
    /// What an element stands for.
    enum Element: Equatable {
        case literal
        case longMonth, month, numericMonth, zeroMonth
        case longWeekday, weekday
        case day, spaceDay, zeroDay, spaceYearDay, zeroYearDay
        case hour, hour12, zeroHour12
        case minute, zeroMinute
        case second, zeroSecond
        case longYear, shortYear
        case upperPM, lowerPM
        case zoneName
        case offset(Offset)
        /// Exactly so many digits of a second, after the separator.
        case fraction(digits: Int)
        /// At most so many digits of a second, without zeros at the end.
        case shortFraction(digits: Int)
    }

    /// How the distance to UTC is written.
    struct Offset: Equatable {
        /// `Z` stands for no distance.
        var usesZ: Bool
        var hasMinutes: Bool
        var hasSeconds: Bool
        var hasColons: Bool
    }

    /// The elements and the bytes of the layout that they are written as.
    private(set) var elements: [(element: Element, source: ArraySlice<UInt8>)] = []

    /// The layout of a name such as `RFC3339`, or the text itself.
    init(_ text: [UInt8]) {
        let source = TimeLayout.names[text] ?? text
        var start = 0
        var position = 0
        while position < source.count {
            guard let (element, range) = TimeLayout.element(of: source, at: position) else {
                position &+= 1
                continue
            }
            if start < range.lowerBound { elements.append((.literal, source[start..<range.lowerBound])) }
            elements.append((element, source[range]))
            position = range.upperBound
            start = position
        }
        if start < source.count { elements.append((.literal, source[start...])) }
    }

    /// The whole layout.
    var source: [UInt8] { elements.flatMap { Array($0.source) } }

    static let rfc3339 = TimeLayout(Array("RFC3339".utf8))
    static let rfc3339Nano = TimeLayout(Array("RFC3339Nano".utf8))

    private static let names: [[UInt8]: [UInt8]] = Dictionary(
        uniqueKeysWithValues: [
            ("ANSIC", "Mon Jan _2 15:04:05 2006"), ("UnixDate", "Mon Jan _2 15:04:05 MST 2006"),
            ("RubyDate", "Mon Jan 02 15:04:05 -0700 2006"), ("RFC822", "02 Jan 06 15:04 MST"),
            ("RFC822Z", "02 Jan 06 15:04 -0700"), ("RFC850", "Monday, 02-Jan-06 15:04:05 MST"),
            ("RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"), ("RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"),
            ("RFC3339", "2006-01-02T15:04:05Z07:00"), ("RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"),
        ].map { (Array($0.utf8), Array($1.utf8)) })

    /// Longer forms before the shorter ones that they begin with.
    private static let words: [(text: [UInt8], element: Element)] = [
        ("January", .longMonth), ("Monday", .longWeekday), ("MST", .zoneName), ("01", .zeroMonth), ("02", .zeroDay),
        ("03", .zeroHour12), ("04", .zeroMinute), ("05", .zeroSecond), ("06", .shortYear), ("002", .zeroYearDay),
        ("15", .hour), ("1", .numericMonth), ("2006", .longYear), ("2", .day), ("__2", .spaceYearDay), ("3", .hour12),
        ("4", .minute), ("5", .second), ("PM", .upperPM), ("pm", .lowerPM),
    ].map { (Array($0.utf8), $1) }

    private static let offsets: [(text: [UInt8], offset: Offset)] = ["-", "Z"].flatMap { sign in
        [
            ("070000", true, true, false), ("07:00:00", true, true, true), ("0700", true, false, false),
            ("07:00", true, false, true), ("07", false, false, false),
        ].map { text, hasMinutes, hasSeconds, hasColons in
            (
                Array((sign + text).utf8),
                Offset(usesZ: sign == "Z", hasMinutes: hasMinutes, hasSeconds: hasSeconds, hasColons: hasColons)
            )
        }
    }

    private static func element(of source: [UInt8], at position: Int) -> (Element, Range<Int>)? {
        let rest = source[position...]
        switch source[position] {
        case UInt8(ascii: "."), UInt8(ascii: ","): return fraction(of: source, at: position)
        case UInt8(ascii: "-"), UInt8(ascii: "Z"):
            guard let match = offsets.first(where: { rest.starts(with: $0.text) }) else { return nil }
            return (.offset(match.offset), position..<position &+ match.text.count)
        case UInt8(ascii: "_") where rest.starts(with: "_2".utf8):
            // `_2006` is an underscore and a year.
            if rest.starts(with: "_2006".utf8) { return (.longYear, position &+ 1..<position &+ 5) }
            return (.spaceDay, position..<position &+ 2)
        default: break
        }
        if let match = words.first(where: { rest.starts(with: $0.text) }) {
            return (match.element, position..<position &+ match.text.count)
        }
        // The short names, unless they begin another word.
        for (text, element) in [("Jan", Element.month), ("Mon", .weekday)] where rest.starts(with: text.utf8) {
            let next = rest.dropFirst(3).first ?? 0
            if !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next) { return (element, position..<position &+ 3) }
        }
        return nil
    }

    private static func fraction(of source: [UInt8], at position: Int) -> (Element, Range<Int>)? {
        guard position &+ 1 < source.count else { return nil }
        let digit = source[position &+ 1]
        guard digit == UInt8(ascii: "0") || digit == UInt8(ascii: "9") else { return nil }
        var end = position &+ 1
        while end < source.count, source[end] == digit { end &+= 1 }
        guard end == source.count || !source[end].isDecimalDigit else { return nil }
        let digits = end &- position &- 1
        return (
            digit == UInt8(ascii: "0") ? .fraction(digits: digits) : .shortFraction(digits: digits), position..<end
        )
    }
}

extension UInt8 {
    var isDecimalDigit: Bool { self >= 0x30 && self <= 0x39 }
}
