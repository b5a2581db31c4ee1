// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

@testable import ServicePlane

/// Requests to providers of models: what is decided on, and what is sent.
@Suite("Requests to models") struct ModelRequestTests {
    @Test(arguments: ModelConversation.all)
    func `A call is decided on as a call of the model`(_ conversation: ModelConversation) throws {
        let outcome = try ModelFixture().play(conversation.request())
        let operation = try #require(outcome.operation)
        #expect(operation.name == .modelCall && operation.tool == outcome.sent?["model"]?.string)
        #expect(operation.arguments?["api"]?.string == conversation.api.rawValue)
        #expect(operation.arguments?["stream"] == false)
        #expect(operation.arguments?["max_tokens"] == 100)
        #expect(operation.arguments?["tools"] == ["read_file", "send_email"])
        #expect(operation.arguments?["hosted_tools"] == [])
    }

    @Test func `A message is made anew, without white space and the client's keys`() throws {
        let fields =
            [
                ("content-type", "application/json; charset=utf-8"), ("accept", "*/*"), ("accept-encoding", "gzip"),
                ("authorization", "Bearer a"), ("x-api-key", "b"), ("cookie", "c"), ("x-goog-api-key", "d"),
                ("openai-project", "p"), ("openai-organization", "o"), ("user-agent", "OpenAI/Python 2"),
                ("x-stainless-lang", "python"), ("host", "other"), ("content-length", "5"),
            ].map { MCPField($0.0, $0.1) }
        let outcome = try ModelFixture().play(ModelConversation.chat.request(isStreaming: true, fields: fields))
        let forwarded = try #require(outcome.forwarded)
        let sent = forwarded.fields.map { "\($0.name): \($0.value)" }.sorted()
        #expect(
            sent == [
                "accept-encoding: identity", "accept: text/event-stream, application/json",
                "content-type: application/json", "openai-organization: o", "openai-project: p",
                "user-agent: OpenAI/Python 2",
            ])
        #expect(forwarded.path == "/v1/chat/completions")
        #expect(String(decoding: forwarded.body, as: UTF8.self).hasPrefix(#"{"model":"gpt-x","messages":[{"role""#))
    }

    @Test(
        arguments: [
            ("POST", "/chat/completions", nil, "/chat/completions"),
            ("POST", "/v1/messages", "beta=true", "/v1/messages"),
            ("GET", "/v1/models", "limit=20&after_id=a-1", "/v1/models?limit=20&after_id=a-1"),
            ("GET", "/models/gpt-x", nil, "/models/gpt-x"),
            ("GET", "/v1/models/org/m:free", "", "/v1/models/org/m:free"),
        ] as [(String, String, String?, String)])
    func `Paths are read with the version or without`(
        _ method: String, _ path: String, _ query: String?, _ target: String
    ) throws {
        let body = #"{"model":"m","max_tokens":1,"messages":[{}]}"#
        let request = ModelFixture.request(path, method == "GET" ? "" : body, method: method, query: query)
        let outcome = try ModelFixture().play(request)
        #expect(outcome.reason == nil, "\(outcome.text)")
        #expect(outcome.forwarded?.path == target)
    }

    @Test(
        arguments: [
            ("POST", "/v1/completions", nil, 404, "model_path"), ("POST", "", nil, 404, "model_path"),
            ("POST", "/", nil, 404, "model_path"), ("POST", "/v1/v1/messages", nil, 404, "model_path"),
            ("POST", "/v1/chat/completions/", nil, 404, "model_path"), ("POST", "/V1/messages", nil, 404, "model_path"),
            ("GET", "/v1/models/a%2fb", nil, 404, "model_path"), ("GET", "/v1/models/a/", nil, 404, "model_path"),
            ("POST", "/v1/files", nil, 404, "model_path"), ("POST", "/v1/fine_tuning/jobs", nil, 404, "model_path"),
            ("POST", "/v1/messages/batches", nil, 404, "model_path"),
            ("GET", "/v1/responses/r_1", nil, 404, "model_path"),
            ("DELETE", "/v1/models/m", nil, 405, "model_method"), ("GET", "/v1/messages", nil, 405, "model_method"),
            ("POST", "/v1/messages", "api-version=1", 400, "model_query"),
            ("POST", "/v1/messages", "beta=true&key=AIza", 400, "model_query"),
            ("GET", "/v1/models", "key=AIza", 400, "model_query"),
            ("GET", "/v1/models", "limit=1&limit=2", 400, "model_query"),
            ("GET", "/v1/models", "limit=%0d", 400, "model_query"),
        ] as [(String, String, String?, UInt16, String)])
    func `What is not read is refused`(
        _ method: String, _ path: String, _ query: String?, _ status: UInt16, _ code: String
    ) throws {
        let body = method == "POST" ? #"{"model":"m","max_tokens":1,"messages":[{}],"input":"x"}"# : ""
        let outcome = try ModelFixture().play(
            ModelFixture.request(path, body, method: method, query: query), answer: .init(body: "{}"))
        #expect(outcome.status == status && outcome.code == code && outcome.detail == code)
        #expect(outcome.reason == .protocolViolation && outcome.forwarded == nil)
        #expect(outcome.field("yett-reason") == "protocol_violation")
        #expect(outcome.field("yett-decision") == DecisionID(rawValue: 7).description)
        #expect((outcome.field("allow") != nil) == (status == 405))
        if status == 404 { #expect(outcome.message.contains("POST /v1/chat/completions, POST /v1/responses")) }
    }

    @Test(arguments: [
        (#"{"model":"m","model":"n","messages":[{}]}"#, "json_duplicate_name"),
        (#"{"model":"m","Model":"n","messages":[{}]}"#, "model_ambiguous_name"),
        (#"{"model":["m"],"messages":[{}]}"#, "model_name"), (#"{"model":"m","messages":[]}"#, "model_input"),
        (#"{"model":"m","messages":[{}],"stream":"true"}"#, "model_stream"),
        (#"{"model":"m","messages":[{}],"max_tokens":1,"max_completion_tokens":9}"#, "model_maximum"),
        ("[]", "model_not_an_object"), ("", "json_"), ("{} {}", "json_"),
    ])
    func `A body with two meanings is refused`(_ body: String, _ code: String) throws {
        let outcome = try ModelFixture().play(ModelFixture.request("/v1/chat/completions", body))
        #expect(outcome.status == 400 && outcome.forwarded == nil)
        #expect(outcome.code?.hasPrefix(code) ?? false, "\(outcome.text)")
        #expect(outcome.json?["error"]?["type"] == "invalid_request_error")
    }

    @Test(arguments: [[], ["text/plain"], ["application/json", "application/json"], ["application/json; a=b"]])
    func `A body must be sent as JSON`(_ types: [String]) throws {
        let fields = types.map { MCPField("content-type", $0) }
        let outcome = try ModelFixture().play(ModelConversation.messages.request(fields: fields))
        #expect(outcome.status == 415 && outcome.detail == "model_content_type")
        #expect(outcome.json?["type"] == "error")
    }

    @Test func `A field that stands twice is refused`() throws {
        let twice = [MCPField("openai-project", "a"), MCPField("openai-project", "b"), ModelFixture.json]
        let outcome = try ModelFixture().play(ModelConversation.chat.request(fields: twice))
        #expect(outcome.status == 400 && outcome.code == "model_repeated_field")
    }

    // MARK: Denials

    @Test(arguments: ModelConversation.all)
    func `A denial has the form of the interface`(_ conversation: ModelConversation) throws {
        let fixture = ModelFixture()
        fixture.allows = { _ in false }
        let outcome = try fixture.play(conversation.request())
        #expect(outcome.status == 403 && outcome.reason == .toolNotGranted)
        #expect(outcome.json?["error"]?["type"] == "permission_error")
        #expect(outcome.message.contains("yett explain \(DecisionID(rawValue: 7))"))
        #expect(outcome.field("yett-reason") == "tool_not_granted")
        #expect(outcome.field("yett-decision") == DecisionID(rawValue: 7).description)
        #expect(outcome.json?["type"] == (conversation.api == .messages ? "error" : nil))
        #expect(outcome.usage.isEmpty)
    }

    @Test(
        arguments: [
            (ReasonCode.budgetExhausted, UInt16(429), "rate_limit_error", "false"),
            (.limitReached, 429, "rate_limit_error", nil),
            (.policyDenied, 403, "permission_error", nil), (.upstreamUnreachable, 502, "api_error", nil),
            (.auditUnavailable, 503, "api_error", nil), (.upstreamTimeout, 504, "api_error", nil),
        ] as [(ReasonCode, UInt16, String, String?)])
    func `A denial has the status of its reason`(
        _ reason: ReasonCode, _ status: UInt16, _ type: String, _ retry: String?
    ) throws {
        let answer = ModelReplies(decision: DecisionID(rawValue: 7)).denial(
            .deny(reason, detail: "why"), missingGrant: nil)
        let body = try JSONValue(parsing: answer.body)
        #expect(answer.status == status)
        #expect(body["error"]?["type"] == .string(type) && body["error"]?["code"] == .string(reason.rawValue))
        #expect(body["error"]?["message"]?.string?.contains("(why)") ?? false)
        #expect(answer.fields.first { $0.name == "x-should-retry" }?.value == retry)
    }

    @Test func `Errors for Anthropic's clients have their form on every path`() throws {
        let fields = [ModelFixture.json, MCPField("anthropic-version", "2023-06-01")]
        let outcome = try ModelFixture().play(ModelFixture.request("/v1/complete", "{}", fields: fields))
        #expect(outcome.json?["type"] == "error")
        #expect(outcome.json?["error"]?["type"] == "not_found_error")
    }

    // MARK: Tools

    @Test(arguments: ModelConversation.all)
    func `A tool without a grant is not offered`(_ conversation: ModelConversation) throws {
        let outcome = try ModelFixture.granting(["read_file"]).play(conversation.request())
        #expect(outcome.status == 403 && outcome.reason == .toolNotGranted)
        #expect(outcome.detail == "the request offers the model the tool send_email")
        #expect(outcome.usage.isEmpty)
        #expect(try ModelFixture.granting(["read_file", "send_email"]).play(conversation.request()).reason == nil)
    }

    @Test func `Tools that the provider runs need a grant as well`() throws {
        let body = #"{"model":"m","input":"x","tools":[{"type":"mcp","server_url":"https://evil.test"}]}"#
        let request = ModelFixture.request("/v1/responses", body)
        #expect(try ModelFixture.granting([]).play(request).detail == "the request offers the model the tool mcp")
        #expect(try ModelFixture.granting(["mcp"]).play(request).reason == nil)
        let outcome = try ModelFixture().play(request)
        #expect(outcome.operation?.arguments?["hosted_tools"] == ["mcp"])
    }

    // MARK: Lists

    @Test func `The list has only models that may be called`() throws {
        let fixture = ModelFixture()
        fixture.allows = { $0.name == .session || ($0.name == .modelCall && $0.isInquiry && $0.tool == "b") }
        let list = ModelFixture.Answer(
            body: #"{"object":"list","data":[{"id":"a","x":1},{"id":"b"},{"name":"c"},5],"has_more":false}"#)
        let outcome = try fixture.play(ModelFixture.request("/v1/models", method: "GET", fields: []), answer: list)
        #expect(outcome.operation?.name == .session)
        #expect(outcome.text == #"{"data":[{"id":"b"}],"has_more":false,"object":"list"}"#)
        #expect(outcome.usage.isEmpty)
        let one = ModelFixture.Answer(body: #"{"id":"a"}"#)
        func ask(_ model: String) throws -> ModelFixture.Outcome {
            try fixture.play(ModelFixture.request("/v1/models/\(model)", method: "GET", fields: []), answer: one)
        }
        #expect(try ask("a").status == 403)
        #expect(try ask("b").status == 200)
    }

    @Test func `A list is asked for without a body`() throws {
        let outcome = try ModelFixture().play(ModelFixture.request("/v1/models", "{}", method: "GET"))
        #expect(outcome.code == "model_body")
    }
}
