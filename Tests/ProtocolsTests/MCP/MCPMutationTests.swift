// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

/// Random damage to good messages: nothing crashes, and whatever passes means upstream what it meant here.
@Suite struct MCPMutationTests {
    static let tokens = [
        "\"name\"", "\"Name\"", "\"method\"", "null", "[]", "{}", "\\u0000", "\u{0}", "\u{202e}", "\"id\":", ",", ":",
        "}", "{",
        "[", "]", "\"", "1e999", "-0", "9007199254740993", "tools/call", "tools/list", "_meta", "__proto__", "\r\n",
        "=?base64?",
        "2025-11-25", "2026-07-28", "../", "%2e", "data: ", "\n\n", "event: ", "id: ",
    ].map(bytes)

    static func damaged(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var output = input
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let at = Int.random(in: 0...output.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: output.insert(contentsOf: tokens.randomElement(using: &generator) ?? [], at: at)
            case 1: if at < output.count { output[at] = UInt8.random(in: 0...255, using: &generator) }
            case 2: output.removeSubrange(at..<min(at + Int.random(in: 1...8, using: &generator), output.count))
            case 3:
                let end = min(at + Int.random(in: 1...40, using: &generator), output.count)
                output.insert(contentsOf: output[at..<end], at: Int.random(in: 0...output.count, using: &generator))
            default: output.swapAt(min(at, max(output.count - 1, 0)), 0)
            }
            if output.isEmpty { output = input }
        }
        return output
    }

    static let requests: [MCPHTTPRequest] = [
        toolCall("get_weather", ["city": "x", "n": [1, nil, true]]), modern("tools/list"),
        modern("resources/read", ["uri": "file:///a"], name: "file:///a"),
        modern("prompts/get", ["name": "p", "arguments": ["a": "b"]], name: "p"),
        modern("subscriptions/listen", ["notifications": ["toolsListChanged": true]]),
        legacy("initialize", MCPOperationTests.start("2025-11-25"), version: nil), legacy("tools/call", ["name": "t"]),
        legacy(
            "completion/complete",
            ["ref": ["type": "ref/prompt", "name": "p"], "argument": ["name": "a", "value": "v"]]),
        post(sessionFields(), ["jsonrpc": "2.0", "id": 5, "result": ["action": "accept"]]),
    ]

    @Test("sends only what reads upstream as it was judged", arguments: [1, 2, 3, 4] as [UInt64])
    func requests(_ seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let reader = MCPRequestReader()
        var passed = 0
        for round in 0..<1500 {
            let good = Self.requests[round % Self.requests.count]
            var fields = good.fields
            if round % 3 == 0, let index = fields.indices.randomElement(using: &generator) {
                fields[index] = MCPField(
                    fields[index].name,
                    String(decoding: Self.damaged(bytes(fields[index].value), &generator), as: UTF8.self))
            }
            let body = round % 3 == 1 || round % 7 == 0 ? Self.damaged(good.body, &generator) : good.body
            guard let read = try? reader.read(MCPHTTPRequest(method: "POST", fields: fields, body: body)) else {
                continue
            }
            passed += 1
            let again = try reader.read(MCPHTTPRequest(method: "POST", fields: read.fields, body: read.body))
            #expect(again.body == read.body)
            #expect(again.revision == read.revision)
            #expect(again.operation.name == read.operation.name)
            #expect(again.operation.subject == read.operation.subject)
            #expect(again.operation.arguments == read.operation.arguments)
            let (sent, judged) = try (JSONValue(parsing: read.body), JSONValue(parsing: body))
            #expect(sent["method"] == judged["method"])
            #expect(sent["params"] == judged["params"])
        }
        #expect(passed > 100)
    }

    @Test("passes only whole answers with the right identifier", arguments: [5, 6, 7] as [UInt64])
    func answers(_ seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let request = try MCPRequestReader().read(modern("tools/list"))
        let good = bytes(
            #"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a","inputSchema":{"properties":{"x":{"type":"string","x-mcp-header":"X"}}},"description":"d"}],"ttlMs":5,"cacheScope":"public","nextCursor":"n"}}"#
        )
        for _ in 0..<1500 {
            var exchange = MCPExchange(request)
            guard let message = try? exchange.readBody(Self.damaged(good, &generator)) else { continue }
            #expect(message.answers == request.id)
            #expect(exchange.isAnswered)
            guard case .result(let result) = message.kind,
                let page = try? MCPListPage(result, of: .listTools, in: .july2026, isVisible: { _ in true })
            else { continue }
            #expect(page.items.allSatisfy { MCPNames.isToolName($0.name) })
            #expect(page.items.allSatisfy { !HiddenText.isPresent(in: .object($0.value)) })
            #expect(page.result["cacheScope"] == "private")
            #expect(page.result["tools"]?.array?.count == page.items.count)
        }
    }

    @Test("reads a damaged stream the same in pieces of every size", arguments: [8, 9] as [UInt64])
    func streams(_ seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let good = bytes(": hi\r\n\r\nid: 1\ndata: {\"a\":1}\ndata: 2\n\nretry: 5\nevent: message\ndata: \u{e9}\r\r")
        let limits = EventStreamLimits(eventBytes: 64, streamBytes: 400, events: 6, idleBytes: 80)
        for _ in 0..<1500 {
            let stream = Self.damaged(good, &generator)
            let whole = EventStreamTests.read(stream, pieces: stream.count, limits: limits)
            #expect(EventStreamTests.read(stream, pieces: 1, limits: limits) == whole)
            #expect(
                EventStreamTests.read(stream, pieces: Int.random(in: 2...9, using: &generator), limits: limits) == whole
            )
        }
    }

    @Test("refuses messages beyond the limits before it takes them apart")
    func limits() {
        let limits = MCPLimits(rpc: JSONRPCLimits(json: JSONLimits(bytes: 2000, depth: 8, values: 50)), uriBytes: 20)
        let reader = MCPRequestReader(limits: limits)
        #expect(
            refusalCode(toolCall("t", ["a": .string(String(repeating: "x", count: 3000))]), reader) == "json_too_large")
        #expect(
            refusalCode(toolCall("t", ["a": .array(Array(repeating: 1, count: 60))]), reader) == "json_too_many_values")
        #expect(refusalCode(toolCall("t", ["a": [[[[[[[1]]]]]]]]), reader) == "json_too_deep")
        let uri = "file:///" + String(repeating: "a", count: 20)
        #expect(
            refusalCode(
                modern("resources/read", ["uri": .string(uri)], name: uri), reader)
                == "mcp_bad_uri")
    }
}
