// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `time.*`.
enum TimeBuiltins {
    private static let inZone = RegoType.array([.number, .string], rest: nil)
    private static let moment = RegoType.union([.number, inZone])
    private static let three = RegoType.array([.number, .number, .number], rest: nil)

    static let all: [Builtin] = [
        Builtin("time.now_ns", [], .number, traits: .nondeterministic) { _, context in .integer(context.time) },
        Builtin("time.parse_ns", [.string, .string], .number, evaluate: parse),
        Builtin("time.parse_rfc3339_ns", [.string], .number, evaluate: parseRFC3339),
        Builtin("time.parse_duration_ns", [.string], .number, evaluate: parseDuration),
        Builtin(
            "time.format", [.union([.number, inZone, .array([.number, .string, .string], rest: nil)])], .string,
            evaluate: format),
        Builtin("time.date", [moment], three, evaluate: date),
        Builtin("time.clock", [moment], three, evaluate: clock),
        Builtin("time.weekday", [moment], .string, evaluate: weekday),
        Builtin("time.add_date", [.number, .number, .number, .number], .number, evaluate: addDate),
        Builtin(
            "time.diff", [moment, moment],
            .array([.number, .number, .number, .number, .number, .number], rest: nil), evaluate: difference),
    ]

    private static func parse(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let layout = try arguments.utf8(0)
        let text = try arguments.utf8(1)
        try context.charge((layout.count &+ text.count) / 8)
        return try nanoseconds(TimeLayout(Array(layout)).read(Array(text)))
    }

    private static func parseRFC3339(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value
    {
        let text = try arguments.utf8(0)
        try context.charge(text.count / 8)
        return try nanoseconds(TimeLayout.rfc3339.read(Array(text)))
    }

    private static func parseDuration(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let text = try arguments.utf8(0)
        try context.charge(text.count / 8)
        return .integer(try DurationText.read(text))
    }

    private static func format(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let time = try zonedTime(arguments[0])
        let operand = arguments[0]
        guard operand.tag == .array, operand.count > 2 else {
            return context.heap.string(TimeLayout.rfc3339Nano.write(time))
        }
        let name = operand.elements[2]
        guard name.isString else { throw .operand(1, mustBe: "string", got: name) }
        if name.byteCount == 0 { return context.heap.string(TimeLayout.rfc3339Nano.write(time)) }
        // No element makes more than nine bytes of one.
        try context.checkString(name.byteCount &* 9)
        return context.heap.string(TimeLayout(Array(name.utf8)).write(time))
    }

    private static func date(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let civil = try zonedTime(arguments[0]).civil
        return context.heap.array([
            .integer(civil.year), .integer(Int64(civil.month)), .integer(Int64(civil.day)),
        ])
    }

    private static func clock(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let civil = try zonedTime(arguments[0]).civil
        return context.heap.array([
            .integer(Int64(civil.hour)), .integer(Int64(civil.minute)), .integer(Int64(civil.second)),
        ])
    }

    private static func weekday(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let civil = try zonedTime(arguments[0]).civil
        return context.heap.string(CivilTime.weekdayNames[civil.weekday % 7])
    }

    private static func addDate(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let time = try zonedTime(arguments[0])
        let years = try arguments.integer(1)
        let months = try arguments.integer(2)
        let days = try arguments.integer(3)
        // Far more than there is between the first and the last time, and yet far from any overflow.
        guard years.magnitude < 10_000, months.magnitude < 120_000, days.magnitude < 4_000_000 else {
            throw .value("time outside of valid range")
        }
        var civil = time.civil
        civil.year &+= years
        civil.month &+= Int(months)
        civil.day &+= Int(days)
        return try nanoseconds(
            ZonedTime(seconds: time.zone.seconds(of: civil), nanoseconds: time.nanoseconds, zone: time.zone))
    }

    private static func difference(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        var earlier = try zonedTime(arguments[0])
        var later = try zonedTime(arguments[1])
        later.zone = earlier.zone
        if (later.seconds, later.nanoseconds) < (earlier.seconds, earlier.nanoseconds) { swap(&earlier, &later) }
        let from = earlier.civil
        let to = later.civil
        var parts = [
            Int(to.year &- from.year), to.month &- from.month, to.day &- from.day, to.hour &- from.hour,
            to.minute &- from.minute, to.second &- from.second,
        ]
        // Borrow from the next larger unit, of which a month has as many days as the first one had.
        let sizes = [0, 12, CivilTime.days(inMonth: from.month, of: from.year), 24, 60, 60]
        for position in stride(from: 5, to: 0, by: -1) where parts[position] < 0 {
            parts[position] &+= sizes[position]
            parts[position &- 1] &-= 1
        }
        return context.heap.array(parts.map { .integer(Int64($0)) })
    }

    private static func nanoseconds(_ time: ZonedTime) throws(BuiltinFailure) -> Value {
        guard let total = time.total else { throw .value("time outside of valid range") }
        return .integer(total)
    }

    /// A time from nanoseconds, or from an array of them, the name of a zone and a layout.
    private static func zonedTime(_ operand: Value) throws(BuiltinFailure) -> ZonedTime {
        var number = operand
        var zone = TimeZoneRules.utc
        if operand.tag == .array, operand.count > 0 {
            number = operand.elements[0]
            guard number.isNumber else { throw .operand(1, mustBe: "number", got: number) }
            if operand.count > 1 {
                let name = operand.elements[1]
                guard name.isString else { throw .operand(1, mustBe: "string", got: name) }
                zone = try TimeZones.named(name)
            }
        } else if !operand.isNumber {
            throw .operand(1, mustBe: "either number (ns) or [number (ns), string (tz)]", got: operand)
        }
        guard let total = number.exactInteger else { throw .value("timestamp too big") }
        return ZonedTime(nanoseconds: total, zone: zone)
    }
}
