// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct MCPExchangeTests {
    static func request(
        _ method: String, _ params: JSONValue = [:], name: String? = nil, meta: JSONValue = [:]
    ) throws -> MCPRequest {
        var all = try #require(modernMeta.object)
        for member in meta.object?.members ?? [] { all[member.name] = member.value }
        var full = try #require(params.object)
        full["_meta"] = .object(all)
        return try MCPRequestReader().read(modern(method, .object(full), name: name))
    }

    static func call(meta: JSONValue = [:]) throws -> MCPExchange {
        MCPExchange(try request("tools/call", ["name": "t"], name: "t", meta: meta))
    }

    /// What comes of an event, as the text that is passed on or the code of the refusal.
    static func event(_ exchange: inout MCPExchange, _ text: String) -> String? {
        do throws(MCPRefusal) {
            let message = try exchange.readEvent(EventStreamEvent(data: bytes(text)))
            return message.map { String(decoding: $0.bytes, as: UTF8.self) }
        } catch {
            #expect(error.fault == .server)
            return error.code
        }
    }

    static func body(_ exchange: inout MCPExchange, _ text: String) -> String {
        do throws(MCPRefusal) {
            return String(decoding: try exchange.readBody(bytes(text)).bytes, as: UTF8.self)
        } catch { return error.code }
    }

    @Test(
        "takes or refuses the body of an answer to a tool call of 2026-07-28",
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#, nil),
            (#"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","structuredContent":1.50}}"#, nil),
            (#"{"jsonrpc":"2.0","id":"1","result":{}}"#, "mcp_upstream_wrong_id"),
            (#"{"jsonrpc":"2.0","id":2,"result":{}}"#, "mcp_upstream_wrong_id"),
            (#"{"jsonrpc":"2.0","id":1,"result":[]}"#, "mcp_upstream_bad_result"),
            (#"{"jsonrpc":"2.0","id":1,"result":{"content":{}}}"#, "mcp_upstream_bad_result"),
            (#"{"jsonrpc":"2.0","id":1,"result":{"content":[1]}}"#, "mcp_upstream_bad_result"),
            (#"{"jsonrpc":"2.0","id":1,"result":{"isError":1}}"#, "mcp_upstream_bad_result"),
            (#"{"jsonrpc":"2.0","id":1,"result":{"Content":[]}}"#, "mcp_upstream_ambiguous_name"),
            (#"{"jsonrpc":"2.0","id":1,"result":{"resultType":"task"}}"#, "mcp_upstream_unknown_result_type"),
            (#"{"jsonrpc":"2.0","id":1,"result":{"resultType":7}}"#, "mcp_upstream_unknown_result_type"),
            (#"{"jsonrpc":"2.0","id":1,"result":{"inputRequests":{}}}"#, "mcp_upstream_input_not_allowed"),
            (#"{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required"}}"#, "mcp_upstream_input_not_allowed"),
            (#"{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","requestState":"s"}}"#, nil),
            (
                #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","requestState":1}}"#,
                "mcp_upstream_bad_result"
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","inputRequests":{"a":{"method":"elicitation/create"}}}}"#,
                nil
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","inputRequests":{"a":{"method":"sampling/createMessage"}}}}"#,
                "mcp_upstream_undeclared_capability"
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","inputRequests":{"a":{"method":"tools/call"}}}}"#,
                "mcp_upstream_input_not_allowed"
            ),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"m"}}"#, nil),
            (#"{"jsonrpc":"2.0","error":{"code":-32602,"message":"m"}}"#, nil),
            (#"{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage"}"#, "mcp_upstream_not_a_response"),
            (#"{"jsonrpc":"2.0","id":1,"result":{},"result":{}}"#, "json_duplicate_name"),
            (#"{"jsonrpc":"2.0","id":1,"result":{}} x"#, "json_trailing_data"),
            (#"[{"jsonrpc":"2.0","id":1,"result":{}}]"#, "rpc_batch"),
        ] as [(String, String?)])
    func answers(_ text: String, _ code: String?) throws {
        var exchange = try Self.call(meta: ["io.modelcontextprotocol/clientCapabilities": ["elicitation": [:]]])
        let outcome = Self.body(&exchange, text)
        guard code == nil else {
            #expect(outcome == code)
            return
        }
        #expect(try JSONValue(parsing: outcome)["id"] == 1)
        #expect(exchange.isAnswered)
    }

    @Test("takes only an error from an error status, and sees hidden text in results")
    func failures() throws {
        var exchange = try Self.call()
        let result = bytes(#"{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"\udb40\udc41"}]}}"#)
        #expect(
            refusalCode { () throws(MCPRefusal) in _ = try exchange.readBody(result, isFailure: true) }
                == "mcp_upstream_status")
        let error = bytes(#"{"jsonrpc":"2.0","error":{"code":-32601,"message":"m"}}"#)
        let passed = try exchange.readBody(error, isFailure: true)
        #expect(passed.answers == JSONRPCID(1))
        #expect(!passed.hasHiddenText)
        var other = try Self.call()
        #expect(try other.readBody(result).hasHiddenText)
    }

    @Test("takes one answer and nothing behind it")
    func once() throws {
        var exchange = try Self.call()
        #expect(refusalCode { () throws(MCPRefusal) in try exchange.end() } == "mcp_upstream_missing_response")
        #expect(Self.event(&exchange, #"{"jsonrpc":"2.0","id":1,"result":{}}"#)?.hasPrefix("{") == true)
        #expect(Self.event(&exchange, #"{"jsonrpc":"2.0","id":1,"result":{}}"#) == "mcp_upstream_after_response")
        #expect(refusalCode { () throws(MCPRefusal) in try exchange.end() } == nil)
    }

    @Test("lets only what belongs to a request onto its stream in 2026-07-28")
    func related() throws {
        var plain = try Self.call()
        let progress =
            #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1,"progressToken":"p"}}"#
        let log = #"{"jsonrpc":"2.0","method":"notifications/message","params":{"data":1,"level":"info"}}"#
        #expect(Self.event(&plain, progress) == "mcp_upstream_wrong_progress_token")
        #expect(Self.event(&plain, log) == "mcp_upstream_unknown_notification")
        #expect(Self.event(&plain, "") == nil)
        #expect(
            Self.event(&plain, #"{"jsonrpc":"2.0","id":99,"method":"sampling/createMessage","params":{"messages":[]}}"#)
                == "mcp_upstream_request")
        #expect(
            Self.event(&plain, #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
                == "mcp_upstream_unknown_notification")
        #expect(
            Self.event(&plain, #"{"jsonrpc":"2.0","method":"notifications/nonsense"}"#)
                == "mcp_upstream_unknown_notification")
        var asking = try Self.call(meta: ["progressToken": "p", "io.modelcontextprotocol/logLevel": "info"])
        #expect(Self.event(&asking, progress) == progress)
        #expect(Self.event(&asking, log) == log)
    }

    @Test("lets only what was subscribed to onto a subscription's stream")
    func subscription() throws {
        let filter: JSONValue = ["notifications": ["toolsListChanged": true, "resourceSubscriptions": ["file:///a"]]]
        var exchange = MCPExchange(try Self.request("subscriptions/listen", filter))
        func message(_ method: String, _ members: String, tag: String = "1") -> String {
            #"{"jsonrpc":"2.0","method":"notifications/\#(method)","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":\#(tag)}\#(members)}}"#
        }
        let changed = message("tools/list_changed", "")
        let granted = message("subscriptions/acknowledged", #","notifications":{"toolsListChanged":true}"#)
        #expect(Self.event(&exchange, changed) == "mcp_upstream_not_acknowledged")
        #expect(
            Self.event(
                &exchange, message("subscriptions/acknowledged", #","notifications":{"promptsListChanged":true}"#))
                == "mcp_upstream_not_subscribed")
        #expect(Self.event(&exchange, granted) == granted)
        #expect(Self.event(&exchange, granted) == "mcp_upstream_not_acknowledged")
        #expect(Self.event(&exchange, changed) == changed)
        #expect(Self.event(&exchange, message("tools/list_changed", "", tag: "2")) == "mcp_upstream_wrong_subscription")
        #expect(
            Self.event(&exchange, #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
                == "mcp_upstream_wrong_subscription")
        #expect(Self.event(&exchange, message("prompts/list_changed", "")) == "mcp_upstream_not_subscribed")
        #expect(Self.event(&exchange, message("resources/updated", #","uri":"file:///a/b""#))?.hasPrefix("{") == true)
        #expect(
            Self.event(&exchange, message("resources/updated", #","uri":"file:///ab""#))
                == "mcp_upstream_not_subscribed")
        #expect(Self.event(&exchange, message("progress", #","progress":1"#)) == "mcp_upstream_unknown_notification")
        #expect(refusalCode { () throws(MCPRefusal) in try exchange.end() } == nil)
    }

    @Test("hands on the requests of a server that a revision with sessions has, and no others")
    func serverRequests() throws {
        var exchange = MCPExchange(try MCPRequestReader().read(legacy("tools/call", ["name": "t"])))
        let message = try #require(
            try exchange.readEvent(
                EventStreamEvent(
                    data: bytes(#"{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}}"#))))
        guard case .request(let id, .createMessage, _) = message.kind else {
            Issue.record("\(message.kind)")
            return
        }
        #expect(id == JSONRPCID(7))
        #expect(
            Self.event(&exchange, #"{"jsonrpc":"2.0","id":7,"method":"tools/call"}"#) == "mcp_upstream_unknown_request")
        #expect(
            Self.event(&exchange, #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"anything"}}"#)?.hasPrefix("{")
                == true)
    }

    @Test("wants a version that is read from a server that begins a session")
    func initialize() throws {
        let start = legacy("initialize", MCPOperationTests.start("2025-11-25"), version: nil)
        for (version, code) in [
            ("2025-06-18", nil), ("2026-07-28", "mcp_upstream_bad_version"), ("x", "mcp_upstream_bad_version"),
        ] {
            var exchange = MCPExchange(try MCPRequestReader().read(start))
            let outcome = Self.body(&exchange, #"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"\#(version)"}}"#)
            #expect(code == nil ? outcome.hasPrefix("{") : outcome == code)
        }
    }

    @Test(
        "judges the head of an answer",
        arguments: [
            (200, "application/json", [], nil), (200, "text/event-stream", [], nil),
            (200, "text/html", [], "mcp_upstream_content_type"), (202, "application/json", [], "mcp_upstream_status"),
            (302, "application/json", [], "mcp_upstream_status"), (500, "text/html", [], nil),
            (200, "application/json", [MCPField("Content-Type", "application/json")], "mcp_upstream_duplicate_header"),
            (200, "application/json", [MCPField("Content-Encoding", "gzip")], "mcp_upstream_content_encoding"),
        ] as [(UInt16, String, [MCPField], String?)])
    func head(_ status: UInt16, _ type: String, _ more: [MCPField], _ code: String?) throws {
        let request = try Self.request("tools/list")
        #expect(
            refusalCode { () throws(MCPRefusal) in
                _ = try MCPAnswerHead(status: status, fields: [MCPField("content-type", type)] + more, to: request)
            } == code)
    }

    @Test("takes a session only from the answer to initialize")
    func session() throws {
        let fields = [MCPField("content-type", "application/json"), MCPField("Mcp-Session-Id", "s1")]
        let start = try MCPRequestReader().read(
            legacy("initialize", MCPOperationTests.start("2025-11-25"), version: nil))
        #expect(try MCPAnswerHead(status: 200, fields: fields, to: start).session == "s1")
        #expect(try MCPAnswerHead(status: 200, fields: fields, to: Self.request("tools/list")).session == nil)
        #expect(
            refusalCode { () throws(MCPRefusal) in
                _ = try MCPAnswerHead(
                    status: 200, fields: [fields[0], MCPField("mcp-session-id", "a b")], to: start)
            } == "mcp_upstream_bad_session")
    }
}
