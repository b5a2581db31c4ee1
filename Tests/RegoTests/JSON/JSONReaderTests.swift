// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct JSONReaderTests {
    let heap = Heap()

    func read(_ text: String, limits: Limits = Limits()) throws(JSONFailure) -> Value {
        try JSONReader(heap: heap, limits: limits).read(Array(text.utf8))
    }

    func written(_ text: String) throws -> String {
        String(decoding: JSONWriter.bytes(try read(text)), as: UTF8.self)
    }

    @Test(arguments: [
        ("null", "null"), (" [ 1 , 2.50, -0, 1e2, \"a\" ] ", "[1,2.50,-0,1e2,\"a\"]"), ("{}", "{}"), ("[]", "[]"),
        ("{\"b\":1,\"a\":{\"d\":true,\"c\":false}}", "{\"a\":{\"c\":false,\"d\":true},\"b\":1}"),
        ("{\"a\":1,\"a\":2}", "{\"a\":2}"), (#""\u00e9\uD83D\uDE00\/\b\f\n\r\t\"\\""#, #""é😀/\b\f\n\r\t\"\\""#),
        (#""\ud800""#, "\"\u{FFFD}\""), (#""\ud800\ud800\udc00""#, "\"\u{FFFD}\u{10000}\""),
        (#""\udc00x""#, "\"\u{FFFD}x\""), (#""\ud800\n""#, "\"\u{FFFD}\\n\""), (#""\u0000\u001f""#, #""\u0000\u001f""#),
        ("\"<é&\u{2028}\u{7F}\"", "\"<é&\\u2028\u{7F}\""),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("999999999999999999", "999999999999999999"), ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"), ("[1e400]", "[1e400]"), ("\"\"", "\"\""),
        (
            "{\"0123456789abcdef\":\"0123456\",\"01234567\":\"0123456789\"}",
            "{\"01234567\":\"0123456789\",\"0123456789abcdef\":\"0123456\"}"
        ),
    ])
    func `writes what it read`(_ text: String, _ expected: String) throws {
        #expect(try written(text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "tru", "True", "01", "1.", ".5", "-", "+1", "1e", "0x1", "1 2", "[", "[1", "[1,",
        "[1,]", "[,1]",
        "]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:1}", "\"", "\"\\", "\"\\x\"",
        "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "'a'", "[1 2]", "{\"a\" 1}", "NaN", "\u{FEFF}1", "1\u{0}", "\u{A0}1",
        "//", "[1]]",
    ])
    func `refuses what is not JSON`(_ text: String) {
        #expect {
            try read(text)
        } throws: {
            if case .malformed? = $0 as? JSONFailure { true } else { false }
        }
    }

    @Test(arguments: [
        ("[1 2]", 3, "invalid character '2' after array element"),
        ("{a", 1, "invalid character 'a' looking for beginning of object key string"),
        ("[", 1, "unexpected end of JSON input"), ("x", 0, "invalid character 'x' looking for beginning of value"),
        ("1 2", 2, "invalid character '2' after top-level value"),
        ("\"\n\"", 1, "invalid character '\\n' in string literal"),
    ])
    func `says what is wrong and where`(_ text: String, _ position: Int, _ message: String) {
        #expect {
            try read(text)
        } throws: {
            guard case .malformed(position, let problem)? = $0 as? JSONFailure else { return false }
            return problem.description == message
        }
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80], [0x80]]
            as [[UInt8]])
    func `replaces bytes that are not UTF-8`(_ bytes: [UInt8]) throws {
        let value = try JSONReader(heap: heap).read([0x22, 0x61] + bytes + [0x62, 0x22])
        #expect(value.string == "a" + String(repeating: "\u{FFFD}", count: bytes.count) + "b")
    }

    @Test func `keeps strings apart that Unicode calls equivalent`() throws {
        #expect(try read("{\"\u{E9}\":1,\"e\u{301}\":2}").count == 2)
    }

    @Test func `takes the strings of the policy`() throws {
        let policy = Heap()
        let symbols = SymbolTable(heap: policy)
        let known = symbols.intern(Array("known".utf8))
        let reader = JSONReader(heap: heap, symbols: symbols)
        let value = try reader.read(Array(#"{"known":["known","kno\u0077n","other"]}"#.utf8))
        #expect(value.keys[0].isIdentical(to: known))
        let list = value.member(known)
        #expect(list.elements[0].isIdentical(to: known))
        #expect(list.elements[1].isIdentical(to: known))
        #expect(list.elements[2].isSymbol == false)
    }

    @Test func `bounds depth, nodes, digits and bytes`() throws {
        var limits = Limits()
        limits.inputDepth = 3
        limits.inputNodes = 10
        limits.inputBytes = 100
        #expect(try read("[[[1]]]", limits: limits).count == 1)
        #expect(throws: JSONFailure.limit(.depth)) { try read("[[[[1]]]]", limits: limits) }
        #expect(try read("[1,2,3,4,5,6,7,8,9]", limits: limits).count == 9)
        #expect(throws: JSONFailure.limit(.input)) { try read("[1,2,3,4,5,6,7,8,9,10]", limits: limits) }
        #expect(throws: JSONFailure.limit(.input)) { try read(String(repeating: " ", count: 101), limits: limits) }
        #expect(throws: JSONFailure.limit(.number)) { try read(String(repeating: "1", count: 1001)) }
        #expect(throws: JSONFailure.limit(.number)) { try read("[1e999999999]") }
        #expect(throws: JSONFailure.limit(.depth)) { try read(String(repeating: "[", count: 100_000)) }
        #expect(throws: JSONFailure.limit(.depth)) { try read(String(repeating: "{\"a\":", count: 100_000)) }
    }

    @Test func `reads a million keys`() throws {
        var limits = Limits()
        limits.inputNodes = .max
        limits.inputBytes = .max
        var text = "{"
        for number in 0..<1_000_000 { text += "\"\(number)\":\(number)," }
        text += "\"last\":null}"
        let value = try read(text, limits: limits)
        #expect(value.count == 1_000_001)
        #expect(value.member(heap.string("654321")).exactInteger == 654_321)
    }

    @Test func `allocates nothing outside of the heap once it is warm`() throws {
        let reader = JSONReader(heap: heap)
        let text = Array(#"{"a":"\u0041bc","list":[1,2,3,4,5,6,7,8,9,10],"x":{"y":"é"}}"#.utf8)
        _ = try reader.read(text)
        for _ in 0..<10_000 {
            heap.reset()
            _ = try reader.read(text)
        }
        #expect(heap.bytesInUse == 0)
    }
}
