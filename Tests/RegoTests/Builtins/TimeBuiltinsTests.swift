// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Rego

@Suite struct TimeBuiltinsTests {
    private static let zones: Void = TimeZones.use { name in
        let path = "/usr/share/zoneinfo/\(name)"
        return FileManager.default.contents(atPath: path).flatMap { TimeZoneRules(tzif: Array($0)) }
    }

    init() {
        _ = Self.zones
    }

    @Test func `gives the time of the evaluation`() throws {
        #expect(try BuiltinCaller(time: 42)("time.now_ns") == 42)
    }

    @Test(
        arguments: [
            ("2006-01-02T15:04:05Z07:00", "2017-06-02T19:00:00-07:00", 1_496_455_200_000_000_000),
            ("2006-01-02T15:04:05Z07:00", "1677-09-21T00:12:43.145224192-00:00", .min),
            ("2006-01-02T15:04:05Z07:00", "2262-04-11T23:47:16.854775807-00:00", .max),
            ("01/02 03:04:05PM '06 -0700", "06/02 07:00:00PM '17 -0700", 1_496_455_200_000_000_000),
            ("02 Jan 06 15:04 -0700", "02 Jun 17 19:00 -0700", 1_496_455_200_000_000_000),
            ("RFC822Z", "02 Jun 17 19:00 -0700", 1_496_455_200_000_000_000),
            ("2006-01-02", "2024-02-29", 1_709_164_800_000_000_000),
            ("2006-002", "2024-060", 1_709_164_800_000_000_000),
            ("Monday, 02-Jan-06 15:04:05 MST", "thursday, 29-feb-24 00:00:00 CEST", 1_709_164_800_000_000_000),
            ("Jan _2 2006", "Feb  9 2024", 1_707_436_800_000_000_000),
        ] as [(String, String, Int64)])
    func `reads times`(layout: String, text: String, expected: Int64) throws {
        #expect(try BuiltinCaller()("time.parse_ns", .string(layout), .string(text)) == .integer(expected))
    }

