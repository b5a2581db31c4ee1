// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct MCPOperationTests {
    static func params(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    static let modernCalls: [(String, String, String?, String?)] = [
        ("server/discover", "{}", nil, nil), ("tools/list", "{}", nil, nil),
        ("tools/list", #"{"cursor":"c"}"#, nil, nil),
        ("tools/list", #"{"cursor":1}"#, nil, "mcp_bad_params"), ("prompts/list", "{}", nil, nil),
        ("resources/list", "{}", nil, nil), ("resources/templates/list", "{}", nil, nil),
        ("prompts/get", #"{"name":"p","arguments":{"a":"b"}}"#, "p", nil),
        ("prompts/get", #"{"name":"p","arguments":{"a":1}}"#, "p", "mcp_bad_params"),
        ("prompts/get", #"{"name":""}"#, "", "mcp_bad_name"),
        ("prompts/get", #"{"name":"p\u200b"}"#, "=?base64?cOKAiw==?=", "mcp_bad_name"),
        ("prompts/get", #"{"name":"\u00fcber"}"#, "=?base64?w7xiZXI=?=", nil),
        ("resources/read", #"{"uri":"file:///a/b"}"#, "file:///a/b", nil),
        ("resources/read", #"{"uri":"file:///a/../b"}"#, "file:///a/../b", "mcp_ambiguous_uri"),
        ("resources/read", #"{"uri":"file:///a/%2e%2E/b"}"#, "file:///a/%2e%2E/b", "mcp_ambiguous_uri"),
        ("resources/read", #"{"uri":"file:///a%2fb"}"#, "file:///a%2fb", "mcp_ambiguous_uri"),
        ("resources/read", #"{"uri":"file:///a%00"}"#, "file:///a%00", "mcp_ambiguous_uri"),
        ("resources/read", #"{"uri":"file:///a%252e"}"#, "file:///a%252e", "mcp_ambiguous_uri"),
        ("resources/read", #"{"uri":"file:\\\\x"}"#, #"file:\\x"#, "mcp_ambiguous_uri"),
        ("resources/read", #"{"uri":"gitlab://group%2Fproject/a"}"#, "gitlab://group%2Fproject/a", nil),
        ("resources/read", #"{"uri":"x://a/b?c=../d"}"#, "x://a/b?c=../d", nil),
        ("resources/read", #"{"uri":"/etc/passwd"}"#, "/etc/passwd", "mcp_bad_uri"),
        ("resources/read", #"{"uri":"a b:c"}"#, "a b:c", "mcp_bad_uri"),
        ("resources/read", #"{"uri":7}"#, "7", "mcp_bad_params"), ("resources/read", "{}", "x", "mcp_bad_params"),
        ("tools/call", #"{"name":"t"}"#, "t", nil),
        ("tools/call", #"{"name":"t","arguments":[]}"#, "t", "mcp_bad_params"),
        ("tools/call", #"{"name":"t","arguments":null}"#, "t", "mcp_bad_params"),
        ("tools/call", #"{"name":"t","Name":"u"}"#, "t", "mcp_ambiguous_name"),
        ("tools/call", #"{"Name":"t"}"#, "t", "mcp_ambiguous_name"),
        ("tools/call", #"{"name":"t","argument\u017f":{}}"#, "t", "mcp_ambiguous_name"),
        ("tools/call", #"{"name":"t","arguments":{"path":"a","Path":"b"}}"#, "t", "mcp_ambiguous_name"),
        ("tools/call", #"{"name":"t","arguments":{"o":[{"k":1,"\u212a":2}]}}"#, "t", "mcp_ambiguous_name"),
        ("tools/call", #"{"name":"t","arguments":{"__proto__":{}}}"#, "t", "mcp_ambiguous_name"),
        ("tools/call", #"{"name":"t\u0430"}"#, "=?base64?dNCw?=", "mcp_bad_tool_name"),
        ("tools/call", #"{"name":"a/b"}"#, "a/b", "mcp_bad_tool_name"),
        ("tools/call", #"{"name":"t","requestState":"s","inputResponses":{}}"#, "t", nil),
        ("tools/call", #"{"name":"t","requestState":1}"#, "t", "mcp_bad_params"),
        ("tools/call", #"{"name":"t","inputResponses":[]}"#, "t", "mcp_bad_params"),
        ("tools/list", #"{"requestState":"s"}"#, nil, "mcp_state_not_allowed"),
        ("tools/list", "{}", "get_weather", "mcp_name_mismatch"),
        (
            "subscriptions/listen", #"{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["a:b"]}}"#,
            nil, nil
        ),
        ("subscriptions/listen", "{}", nil, "mcp_bad_params"),
        ("subscriptions/listen", #"{"notifications":{"everything":true}}"#, nil, "mcp_bad_params"),
        (
            "subscriptions/listen", #"{"notifications":{"resourceSubscriptions":["file:///../x"]}}"#, nil,
            "mcp_ambiguous_uri"
        ),
        (
            "completion/complete", #"{"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":""}}"#, nil,
            nil
        ),
        (
            "completion/complete",
            #"{"ref":{"type":"ref/resource","uri":"f:///{p}"},"argument":{"name":"a","value":""}}"#, nil, nil
        ),
        (
            "completion/complete", #"{"ref":{"type":"ref/tool","name":"p"},"argument":{"name":"a","value":""}}"#, nil,
            "mcp_bad_params"
        ),
        ("initialize", "{}", nil, "mcp_unknown_method"), ("ping", "{}", nil, "mcp_unknown_method"),
        ("resources/subscribe", #"{"uri":"a:b"}"#, nil, "mcp_unknown_method"),
        ("logging/setLevel", #"{"level":"info"}"#, nil, "mcp_unknown_method"),
        ("tasks/get", #"{"taskId":"a"}"#, nil, "mcp_unknown_method"),
        ("sampling/createMessage", "{}", nil, "mcp_unknown_method"), ("TOOLS/LIST", "{}", nil, "mcp_unknown_method"),
        ("notifications/cancelled", #"{"requestId":1}"#, nil, "mcp_notification_with_id"),
    ]

    @Test("finds or refuses the operations of 2026-07-28", arguments: modernCalls)
    func modernCall(_ method: String, _ text: String, _ name: String?, _ code: String?) throws {
        let request = modern(method, try Self.params(text), name: name)
        #expect(refusalCode(request) == code)
        guard code == nil else { return }
        #expect(try MCPRequestReader().read(request).operation.name == method)
    }

    @Test(
        "wants complete metadata of its types in 2026-07-28",
        arguments: [
            (#"{}"#, "mcp_missing_meta"),
            (#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#, "mcp_missing_meta"),
            (#"[]"#, "mcp_bad_meta"),
            (
                #"{"io.modelcontextprotocol/protocolVersion":"2025-11-25","io.modelcontextprotocol/clientCapabilities":{}}"#,
                "mcp_version_mismatch"
            ),
            (
                #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":[]}"#,
                "mcp_bad_meta"
            ),
            (
                #"{"io.modelcontextprotocol/protocolVersion":7,"io.modelcontextprotocol/clientCapabilities":{}}"#,
                "mcp_bad_meta"
            ),
            (
                #"{"IO.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#,
                "mcp_ambiguous_name"
            ),
        ])
    func metadata(_ text: String, _ code: String) throws {
        #expect(
            refusalCode(modern("tools/list", ["_meta": try JSONValue(parsing: text)]))
                == code)
    }

    @Test(
        "judges the members of the metadata",
        arguments: [
            ("progressToken", "1", nil), ("progressToken", #""t""#, nil), ("progressToken", "1.5", "mcp_bad_meta"),
            ("progressToken", "{}", "mcp_bad_meta"), ("com.example/x", "{}", nil), ("x", "1", nil),
            ("com..example/x", "1", "mcp_bad_meta_name"), ("1a/x", "1", "mcp_bad_meta_name"),
            ("a/b/c", "1", "mcp_bad_meta_name"), ("-x", "1", "mcp_bad_meta_name"), ("x y", "1", "mcp_bad_meta_name"),
            ("com.example/", "1", nil),
            ("traceparent", #""00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01""#, nil),
            ("traceparent", #""a\r\nb""#, "mcp_bad_meta"),
            ("io.modelcontextprotocol/logLevel", #""loud""#, "mcp_bad_meta"),
            ("io.modelcontextprotocol/logLevel", #""info""#, nil),
            ("io.modelcontextprotocol/clientInfo", #"{"name":"a"}"#, "mcp_bad_meta"),
        ] as [(String, String, String?)])
    func metadataMember(_ name: String, _ value: String, _ code: String?) throws {
        var meta = try #require(modernMeta.object)
        meta[name] = try JSONValue(parsing: value)
        #expect(refusalCode(modern("tools/list", ["_meta": .object(meta)])) == code)
    }

    static let info: JSONValue = ["name": "c", "version": "1"]
    static func start(_ version: JSONValue) -> JSONValue {
        ["protocolVersion": version, "capabilities": [:], "clientInfo": info]
    }

    @Test(
        "finds or refuses the operations of revisions with sessions",
        arguments: [
            (legacy("initialize", start("2025-11-25"), version: nil), nil),
            (legacy("initialize", start("2025-06-18"), version: nil), nil),
            (legacy("initialize", start("2025-06-18")), "mcp_version_mismatch"),
            (legacy("initialize", start("2026-07-28"), version: nil), "mcp_unsupported_version"),
            (legacy("initialize", start("2024-11-05"), version: nil), "mcp_unsupported_version"),
            (legacy("initialize", start(7), version: nil), "mcp_bad_params"),
            (
                legacy(
                    "initialize",
                    [
                        "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": info,
                        "_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28"],
                    ], version: nil), "mcp_version_mismatch"
            ),
            (legacy("ping"), nil), (legacy("server/discover"), "mcp_unknown_method"),
            (legacy("subscriptions/listen", ["notifications": [:]]), "mcp_unknown_method"),
            (legacy("resources/subscribe", ["uri": "a:b"]), nil), (legacy("logging/setLevel", ["level": "info"]), nil),
            (legacy("logging/setLevel", ["level": "loud"]), "mcp_bad_params"),
            (legacy("tasks/get", ["taskId": "a"]), nil),
            (legacy("tasks/get", ["taskId": "a"], version: "2025-06-18"), "mcp_unknown_method"),
            (legacy("tools/call", ["name": "t"]), nil), (legacy("tools/call"), "mcp_bad_params"),
            (legacy("tools/list", version: nil), "mcp_missing_version"),
            (legacy("tools/list", version: "2025-03-26"), "mcp_unsupported_version"),
            (
                legacy(
                    "tools/call", ["name": "t", "_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28"]]),
                "mcp_version_mismatch"
            ),
            (
                post(
                    sessionFields() + [MCPField("mcp-name", "harmless")],
                    ["jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ["name": "t"]]), "mcp_name_mismatch"
            ),
            (
                post(
                    sessionFields() + [MCPField("mcp-method", "tools/list")],
                    ["jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ["name": "t"]]), "mcp_method_mismatch"
            ),
            (
                post(sessionFields(), ["jsonrpc": "2.0", "method": "tools/call", "params": ["name": "t"]]),
                "mcp_request_without_id"
            ),
            (post(sessionFields(), ["jsonrpc": "2.0", "method": "notifications/initialized"]), nil),
            (post(sessionFields(), ["jsonrpc": "2.0", "method": "notifications/message"]), "mcp_unknown_method"),
            (post(sessionFields(), ["jsonrpc": "2.0", "id": 5, "result": [:]]), nil),
            (post(sessionFields(), ["jsonrpc": "2.0", "id": 5, "result": 1]), "mcp_bad_params"),
            (
                post(sessionFields(), ["jsonrpc": "2.0", "error": ["code": 1, "message": "m"]]),
                "mcp_unexpected_response"
            ),
            (post(modernFields("x"), ["jsonrpc": "2.0", "id": 5, "result": [:]]), "mcp_unexpected_response"),
            (post(sessionFields(session: "a b"), ["jsonrpc": "2.0", "id": 1, "method": "ping"]), "mcp_bad_session"),
            (
                post(
                    sessionFields(nil, session: "a"),
                    ["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start("2025-11-25")]),
                "mcp_session_at_start"
            ),
            (MCPHTTPRequest(method: "GET", fields: sessionFields(), body: []), nil),
            (MCPHTTPRequest(method: "GET", fields: sessionFields(), body: [1]), "mcp_body_not_allowed"),
            (
                MCPHTTPRequest(
                    method: "GET",
                    fields: [MCPField("accept", "application/json"), MCPField("mcp-protocol-version", "2025-11-25")],
                    body: []), "mcp_not_acceptable"
            ),
            (MCPHTTPRequest(method: "DELETE", fields: sessionFields(), body: []), "mcp_missing_session"),
            (MCPHTTPRequest(method: "DELETE", fields: sessionFields(session: "s"), body: []), nil),
        ] as [(MCPHTTPRequest, String?)])
    func sessions(_ request: MCPHTTPRequest, _ code: String?) {
        #expect(refusalCode(request) == code)
    }

    @Test("lets what the session knows stand in for a missing version, and nothing else")
    func negotiated() throws {
        #expect(refusalCode(legacy("ping", version: nil), negotiated: .june2025) == nil)
        #expect(refusalCode(legacy("ping"), negotiated: .june2025) == "mcp_version_mismatch")
        let restricted = MCPRequestReader(revisions: [.july2026])
        #expect(refusalCode(legacy("ping"), restricted) == "mcp_unsupported_version")
    }

    @Test("sends the session only where the revision has one")
    func sessionField() throws {
        let ping = post(sessionFields(session: "s"), ["jsonrpc": "2.0", "id": 1, "method": "ping"])
        #expect(try MCPRequestReader().read(ping).fields.contains { $0.name == "mcp-session-id" })
        let call = toolCall("t")
        let request = MCPHTTPRequest(
            method: "POST", fields: call.fields + [MCPField("mcp-session-id", "s")], body: call.body)
        let read = try MCPRequestReader().read(request)
        #expect(read.session == nil)
        #expect(!read.fields.contains { $0.name == "mcp-session-id" })
    }
}
