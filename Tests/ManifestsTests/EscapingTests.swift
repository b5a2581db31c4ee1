// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing
import Yams

@testable import Manifests

@Suite struct EscapingTests {
    static let texts = [
        "", " ", "a", "true", "True", "YES", "no", "on", "y", "~", "null", "NaN", ".inf", "1", "1e3", "0x10", "0o7",
        "1_000",
        "12:30:45", "2026-01-01", "=", "<<", "-", "- a", "? a", ": a", "a: b", "a #b", "#", "&a", "*a", "!a", "!!str a",
        "|",
        ">", "'", "\"", "\\", "\\n", "a\nb", "a\n", "\n", "\r\n", "\t", "{a: b}", "[a]", "@a", "`a`", "%a", "---",
        "...",
        "a\u{0}b", "\u{7f}", "\u{85}", "\u{2028}", "a\u{feff}", "é", "e\u{301}", "😀", "trailing ", " leading",
        "a\n  b\n",
        "  a\nb\n", "a\n\n", "a\n\nb\n", "/etc/yett", "a/b.c-d_e", "${HOME}", "{{ .Values.a }}", "a\tb\n",
    ]

    @Test("writes every text so that a reader of YAML gets it back as it was", arguments: texts)
    func scalars(text: String) throws {
        let document = YAMLEmitter.document("A comment.", ["value": .string(text), "list": [.string(text)]])
        let root = try #require(try Yams.compose(yaml: document), "\(document)")
        let value = try #require(root["value"]?.scalar, "\(document)")
        #expect(Array(value.string.utf8) == Array(text.utf8), "\(document)")
        #expect(root["value"]?.tag == Tag(.str, .default, .default), "\(document)")
        let item = try #require(root["list"]?.sequence?.first?.scalar)
        #expect(Array(item.string.utf8) == Array(text.utf8), "\(document)")
    }

    @Test("writes every text as a key, too", arguments: texts)
    func keys(text: String) throws {
        let document = YAMLEmitter.document("A comment.", .map([YAMLNode.Entry(text, 1)]))
        let root = try #require(try Yams.compose(yaml: document)?.mapping, "\(document)")
        let key = try #require(root.keys.first?.scalar)
        #expect(Array(key.string.utf8) == Array(text.utf8), "\(document)")
    }

    @Test("keeps a comment a comment, whatever stands in it", arguments: texts)
    func comments(text: String) throws {
        let document = YAMLEmitter.document(
            text, ["a": .noted(text, ["b": 1]), "list": [.noted(text, ["c": .noted(text, 2)])]])
        let root = try #require(try Yams.compose(yaml: document), "\(document)")
        #expect(root.mapping?.count == 2, "\(document)")
        #expect(root["a"]?["b"]?.int == 1, "\(document)")
        #expect(root["list"]?[0]?["c"]?.int == 2, "\(document)")
    }

    @Test("writes nested lists and empty values")
    func shapes() throws {
        let document = YAMLEmitter.document(
            "Shapes.", ["a": [[1, 2], [], .nothing, ["b": [["c": true]]]], "d": .nothing, "e": []])
        let root = try #require(try Yams.compose(yaml: document), "\(document)")
        #expect(root["a"]?[0]?[1]?.int == 2)
        #expect(root["a"]?[1]?.sequence?.isEmpty == true)
        #expect(root["a"]?[2]?.mapping?.isEmpty == true)
        #expect(root["a"]?[3]?["b"]?[0]?["c"]?.bool == true)
        #expect(root["d"]?.mapping?.isEmpty == true)
        #expect(root["e"]?.sequence?.isEmpty == true)
    }

    @Test(
        "writes words of units as systemd reads them back",
        arguments: [
            ("/run/a.sock", "/run/a.sock"), ("/run/a b", "\"/run/a b\""), ("100%", "100%%"),
            ("a\"b", "\"a\\\"b\""), ("a\\b", "\"a\\\\b\""), ("$HOME", "\"$HOME\""), ("a;b", "\"a;b\""),
            ("%n \"x\"", "\"%%n \\\"x\\\"\""), ("", "\"\""), ("#a", "\"#a\""),
        ])
    func unitWords(text: String, expected: String) throws {
        #expect(try UnitText.word(text) == expected)
    }

    @Test("doubles dollar signs of command lines")
    func arguments() throws {
        #expect(try UnitText.argument("/etc/$a ${b}") == "\"/etc/$$a $${b}\"")
    }

    @Test("refuses what no unit can hold", arguments: ["a\nb", "a\r", "\u{0}", "\u{1b}[2J", "\u{7f}"])
    func unitControls(text: String) {
        #expect(throws: ManifestError.self) { try UnitText.word(text) }
        #expect(throws: ManifestError.self) { try UnitText.argument(text) }
        #expect(throws: ManifestError.self) { try UnitText.rest(text) }
    }

    @Test("refuses ends of lines that systemd would not read", arguments: ["a\\", "a ", ""])
    func unitEnds(text: String) {
        #expect(throws: ManifestError.self) { try UnitText.rest(text) }
    }

    @Test("does not let a comment of a unit end early or swallow a line")
    func unitComments() {
        var unit = UnitFile()
        unit.comment("a\n[Service]\nExecStart=/bin/sh \\")
        unit.set("A", "b")
        #expect(unit.text == "# a?[Service]?ExecStart=/bin/sh \\.\nA=b\n")
    }
}
