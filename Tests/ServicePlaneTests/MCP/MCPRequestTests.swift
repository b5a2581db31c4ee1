// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

@testable import ServicePlane

/// Requests: what is refused, what is decided on, what goes on.
@Suite("Requests to MCP servers") struct MCPRequestTests {
    @Test func `What is sent on is written anew`() throws {
        let fixture = try MCPFixture()
        try fixture.list([MCPFixture.weather])
        let request = MCPFixture.call(
            "get_weather", ["city": "Paris"], params: ["secret": "x", "cursor": "y"],
            meta: ["io.yett/task": "th_abc", "IO.Yett/other": "th_def", "example.org/kept": 1],
            fields: [
                MCPField("authorization", "Bearer of-the-client"), MCPField("cookie", "a=b"), MCPField("x-other", "1"),
            ])
        let outcome = try fixture.play(request)
        #expect(outcome.forwarded?.taskHandle == "th_abc")
        #expect(outcome.operation?.name == .toolCall)
        #expect(outcome.operation?.tool == "get_weather")
        #expect(outcome.operation?.arguments == ["city": "Paris"])
        let params = try #require(outcome.sent?["params"]?.object)
        #expect(params.names == ["_meta", "arguments", "name"])
        #expect(
            params["_meta"]?.object?.names == [
                "example.org/kept", "io.modelcontextprotocol/clientCapabilities",
                "io.modelcontextprotocol/protocolVersion",
            ])
        #expect(
            outcome.forwarded?.fields.map(\.name) == [
                "content-type", "accept", "mcp-protocol-version", "mcp-method", "mcp-name",
            ])
        #expect(outcome.forwarded?.path == "/")
    }

    @Test(arguments: [
        (#"{"jsonrpc":"2.0",/*x*/"id":1,"method":"tools/call","params":{"name":"get_weather","arguments":{}}}"#, 400),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","n\u0061me":"delete_all"}}"#, 400),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send_money","arguments":{"amount":NaN}}}"#,
            400
        ),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"city":"\ud800"}}}"#, 400),
        (#"{"jsonrpc":"2.0","id":1,"method":"Tools/Call","params":{"name":"delete_all","arguments":{}}}"#, 400),
        (#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"delete_all","arguments":{}}}"#, 400),
        (#"[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_weather"}}]"#, 400),
        ("\u{feff}{}", 400), ("", 400), ("{", 400), ("null", 400),
    ])
    func `Broken messages are refused as they come`(_ body: String, _ status: UInt16) throws {
        let fixture = try MCPFixture()
        let outcome = try fixture.play(MCPFixture.raw(body, fields: [MCPField("mcp-name", "get_weather")]))
        #expect(outcome.status == status)
        #expect(outcome.reason == .protocolViolation)
        #expect(outcome.forwarded == nil)
        #expect(outcome.json?["error"]?["data"]?["reason"]?.string != nil)
    }

    @Test func `Other encodings and deep nesting are no JSON here`() throws {
        let fixture = try MCPFixture()
        let deep = String(repeating: "[", count: 100_000)
        let bodies: [[UInt8]] = [
            [0xfe, 0xff, 0x00, 0x7b, 0x00, 0x22, 0x00, 0x6a, 0x00], [0x7b, 0x22, 0xc0, 0x80, 0x22, 0x7d],
            Array(deep.utf8), Array(#"{"a":1e999}"#.utf8), Array(repeating: 0x20, count: 2 << 20),
        ]
        for body in bodies {
            let fields = MCPFixture.call("get_weather").fields
            let outcome = try fixture.play(
                MediatedRequest(method: "POST", path: "/", query: nil, fields: fields, body: body))
            #expect(outcome.status == (body.count > 1 << 20 ? 413 : 400))
            #expect(outcome.reason == (body.count > 1 << 20 ? .requestTooLarge : .protocolViolation))
        }
    }

    @Test func `What fields repeat must be what the body says`() throws {
        let fixture = try MCPFixture()
        try fixture.list([MCPFixture.weather])
        func change(_ name: String, _ value: String?) -> MediatedRequest {
            let request = MCPFixture.call("get_weather", ["city": "x"])
            let fields = request.fields.compactMap { field in
                field.name == name ? value.map { MCPField(name, $0) } : field
            }
            return MediatedRequest(method: "POST", path: "/", query: nil, fields: fields, body: request.body)
        }
        for (name, value) in [
            ("mcp-method", "tools/list"), ("mcp-method", nil), ("mcp-name", "other"), ("mcp-name", nil),
            ("mcp-protocol-version", "2025-06-18"), ("mcp-protocol-version", nil),
        ] as [(String, String?)] {
            let outcome = try fixture.play(change(name, value))
            #expect(outcome.status == 400)
            #expect(outcome.errorCode == -32020)
        }
        #expect(try fixture.play(change("content-type", "text/plain")).status == 415)
        #expect(try fixture.play(change("accept", "application/json")).status == 406)
    }

    @Test func `Tokens in queries, foreign origins, codings and other paths`() throws {
        var settings = MCPServiceSettings()
        settings.origins = ["https://chat.example.org"]
        let fixture = try MCPFixture(settings)
        try fixture.list([MCPFixture.weather])
        func play(_ fields: [MCPField] = [], query: String? = nil, path: String = "/", method: String = "POST") throws
            -> MCPFixture.Outcome
        {
            let request = MCPFixture.call("get_weather", ["city": "x"], fields: fields)
            return try fixture.play(
                MediatedRequest(method: method, path: path, query: query, fields: request.fields, body: request.body))
        }
        #expect(try play(query: "access_token=abc").status == 400)
        #expect(try play(query: "a=b&Access%5ftoken=abc").status == 400)
        #expect(try play([MCPField("origin", "http://evil.test")]).status == 403)
        #expect(try play([MCPField("origin", "https://chat.example.org")]).isForwarded)
        #expect(try play([MCPField("content-encoding", "gzip")]).status == 415)
        #expect(try play(path: "/admin").status == 404)
        #expect(try play(path: "/mcp").isForwarded)
        let get = try play(method: "GET")
        #expect(get.status == 405)
        #expect(get.field("allow") == "POST")
    }

    @Test func `Resources and prompts are decided on by what they name`() throws {
        let fixture = try MCPFixture()
        fixture.allows = { operation in
            switch operation.name {
            case .resourceRead: operation.tool == "file:///srv/docs/a"
            case .promptGet: operation.tool == "greet"
            default: operation.name == .session
            }
        }
        let read = try fixture.play(
            MCPFixture.request("resources/read", ["uri": "file:///srv/docs/a"], name: "file:///srv/docs/a"))
        #expect(read.isForwarded)
        #expect(read.operation?.name == .resourceRead)
        #expect(read.operation?.arguments?["method"] == "resources/read")
        let other = try fixture.play(
            MCPFixture.request("resources/read", ["uri": "file:///srv/key"], name: "file:///srv/key"))
        #expect(other.errorCode == -32003)
        let list: JSONValue = [
            "resultType": "complete",
            "resources": [["uri": "file:///srv/docs/a", "name": "a"], ["uri": "file:///srv/key", "name": "k"]],
        ]
        let listed = try fixture.play(MCPFixture.request("resources/list"), answer: .result(list))
        #expect(listed.result?["resources"]?.array?.count == 1)
        let prompts: JSONValue = ["resultType": "complete", "prompts": [["name": "greet"], ["name": "other"]]]
        let shown = try fixture.play(MCPFixture.request("prompts/list"), answer: .result(prompts))
        #expect(shown.result?["prompts"]?.array?.count == 1)
        let listen = MCPFixture.request(
            "subscriptions/listen", ["notifications": ["resourceSubscriptions": ["file:///srv/key"]]])
        #expect(try fixture.play(listen).reason == .argumentRefused)
    }

    @Test func `The state of a request is the caller's and the request's`() throws {
        let fixture = try MCPFixture()
        try fixture.list([MCPFixture.weather])
        let asked: JSONValue = [
            "resultType": "input_required", "requestState": "upstream state",
            "inputRequests": ["unit": ["method": "elicitation/create", "params": [:]]],
        ]
        let meta: JSONValue = ["io.modelcontextprotocol/clientCapabilities": ["elicitation": [:]]]
        let first = try fixture.play(
            MCPFixture.call("get_weather", ["city": "x"], meta: meta), answer: .result(asked))
        let state = try #require(first.result?["requestState"]?.string)
        #expect(!state.contains("upstream"))
        func again(_ state: String, _ city: String = "x", as agent: String = "bot") throws -> MCPFixture.Outcome {
            let params: JSONValue = ["requestState": .string(state), "inputResponses": ["unit": ["action": "accept"]]]
            return try fixture.play(
                MCPFixture.call("get_weather", ["city": .string(city)], params: params, meta: meta), as: agent)
        }
        let retry = try again(state)
        #expect(retry.isForwarded)
        #expect(retry.sent?["params"]?["requestState"] == "upstream state")
        #expect(try again("AAAA").status == 400)
        #expect(try again("upstream state").status == 400)
        #expect(try again(state + "A").status == 400)
        #expect(try again(state, "y").status == 400)
        #expect(try again(state, as: "other").status == 400)
        fixture.clock.advance(3601)
        #expect(try again(state).status == 400)
    }

    @Test(arguments: [
        (
            #"{"message":"Which unit?","requestedSchema":{"type":"object","properties":{"unit":{"type":"string"}}}}"#,
            true
        ),
        (#"{"mode":"form","requestedSchema":{"properties":{"tokenizer":{},"pinned":{}}}}"#, true),
        (#"{"requestedSchema":{"properties":{"API_KEY":{}}}}"#, false),
        (#"{"requestedSchema":{"properties":{"userPassword":{}}}}"#, false),
        (#"{"requestedSchema":{"properties":{"x":{"title":"Card number"}}}}"#, false),
        (#"{"mode":"url","url":"https://login.example.org/x","elicitationId":"1"}"#, true),
        (#"{"mode":"url","url":"http://login.example.org/x"}"#, false),
        (#"{"mode":"url","url":"https://a\u202eb"}"#, false), (#"{"url":"javascript:alert(1)"}"#, false),
        (#"{"mode":"url"}"#, false), (#"{"mode":"other"}"#, false),
    ])
    func `A person is asked for no secrets and sent to no plain page`(_ params: String, _ isAllowed: Bool) throws {
        let fixture = try MCPFixture()
        try fixture.list([MCPFixture.weather])
        let asked: JSONValue = [
            "resultType": "input_required",
            "inputRequests": ["a": ["method": "elicitation/create", "params": try JSONValue(parsing: params)]],
        ]
        let meta: JSONValue = ["io.modelcontextprotocol/clientCapabilities": ["elicitation": [:]]]
        let outcome = try fixture.play(
            MCPFixture.call("get_weather", ["city": "x"], meta: meta), answer: .result(asked))
        #expect(outcome.status == (isAllowed ? 200 : 502))
    }

    @Test func `Only the allowed kinds of input may be asked for`() throws {
        let fixture = try MCPFixture()
        try fixture.list([MCPFixture.weather])
        let asked: JSONValue = [
            "resultType": "input_required",
            "inputRequests": ["m": ["method": "sampling/createMessage", "params": [:]]],
        ]
        let meta: JSONValue = ["io.modelcontextprotocol/clientCapabilities": ["sampling": [:]]]
        let outcome = try fixture.play(
            MCPFixture.call("get_weather", ["city": "x"], meta: meta), answer: .result(asked))
        #expect(outcome.status == 502)
        #expect(outcome.codes == ["mcp_upstream_input_not_allowed"])
        #expect(!String(decoding: outcome.body, as: UTF8.self).contains("sampling"))
    }
}
