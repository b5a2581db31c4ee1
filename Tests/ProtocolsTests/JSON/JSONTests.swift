// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct JSONTests {
    static func reason(_ text: [UInt8], _ limits: JSONLimits = .standard) -> JSONError.Reason? {
        do {
            _ = try JSONValue(parsing: text, limits: limits)
            return nil
        } catch { return error.reason }
    }

    @Test("reads every kind of value")
    func kinds() throws {
        let value = try JSONValue(
            parsing: #" {"a": [1, -0.5e+3, true, false, null], "b": {"\u00e9": "\ud83d\ude00\n\/"}, "": "x"} "#)
        #expect(
            value == [
                "a": [1, .number(JSONNumber(checked: "-0.5e+3", isInteger: false)), true, false, nil],
                "b": ["\u{e9}": "\u{1F600}\n/"], "": "x",
            ])
        #expect(value["a"]?[0]?.integer == 1)
        #expect(value["a"]?[9] == nil)
        #expect(value["nothing"] == nil)
    }

    @Test(
        "refuses what is not JSON",
        arguments: [
            ("", JSONError.Reason.truncated), (" ", .truncated), ("[", .truncated), ("[1", .truncated),
            ("{\"a\"", .truncated),
            ("\"a", .truncated), ("tru", .truncated), ("-", .truncated), ("1.", .truncated), ("1e", .truncated),
            ("\"\\u12", .truncated), ("[1,]", .unexpectedByte), ("[,1]", .unexpectedByte), ("{,}", .unexpectedByte),
            ("{\"a\":1,}", .unexpectedByte), ("{a:1}", .unexpectedByte), ("{\"a\" 1}", .unexpectedByte),
            ("'a'", .unexpectedByte),
            ("nul1", .unexpectedByte), ("True", .unexpectedByte), ("[1 2]", .unexpectedByte),
            ("\u{FEFF}1", .unexpectedByte),
            ("NaN", .unexpectedByte), ("+1", .unexpectedByte), (".5", .unexpectedByte), ("/**/1", .unexpectedByte),
            ("\u{a0}1", .unexpectedByte), ("1 2", .trailingData), ("{}{}", .trailingData), ("1\u{0}", .trailingData),
            ("1\u{0c}", .trailingData), ("01", .invalidNumber), ("-01", .invalidNumber), ("1.e1", .invalidNumber),
            ("1e+x", .invalidNumber), ("-a", .invalidNumber), ("1e400", .numberOutOfRange),
            ("\"\u{1}\"", .controlCharacter),
            ("\"\n\"", .controlCharacter), ("\"\\x\"", .invalidEscape), ("\"\\u12G4\"", .invalidEscape),
            ("\"\\ud800\"", .loneSurrogate), ("\"\\udc00\"", .loneSurrogate), ("\"\\ud800\\u0041\"", .loneSurrogate),
            ("\"\\ud800x\"", .loneSurrogate), ("{\"a\":1,\"a\":1}", .duplicateName),
            ("{\"a\":1,\"\\u0061\":1}", .duplicateName),
        ])
    func refusals(_ text: String, _ reason: JSONError.Reason) {
        #expect(Self.reason(bytes(text)) == reason)
    }

    @Test(
        "refuses strings that are not UTF-8",
        arguments: [
            [0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x5c, 0x6e, 0xff],
        ] as [[UInt8]])
    func invalidUTF8(_ content: [UInt8]) {
        #expect(Self.reason([0x22] + content + [0x22]) == .invalidUTF8)
    }

    @Test("stops at each limit")
    func limits() {
        let limits = JSONLimits(bytes: 40, depth: 2, values: 5, stringBytes: 6, numberBytes: 4)
        #expect(Self.reason(bytes(String(repeating: " ", count: 40) + "1"), limits) == .tooLarge)
        #expect(Self.reason(bytes("[[1]]"), limits) == nil)
        #expect(Self.reason(bytes("[[[1]]]"), limits) == .tooDeep)
        #expect(Self.reason(bytes("[1,2,3,4]"), limits) == nil)
        #expect(Self.reason(bytes("[1,2,3,4,5]"), limits) == .tooManyValues)
        #expect(Self.reason(bytes("\"123456\""), limits) == nil)
        #expect(Self.reason(bytes("\"1234567\""), limits) == .stringTooLong)
        #expect(Self.reason(bytes("\"\\n34567890\""), limits) == .stringTooLong)
        #expect(Self.reason(bytes("1234"), limits) == nil)
        #expect(Self.reason(bytes("12345"), limits) == .numberOutOfRange)
        #expect(Self.reason([UInt8](repeating: 0x5b, count: 1 << 19)) == .tooDeep)
    }

    @Test("bears the deepest nesting that a limit can ask for")
    func depth() throws {
        let limits = JSONLimits(depth: 9999)
        let text = String(repeating: "[{\"a\":", count: 256) + "1" + String(repeating: "}]", count: 256)
        let value = try JSONValue(parsing: text, limits: limits)
        #expect(value.canonicalBytes == bytes(text))
        #expect(value == value)
        #expect(value.hashValue == value.hashValue)
        #expect(Self.reason(bytes("[" + text + "]"), limits) == .tooDeep)
    }

    @Test("compares strings and names by their bytes")
    func bytewise() throws {
        #expect(JSONValue.string("\u{e9}") != .string("e\u{301}"))
        let both = try JSONValue(parsing: #"{"\u00e9":1,"e\u0301":2}"#)
        #expect(both["\u{e9}"]?.integer == 1)
        #expect(both["e\u{301}"]?.integer == 2)
    }

    @Test("writes the canonical form of RFC 8785")
    func canonical() throws {
        let value = try JSONValue(
            parsing: """
                {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001, -0, -0.0, 1e21, 123456789012345678901],
                 "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}
                """)
        #expect(
            String(decoding: value.canonicalBytes, as: UTF8.self)
                == #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0,0,1e+21,123456789012345678901],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        )
        let names = try JSONValue(
            parsing: #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#)
        #expect(names.object?.members.map { $0.value.integer } == [2, 4, 6, 7, 1, 5, 3])
    }

    @Test(
        "formats numbers as ECMAScript does",
        arguments: [
            (0x0000_0000_0000_0001, "5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"), (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"), (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x41b3_de43_5555_5553, "333333333.3333332"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"), (0x8000_0000_0000_0000, "0"),
        ] as [(UInt64, String)])
    func numbers(_ bits: UInt64, _ text: String) {
        #expect(JSONNumber(Double(bitPattern: bits))?.text == text)
    }

    @Test("reads again what it writes, for random values")
    func roundTrip() throws {
        var generator = SeededGenerator(state: 3)
        func random(_ depth: Int) -> JSONValue {
            switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
            case 0: .null
            case 1: .bool(Bool.random(using: &generator))
            case 2: .integer(Int64.random(in: .min ... .max, using: &generator))
            case 3: JSONNumber(Double(bitPattern: generator.next())).map { .number($0) } ?? .null
            case 4: .string(randomString())
            case 5: .array((0..<Int.random(in: 0..<4, using: &generator)).map { _ in random(depth + 1) })
            default: object(depth)
            }
        }
        func randomString() -> String {
            String(decoding: (0..<6).map { _ in UInt8.random(in: 0...255, using: &generator) }, as: UTF8.self)
        }
        func object(_ depth: Int) -> JSONValue {
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<5, using: &generator) { object[randomString()] = random(depth + 1) }
            return .object(object)
        }
        for _ in 0..<3000 {
            let value = random(0)
            #expect(try JSONValue(parsing: value.bytes) == value)
            let canonical = value.canonicalBytes
            #expect(try JSONValue(parsing: canonical).canonicalBytes == canonical)
        }
    }
}
