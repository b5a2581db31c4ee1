// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import ServicePlane

/// What operators read of definitions.
@Suite struct MCPDefinitionTextTests {
    @Test(
        "Nothing in a definition moves the cursor, hides or turns text around",
        arguments: [
            (#"a\u001b[2Jb"#, #"a\u{1B}[2Jb"#), (#"a\u202eb"#, #"a\u{202E}b"#), (#"a\u200bb"#, #"a\u{200B}b"#),
            (#"a\u00a0b"#, #"a\u{A0}b"#), (#"a\rb\tc"#, #"a\u{D}b\u{9}c"#), (#"a\udb40\udc41b"#, #"a\u{E0041}b"#),
            (#"a\\u{1B}b"#, #"a\\u{1B}b"#), (#"a\"b"#, #"a\"b"#), ("Grüße", "Grüße"), (#"e\u0301"#, #"e\u{301}"#),
        ])
    func escapes(json: String, shown: String) {
        #expect(
            MCPDefinitionText.lines(of: Array(#"{"description":"\#(json)"}"#.utf8)) == ["description: \"\(shown)\""])
    }

    @Test func `A name of a member cannot pass for a path`() {
        let lines = MCPDefinitionText.lines(of: Array(#"{"a.b: \"x\"\n+ c":{"d":[1,{}]},"":true}"#.utf8))
        #expect(lines == [#""": true"#, #""a.b: \"x\"\u{A}+ c".d[0]: 1"#, #""a.b: \"x\"\u{A}+ c".d[1]: {}"#])
    }

    @Test func `Differences are the lines that differ`() {
        let old = Array(#"{"a":1,"b":"x\ny","c":[1,2]}"#.utf8)
        let new = Array(#"{"a":1,"b":"x\nz","c":[1,2,3]}"#.utf8)
        #expect(MCPDefinitionText.difference(from: old, to: new) == [#"- b: "y""#, #"+ b: "z""#, "+ c[2]: 3"])
        #expect(MCPDefinitionText.difference(from: old, to: old).isEmpty)
        #expect(MCPDefinitionText.lines(of: Array("{".utf8)).isEmpty)
    }

    @Test func `A giant definition is cut and says so`() {
        let many = (0..<5000).map { #""k\#($0)":1"# }.joined(separator: ",")
        let lines = MCPDefinitionText.lines(of: Array("{\(many)}".utf8))
        #expect(lines.count == 2001 && lines.last == "… 3000 further lines")
        let long = String(repeating: "x", count: 5000)
        let line = MCPDefinitionText.lines(of: Array(#"{"a":"\#(long)"}"#.utf8)).first ?? ""
        #expect(line.hasSuffix("… 3000 further characters\""))
    }
}
