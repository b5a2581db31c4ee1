// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct MCPRequestReaderTests {
    let reader = MCPRequestReader()

    /// A tool call with fields of its own.
    static func call(_ change: (inout [MCPField]) -> Void) -> MCPHTTPRequest {
        let request = toolCall("get_weather")
        var fields = request.fields
        change(&fields)
        return MCPHTTPRequest(method: "POST", fields: fields, body: request.body)
    }

    static func replacing(_ name: String, _ value: String?) -> MCPHTTPRequest {
        call { fields in
            fields.removeAll { $0.name.lowercased() == name }
            if let value { fields.append(MCPField(name, value)) }
        }
    }

    @Test("finds a tool call and sends it as it was judged")
    func toolCallIsFound() throws {
        let request = try reader.read(toolCall("get_weather", ["city": "Paris", "n": 9_007_199_254_740_993]))
        guard case .callTool(let name, let arguments) = request.operation else {
            Issue.record("\(request.operation)")
            return
        }
        #expect(name == "get_weather")
        #expect(arguments["n"]?.number?.text == "9007199254740993")
        #expect(request.operation.name == "tools/call")
        #expect(request.operation.subject == "get_weather")
        #expect(request.revision == .july2026)
        #expect(request.id == JSONRPCID(1))
        #expect(
            try JSONValue(parsing: request.body)
                == JSONValue(parsing: toolCall("get_weather", ["city": "Paris", "n": 9_007_199_254_740_993]).body))
        #expect(
            request.fields.map(\.name) == ["content-type", "accept", "mcp-protocol-version", "mcp-method", "mcp-name"])
    }

    @Test("keeps digits, drops spelling")
    func canonical() throws {
        let body = bytes(
            #" { "params" : {"name":"t","arguments":{"b":1.50,"a":123456789012345678901234567890,"\u0063":"\u0041\/"},"_meta":\#(modernMeta.text)}, "method":"tools\/call","id":7,"jsonrpc":"2.0"} "#
        )
        let request = try reader.read(
            MCPHTTPRequest(method: "POST", fields: modernFields("tools/call", name: "t"), body: body))
        let text = String(decoding: request.body, as: UTF8.self)
        #expect(text.contains(#""arguments":{"a":123456789012345678901234567890,"b":1.50,"c":"A/"}"#))
    }

    @Test(
        "refuses header fields that do not say what the body says",
        arguments: [
            (replacing("mcp-method", nil), "mcp_missing_method_header"),
            (replacing("mcp-method", "tools/list"), "mcp_method_mismatch"),
            (replacing("mcp-method", "Tools/Call"), "mcp_method_mismatch"),
            (replacing("mcp-name", nil), "mcp_missing_name_header"),
            (replacing("mcp-name", ""), "mcp_name_mismatch"),
            (replacing("mcp-name", "get_weathe"), "mcp_name_mismatch"),
            (replacing("mcp-name", "Get_weather"), "mcp_name_mismatch"),
            (replacing("mcp-name", "=?base64?Z2V0X3dlYXRoZXI=?="), nil),
            (replacing("mcp-name", "=?base64?ZGVsZXRl?="), "mcp_name_mismatch"),
            (replacing("mcp-name", "=?base64?Z2V0X3dlYXRoZXI?="), "mcp_bad_encoded_header"),
            (replacing("mcp-name", "=?base64?Z2V0X3dlYXRoZXJ=?="), "mcp_bad_encoded_header"),
            (replacing("mcp-name", "=?BASE64?Z2V0X3dlYXRoZXI=?="), "mcp_name_mismatch"),
            (replacing("mcp-protocol-version", nil), "mcp_missing_version"),
            (replacing("mcp-protocol-version", "2025-06-18"), "mcp_version_mismatch"),
            (replacing("mcp-protocol-version", "2026-07-28, 2025-06-18"), "mcp_version_mismatch"),
            (call { $0.append(MCPField("MCP-NAME", "get_weather")) }, "mcp_duplicate_header"),
            (call { $0.append(MCPField("mcp-method", "tools/call")) }, "mcp_duplicate_header"),
            (call { $0.append(MCPField("mcp_name", "delete_all")) }, "mcp_aliased_header"),
            (call { $0.append(MCPField("Mcp_Param-X", "1")) }, "mcp_aliased_header"),
            (call { $0.append(MCPField("Mcp-Param-X", "a\u{e9}")) }, "mcp_bad_header_value"),
            (call { $0.append(MCPField("Mcp-Param-X", "=?base64?!?=")) }, "mcp_bad_encoded_header"),
            (call { $0.append(MCPField("Mcp-Param-X", "anything")) }, nil),
            (
                call { $0 += [MCPField("Authorization", "Bearer a"), MCPField("authorization", "Bearer b")] },
                "mcp_duplicate_header"
            ),
            (call { $0.append(MCPField("Authorization", "Bearer a")) }, nil),
            (call { $0.append(MCPField("X-Other", "\u{e9}")) }, nil),
            (call { $0.append(MCPField("Mcp-Session-Id", "abc")) }, nil),
            (call { $0.append(MCPField("Last-Event-ID", "abc")) }, nil),
            (call { $0 += (0..<200).map { MCPField("x-\($0)", "") } }, "mcp_too_many_headers"),
            (call { $0.append(MCPField("Mcp-Param-X", String(repeating: "a", count: 8193))) }, "mcp_bad_header_value"),
        ] as [(MCPHTTPRequest, String?)])
    func fields(_ request: MCPHTTPRequest, _ code: String?) {
        #expect(refusalCode(request, reader) == code)
    }

    @Test(
        "refuses what HTTP says about the body",
        arguments: [
            (replacing("content-type", nil), 415), (replacing("content-type", "text/plain"), 415),
            (replacing("content-type", "application/json-rpc"), 415),
            (replacing("content-type", "application/json; charset=utf-16"), 415),
            (replacing("content-type", "application/JSON; Charset=\"UTF-8\""), nil),
            (replacing("accept", nil), 406), (replacing("accept", "application/json"), 406),
            (replacing("accept", "*/*"), 406),
            (replacing("accept", "application/json, text/event-stream;q=0"), 406),
            (replacing("accept", "text/event-stream;q=0.5 , application/json"), nil),
            (call { $0.append(MCPField("content-encoding", "gzip")) }, 415),
            (call { $0.append(MCPField("content-encoding", "identity")) }, nil),
            (call { $0.append(MCPField("origin", "null")) }, 403),
            (call { $0.append(MCPField("origin", "http://evil.test")) }, 403),
            (MCPHTTPRequest(method: "GET", fields: modernFields("x"), body: []), 405),
            (MCPHTTPRequest(method: "DELETE", fields: modernFields("x"), body: []), 405),
            (MCPHTTPRequest(method: "PUT", fields: modernFields("x"), body: []), 405),
            (MCPHTTPRequest(method: "post", fields: modernFields("x"), body: []), 405),
            (MCPHTTPRequest(method: "POST", query: "access_token=x", fields: modernFields("x"), body: []), 400),
        ] as [(MCPHTTPRequest, UInt16?)])
    func transport(_ request: MCPHTTPRequest, _ status: UInt16?) {
        do throws(MCPRefusal) {
            _ = try reader.read(request)
            #expect(status == nil)
        } catch {
            #expect(error.status == status)
            #expect(error.fault == .client)
        }
    }

    @Test(
        "finds tokens in the query however they are spelled",
        arguments: [
            ("access_token=a", true), ("x=1&access_token=a", true), ("x=1;Access_Token=a", true),
            ("%61ccess%5ftoken=a", true), ("token", true), ("x=access_token", false), ("profile=a", false), ("", false),
            ("%", false), ("%6", false), ("=access_token", false),
        ])
    func queryTokens(_ query: String, _ isToken: Bool) {
        let call = toolCall("t")
        let request = MCPHTTPRequest(method: "POST", query: query, fields: call.fields, body: call.body)
        #expect(refusalCode(request, reader) == (isToken ? "mcp_token_in_query" : nil))
    }

    @Test("lets the operator's origins in, bytewise")
    func origins() {
        let reader = MCPRequestReader(origins: ["https://app.test"])
        func code(_ origin: String) -> String? {
            refusalCode(Self.call { $0.append(MCPField("Origin", origin)) }, reader)
        }
        #expect(code("https://app.test") == nil)
        #expect(code("https://app.test.evil.test") == "mcp_foreign_origin")
        #expect(code("http://app.test") == "mcp_foreign_origin")
    }

    @Test("answers a refusal with the request's id, and names the revisions that are read")
    func refusalBody() throws {
        let request = post(
            Self.replacing("mcp-protocol-version", "1900-01-01").fields,
            [
                "jsonrpc": "2.0", "id": "q", "method": "tools/call",
                "params": ["_meta": ["io.modelcontextprotocol/protocolVersion": "1900-01-01"]],
            ])
        do throws(MCPRefusal) {
            _ = try reader.read(request)
            Issue.record("taken")
        } catch {
            let body = try JSONValue(parsing: error.body())
            #expect(body["id"] == "q")
            #expect(body["error"]?["code"]?.integer == -32022)
            #expect(body["error"]?["data"]?["requested"] == "1900-01-01")
            #expect(body["error"]?["data"]?["supported"]?.array?.count == 3)
            #expect(error.description.hasPrefix("The client's request is refused: "))
        }
    }

    @Test("says which rule, whose fault and what to do, for each reason")
    func sentences() {
        #expect(Set(MCPRequestRefusalReason.allCases.map(\.rawValue)).count == MCPRequestRefusalReason.allCases.count)
        for reason in MCPRequestRefusalReason.allCases {
            let refusal = MCPRefusal(.request(reason), fault: .client)
            #expect((400..<500).contains(refusal.status))
            #expect(refusal.description.hasSuffix("."))
        }
        for reason in MCPResponseRefusalReason.allCases {
            let refusal = MCPRefusal(.response(reason), fault: .server)
            #expect(refusal.status == 502)
            #expect(refusal.errorCode == -32603)
            #expect(refusal.description.hasPrefix("The server's answer is refused: "))
        }
    }
}
