// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

@testable import ServicePlane

/// Bytes that nobody chose.
@Suite("Mutated MCP messages") struct MCPMutationTests {
    /// A generator that gives the same numbers each time (SplitMix64).
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
            return value ^ (value >> 31)
        }
    }

    private static func mutate(_ bytes: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
        var output = bytes
        for _ in 0..<Int.random(in: 1...4, using: &numbers) {
            guard !output.isEmpty else { return [UInt8.random(in: 0...255, using: &numbers)] }
            let place = Int.random(in: 0..<output.count, using: &numbers)
            switch Int.random(in: 0..<5, using: &numbers) {
            case 0: output[place] = UInt8.random(in: 0...255, using: &numbers)
            case 1: output.remove(at: place)
            case 2: output.insert(Array("{}[]\",:\\\u{0}".utf8).randomElement(using: &numbers) ?? 0, at: place)
            case 3: output.insert(contentsOf: output[place...].prefix(12), at: place)
            default: output = Array(output[..<place])
            }
        }
        return output
    }

    @Test(arguments: 0..<8)
    func `Nothing crashes, and what is forwarded reads the same again`(_ seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed) &+ 1)
        var settings = MCPServiceSettings()
        settings.annotations["get_weather"] = ToolAnnotations(effect: .external, readsUntrustedContent: true)
        settings.serverRequests = [.elicit, .createMessage]
        let fixture = try MCPFixture(settings)
        try fixture.list([MCPFixture.weather])
        let requests = [
            MCPFixture.call("get_weather", ["city": "x", "more": [1, ["a": nil]]], params: ["requestState": "x"]),
            MCPFixture.call("get_weather", ["city": "x"], meta: ["io.yett/task": "th"]),
            MCPFixture.request("tools/list", ["cursor": "x"]), MCPFixture.older("tools/list", [:]),
            MCPFixture.older("initialize", ["protocolVersion": "2025-11-25"], version: nil),
            MCPFixture.request("resources/read", ["uri": "file:///a"], name: "file:///a"),
            MCPFixture.request("subscriptions/listen", ["notifications": ["toolsListChanged": true]]),
        ]
        let answers = [
            MCPFixture.Answer.result([
                "content": [["type": "text", "text": "{\"a\":1}"]], "structuredContent": ["a": [1]],
            ]),
            .result(["tools": [MCPFixture.weather, MCPFixture.tool("b", properties: ["a": ["enum": [1, [2]]]])]]),
            .stream([["jsonrpc": "2.0", "id": 1, "result": ["content": []]]]),
            .result(["resultType": "input_required", "requestState": "s", "inputRequests": [:]]),
            .result(["contents": [["uri": "file:///a", "text": "b"]], "_meta": ["io.yett/x": 1]]),
        ]
        for _ in 0..<1500 {
            let request = requests[Int.random(in: 0..<requests.count, using: &numbers)]
            var answer = answers[Int.random(in: 0..<answers.count, using: &numbers)]
            let isRequest = Bool.random(using: &numbers)
            if !isRequest { answer.body = Self.mutate(answer.body, &numbers) }
            let outcome = try fixture.play(
                MediatedRequest(
                    method: request.method, path: request.path, query: nil, fields: request.fields,
                    body: isRequest ? Self.mutate(request.body, &numbers) : request.body),
                answer: answer)
            guard let forwarded = outcome.forwarded, !forwarded.body.isEmpty else { continue }
            let again = try JSONValue(parsing: forwarded.body)
            #expect(again.bytes == forwarded.body)
            #expect(again["params"]?["_meta"]?["io.yett/task"] == nil)
        }
    }

    @Test(arguments: 0..<4)
    func `Mutated schemas judge in bounded time`(_ seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed) &+ 100)
        let schema = Array(
            #"""
            {"type":"object","properties":{"a":{"$ref":"#/$defs/x"},"b":{"oneOf":[{"type":"string"},{"items":{"$ref":"#"}}]}},
            "$defs":{"x":{"anyOf":[{"$ref":"#/$defs/x"},{"type":"integer","multipleOf":2}]}},
            "patternProperties":{"^(a|b)+$":{"not":{"const":5}}},"additionalProperties":false,"if":{"required":["a"]},
            "then":{"minProperties":1,"dependentRequired":{"a":["b"]}}}
            """#.utf8)
        let arguments: JSONValue = ["a": 4, "b": [["a": 3], "x", [["b": "y"]]]]
        for _ in 0..<2000 {
            guard let value = try? JSONValue(parsing: Self.mutate(schema, &numbers)), case .object(let object) = value,
                let schema = try? ArgumentSchema(object)
            else { continue }
            _ = schema.refusal(of: arguments)
        }
    }
}
