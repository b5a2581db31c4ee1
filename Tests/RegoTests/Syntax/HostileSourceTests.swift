// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Rego
import Testing

@Suite struct HostileSourceTests {
    private func parse(_ text: String) -> String? {
        parse(Array(text.utf8))
    }

    private func parse(_ bytes: [UInt8]) -> String? {
        do throws(Diagnostics) {
            _ = try Parser.parseModule(bytes, file: 0)
            return nil
        } catch {
            return error.list.first?.message
        }
    }

    @Test(
        arguments: [
            String(repeating: "[", count: 1_000_000), String(repeating: "{", count: 1_000_000),
            String(repeating: "(", count: 1_000_000), "p := " + String(repeating: "{a |", count: 200_000),
            "p := 1" + String(repeating: " + 1", count: 200_000),
            "p := a" + String(repeating: "[0](1)", count: 100_000),
            "p := " + String(repeating: "$\"{", count: 200_000),
            "p if " + String(repeating: "every x in y {", count: 50_000),
            "p := " + String(repeating: "f(", count: 300_000),
        ])
    func `stops where a source is nested too deeply`(text: String) {
        #expect(parse("package a\n\(text)") == "max parsing recursion depth exceeded")
    }

    @Test func `takes a long comment and refuses a source beyond the limit`() {
        #expect(parse("package a\n#" + String(repeating: "x", count: 1_000_000)) == nil)
        #expect(parse("package a\n#" + String(repeating: "x", count: 1 << 20)) == "source is larger than 1048576 bytes")
    }

    @Test(
        arguments: [
            ("p := \"abc", "non-terminated string"), ("p := `abc", "non-terminated string"),
            ("p := $\"abc", "non-terminated string"), ("p := $`a{b}", "non-terminated string"),
            ("p := \"\0\"", "illegal null character"), ("# a\0b", "illegal null character"),
            ("p := \"\u{FEFF}\"", "illegal byte-order mark"),
        ])
    func `refuses what no source may hold`(text: String, message: String) {
        #expect(parse("package a\n\(text)\n") == message)
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func `refuses malformed UTF-8`(bytes: [UInt8]) {
        #expect(parse(Array("package a\np := \"".utf8) + bytes + Array("\"".utf8)) == "illegal utf-8 character")
    }

    @Test func `reads a text that fits in two ways in time that grows with its length`() {
        let nested = String(repeating: "{a |", count: 100) + "b" + String(repeating: ", c}", count: 100)
        #expect(parse("package a\np := \(nested)") != nil)
        let groups = String(repeating: "(", count: 100) + "b" + String(repeating: " or c)", count: 100)
        #expect(parse("package a\nimport future.keywords.or\np if \(groups)") == nil)
    }

    @Test func `refuses numbers with too many digits`() {
        #expect(parse("package a\np := 1" + String(repeating: "0", count: 1_000)) == "number too big")
    }
}
