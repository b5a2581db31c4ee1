// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@testable import MCPBridge

@Suite struct LineSplitterTests {
    @Test(
        "finds the same lines however the bytes come",
        arguments: [
            ("", []), ("a\n", ["a"]), ("a", ["a"]), ("a\r\nb\n", ["a", "b"]), ("\n\n \t\na", ["a"]),
            ("a\rb\n", ["a\rb"]), ("12345678\n", ["12345678"]), ("123456789\nx\n", ["(too long)", "x"]),
            ("123456789", ["(too long)"]),
        ] as [(String, [String])])
    func lines(text: String, expected: [String]) {
        let bytes = Array(text.utf8)
        for size in 1...max(bytes.count, 1) {
            var splitter = LineSplitter(limit: 8)
            var lines: [LineSplitter.Line] = []
            var start = 0
            while start < bytes.count {
                lines += splitter.feed(bytes[start..<min(start + size, bytes.count)])
                start += size
            }
            lines += splitter.end()
            let found = lines.map { line in
                if case .whole(let bytes) = line { String(decoding: bytes, as: UTF8.self) } else { "(too long)" }
            }
            #expect(found == expected, "in pieces of \(size)")
        }
    }

    @Test("makes the fields that a message on a pipe lacks")
    func fields() throws {
        var fields = MessageFields()
        let legacy = try JSONValue(parsing: #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
        #expect(fields.fields(of: legacy).map(\.0) == ["content-type", "accept"])
        fields.session = MessageFields.Session(id: "s", version: "2025-11-25")
        #expect(fields.fields(of: legacy).dropFirst(2).map(\.1) == ["2025-11-25", "s"])
        #expect(fields.fields(of: nil).map(\.0).contains("mcp-session-id"))
        fields.learn(
            try JSONValue(
                parsing: #"""
                    {"tools":[{"name":"t","inputSchema":{"type":"object","properties":{
                      "r":{"type":"string","x-mcp-header":"Region"},"n":{"type":"integer","x-mcp-header":"N"}}}}]}
                    """#))
        let call = try JSONValue(
            parsing: #"""
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"r":"Zürich","n":7},
                 "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
                """#)
        let made = fields.fields(of: call).dropFirst(2).map { "\($0.0): \($0.1)" }.sorted()
        #expect(
            made == [
                "mcp-method: tools/call", "mcp-name: t", "mcp-param-n: 7",
                "mcp-param-region: =?base64?WsO8cmljaA==?=", "mcp-protocol-version: 2026-07-28",
            ])
        let smuggled = try JSONValue(
            parsing: #"""
                {"jsonrpc":"2.0","id":1,"method":"x\r\nAuthorization: y","params":{
                 "_meta":{"io.modelcontextprotocol/protocolVersion":"1\r\nA: b"}}}
                """#)
        #expect(fields.fields(of: smuggled).count == 2)
    }
}