    @Test(
        arguments: [
            ("2006-01-02", "2024-02-30", #"parsing time "2024-02-30": day out of range"#),
            ("2006-01-02", "2024-13-01", #"parsing time "2024-13-01": month out of range"#),
            ("2006-01-02", "2024-1-01", #"parsing time "2024-1-01" as "2006-01-02": cannot parse "1-01" as "01""#),
            ("2006-01-02", "2024/01/01", #"parsing time "2024/01/01" as "2006-01-02": cannot parse "/01/01" as "-""#),
            ("2006", "2024 x", #"parsing time "2024 x": extra text: " x""#),
            ("2006-01-02T15:04:05Z07:00", "1677-09-21T00:12:43.145224191-00:00", "time outside of valid range"),
            ("2006-01-02T15:04:05Z07:00", "2262-04-11T23:47:16.854775808-00:00", "time outside of valid range"),
        ])
    func `says why a text is no time`(layout: String, text: String, words: String) {
        #expect(BuiltinCaller().failure("time.parse_ns", .string(layout), .string(text)) == words)
    }

    @Test func `reads RFC 3339`() throws {
        let call = BuiltinCaller()
        #expect(try call("time.parse_rfc3339_ns", "2024-02-29T12:00:00+02:00") == 1_709_200_800_000_000_000)
        #expect(try call("time.parse_rfc3339_ns", "1970-01-01T00:00:00.5Z") == 500_000_000)
        #expect(call.failure("time.parse_rfc3339_ns", "2024-13-01T00:00:00Z") != nil)
    }

    @Test(
        arguments: [
            ("100ms", 100_000_000), ("1h15m30.918s", 4_530_918_000_000), ("0", 0), ("-1.5h", -5_400_000_000_000),
            ("1us", 1000),
            (".5s", 500_000_000), ("1.s", 1_000_000_000), ("+5ns", 5), ("9223372036854775807ns", .max), ("3µs", 3000),
            ("-9223372036854775808ns", .min),
        ] as [(String, Int64)])
    func `reads durations`(text: String, expected: Int64) throws {
        #expect(try BuiltinCaller()("time.parse_duration_ns", .string(text)) == .integer(expected))
    }

    @Test(
        arguments: [
            ("1d", #"time: unknown unit "d" in duration "1d""#), ("1", #"time: missing unit in duration "1""#),
            ("", #"time: invalid duration """#),
            ("x", #"time: invalid duration "x""#), (".s", #"time: invalid duration ".s""#),
            ("9223372036854775808ns", #"time: invalid duration "9223372036854775808ns""#),
            ("99999999999h", #"time: invalid duration "99999999999h""#),
        ])
    func `says why a text is no duration`(text: String, words: String) {
        #expect(BuiltinCaller().failure("time.parse_duration_ns", .string(text)) == words)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), ([0, "America/New_York"], "1969-12-31T19:00:00-05:00"),
            ([0, "UTC", "RFC1123"], "Thu, 01 Jan 1970 00:00:00 UTC"),
            ([1_700_000_000_123_456_700, "UTC", ""], "2023-11-14T22:13:20.1234567Z"),
            ([1_700_000_000_000_000_000, "Europe/Berlin", "RFC850"], "Tuesday, 14-Nov-23 23:13:20 CET"),
            ([1_720_000_000_000_000_000, "Europe/Berlin", "RFC1123"], "Wed, 03 Jul 2024 11:46:40 CEST"),
            ([2_982_000_000_000_000_000, "Europe/Berlin", "2006-01-02 15:04:05 MST"], "2064-06-29 23:20:00 CEST"),
            (
                [1_700_000_000_500_000_000, "UTC", "3:04PM .000 _2 __2 002 Z07 -0700 06"],
                "10:13PM .500 14 318 318 Z +0000 23"
            ),
            ([0, "Asia/Kolkata", "Z07:00 -07 -07:00:00 Z070000"], "+05:30 +05 +05:30:00 +053000"),
            ([0, "UTC", "Januaryx Janx Monx Jan. _2006"], "Januaryx Janx Monx Jan. _1970"),
            (.integer(.min), "1677-09-21T00:12:43.145224192Z"),
        ] as [(Operand, String)])
    func `writes times`(time: Operand, expected: String) throws {
        #expect(try BuiltinCaller()("time.format", time) == .string(expected))
    }

    @Test func `takes times apart`() throws {
        let call = BuiltinCaller()
        #expect(try call("time.date", [1_517_814_000_000_000_000, "America/Los_Angeles"]) == [2018, 2, 4])
        #expect(try call("time.date", 1_582_977_600_000_000_000) == [2020, 2, 29])
        #expect(try call("time.clock", [1_517_832_000_000_000_000, "America/New_York"]) == [7, 0, 0])
        #expect(try call("time.weekday", 1_517_918_400_000_000_000) == "Tuesday")
        #expect(try call("time.date", .decimal("1.517814e18")) == [2018, 2, 5])
        #expect(call.failure("time.date", .decimal("1582977600000000000000")) == "timestamp too big")
        #expect(
            call.failure("time.date", "x")
                == "type: operand 1 must be either number (ns) or [number (ns), string (tz)] but got string")
    }

    @Test(arguments: ["Nowhere/Land", "../../../etc/passwd", "/etc/passwd", "Europe"])
    func `knows no zone of that name`(name: String) {
        #expect(BuiltinCaller().failure("time.date", [0, .string(name)]) != nil)
    }

    @Test func `adds to dates`() throws {
        let call = BuiltinCaller()
        #expect(try call("time.add_date", 1_585_852_421_593_912_000, 3, 9, 12) == 1_705_257_221_593_912_000)
        #expect(try call("time.add_date", 1_709_208_000_000_000_000, 1, 0, 0) == 1_740_830_400_000_000_000)
        #expect(call.failure("time.add_date", 0, 2262, 1, 1) == "time outside of valid range")
        #expect(call.failure("time.add_date", .integer(.min), 0, 0, -1) == "time outside of valid range")
        #expect(call.failure("time.add_date", 0, .integer(.max), .integer(.min), 0) == "time outside of valid range")
    }

    @Test(
        arguments: [
            (1_700_000_000_000_000_000, 0, [53, 10, 13, 22, 13, 20]),
            (1_580_601_600_000_000_000, 1_583_020_800_000_000_000, [0, 0, 28, 0, 0, 0]),
            (1_078_012_800_000_000_000, 1_109_635_200_000_000_000, [1, 0, 1, 0, 0, 0]),
            ([60_000_000_000, "UTC"], [0, "Asia/Shanghai"], [0, 0, 0, 0, 1, 0]),
        ] as [(Operand, Operand, Operand)])
    func `tells how far times lie apart`(left: Operand, right: Operand, expected: Operand) throws {
        #expect(try BuiltinCaller()("time.diff", left, right) == expected)
    }

    @Test(arguments: [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo",
        "Africa/Casablanca", "Pacific/Apia", "Europe/Dublin",
    ])
    func `agrees with the system about zones`(name: String) throws {
        let data = try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)"))
        let rules = try #require(TimeZoneRules(tzif: Array(data)))
        let zone = try #require(TimeZone(identifier: name))
        for step in -800..<2400 {
            let seconds = Int64(step) &* 1_000_003
            let expected = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
            #expect(rules.period(at: seconds).offset == expected, "\(name) at \(seconds)")
        }
    }

    @Test(arguments: [[], Array("TZif".utf8), Array("TZif2".utf8) + [UInt8](repeating: 0xFF, count: 100)])
    func `takes other files for no zones`(bytes: [UInt8]) {
        #expect(TimeZoneRules(tzif: bytes) == nil)
    }
}
