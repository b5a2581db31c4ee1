// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

@testable import ServicePlane

/// What providers of models answer, and what of it reaches an agent.
@Suite("Answers of models") struct ModelAnswerTests {
    @Test(arguments: ModelConversation.all)
    func `A whole answer passes and is counted`(_ conversation: ModelConversation) throws {
        let outcome = try ModelFixture().play(conversation.request(), answer: .init(body: conversation.whole))
        #expect(outcome.status == 200 && outcome.events.isEmpty)
        #expect(outcome.json == (try JSONValue(parsing: conversation.whole)))
        #expect(outcome.usage == [conversation.usage])
        #expect(outcome.field("content-type") == "application/json")
    }

    @Test(arguments: ModelConversation.all, [1, 7, 100_000])
    func `A stream passes and is counted`(_ conversation: ModelConversation, _ pieces: Int) throws {
        let outcome = try ModelFixture().play(
            conversation.request(isStreaming: true), answer: .stream(conversation.stream), pieces: pieces)
        #expect(outcome.text == conversation.stream)
        #expect(outcome.failure == nil && !outcome.isOver && outcome.events.isEmpty)
        #expect(outcome.usage == [conversation.usage])
        #expect(outcome.field("content-type") == "text/event-stream")
    }

    @Test(arguments: ModelConversation.all)
    func `A provider may answer whole where a stream was asked for`(_ conversation: ModelConversation) throws {
        let fixture = ModelFixture.granting(["read_file"])
        fixture.allows = { $0.isInquiry || $0.name != .toolCall || $0.tool == "read_file" }
        let outcome = try fixture.play(
            conversation.request(isStreaming: true), answer: .init(body: conversation.whole))
        #expect(outcome.status == 403)
    }

    // MARK: Calls

    /// Tools may be offered, and only `read_file` may be called.
    private func fixture() -> ModelFixture {
        let fixture = ModelFixture.granting([])
        fixture.allows = { $0.isInquiry || $0.name != .toolCall || $0.tool == "read_file" }
        return fixture
    }

    @Test("A whole answer with one denied call of two is refused (openai-parallel)", arguments: ModelConversation.all)
    func parallel(_ conversation: ModelConversation) throws {
        let outcome = try fixture().play(conversation.request(), answer: .init(body: conversation.whole))
        #expect(outcome.status == 403 && outcome.field("yett-reason") == "tool_not_granted")
        #expect(outcome.field("yett-decision") != nil)
        #expect(outcome.json?["error"]?["type"] == "permission_error")
        #expect(outcome.message.contains("send_email") && !outcome.text.contains("read_file"))
        #expect(outcome.events == [MediationEvent(code: "model_call_denied", detail: "send_email")])
        // The tokens are spent nevertheless.
        #expect(outcome.usage == [conversation.usage])
    }

    @Test("A stream with a denied call ends before it (openai-parallel)", arguments: ModelConversation.all, [1, 9999])
    func parallelStream(_ conversation: ModelConversation, _ pieces: Int) throws {
        let outcome = try fixture().play(
            conversation.request(isStreaming: true), answer: .stream(conversation.stream), pieces: pieces)
        #expect(outcome.isOver && outcome.failure == nil)
        #expect(outcome.text.contains("Let me look.") && !outcome.text.contains(#""name":"send_email""#))
        #expect(outcome.text.contains("tool_not_granted") && outcome.text.contains("yett explain"))
        #expect(outcome.codes == ["model_call_denied"])
        #expect(!outcome.text.contains("[DONE]") && !outcome.text.contains("message_stop"))
        #expect(outcome.usage.count == 1 && (outcome.usage.first?.input ?? 0) > 0)
        let last = outcome.text.split(separator: "data: ").last.map(String.init) ?? ""
        let error = try JSONValue(parsing: last)
        #expect(error["error"] != nil || error["type"] == "error")
    }

    @Test("A call is decided on when its arguments are complete (openai-stream-split)", arguments: [true, false])
    func split(_ isAllowed: Bool) throws {
        let fixture = ModelFixture.granting([])
        var seen: [JSONValue?] = []
        fixture.allows = { operation in
            guard operation.name == .toolCall, !operation.isInquiry else { return true }
            seen.append(operation.arguments)
            return isAllowed
        }
        let piece = { (text: String) in
            #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":\#(JSONValue.string(text).text)}}]}}]}"#
        }
        let stream =
            ModelConversation.events(
                [
                    #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"send_email","arguments":""}}]}}]}"#,
                    piece(#"{"to":"ev"#), piece(#"il@evil.test"}"#),
                    #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
                ], typed: false) + "data: [DONE]\n\n"
        let request = ModelConversation.chat.request(isStreaming: true)
        let outcome = try fixture.play(request, answer: .stream(stream), pieces: 3)
        #expect(seen == [["to": "evil@evil.test"]])
        #expect(outcome.text.contains("evil.test") == isAllowed)
        // Nothing of the call is out before it is complete.
        let cut = try fixture.play(request, answer: .stream(stream), pieces: 3, upTo: stream.utf8.count - 110)
        #expect(!cut.text.contains("send_email"))
    }

    @Test(arguments: [
        #"{\"a\":1,\"a\":2}"#, #"{\"to\":1,\"To\":2}"#, #"{\"a\":1} {}"#, "[]", "{", #"{\"__proto__\":{}}"#,
    ])
    func `Arguments with two meanings are refused under every rule`(_ arguments: String) throws {
        let answer =
            #"{"choices":[{"message":{"tool_calls":[{"id":"a","type":"function","function":{"name":"t","arguments":"\#(arguments)"}}]}}]}"#
        let outcome = try ModelFixture().play(ModelConversation.chat.request(), answer: .init(body: answer))
        #expect(outcome.status == 502 && outcome.code == "model_arguments" && outcome.codes == ["model_arguments"])
        let stream = ModelConversation.events(
            [
                #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"t","arguments":"\#(arguments)"}}]}}]}"#,
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
            ], typed: false)
        let streamed = try ModelFixture().play(
            ModelConversation.chat.request(isStreaming: true), answer: .stream(stream))
        #expect(streamed.isOver && streamed.codes == ["model_arguments"])
        #expect(streamed.text.contains("api_error") && !streamed.text.contains(#""name""#))
    }

    @Test func `A call of a kind that is not known is judged by its kind`() throws {
        let body = #"{"content":[{"type":"robot_use","id":"r","arm":1}]}"#
        let outcome = try ModelFixture.granting(["read_file", "send_email"]).play(
            ModelConversation.messages.request(), answer: .init(body: body))
        #expect(outcome.status == 403 && outcome.events.first?.detail == "robot_use")
    }

    // MARK: Streams that break

    @Test(arguments: ModelConversation.all)
    func `A stream that ends too early ends with an error`(_ conversation: ModelConversation) throws {
        let short = conversation.stream.split(separator: "\n\n").dropLast(3).joined(separator: "\n\n") + "\n\n"
        let outcome = try ModelFixture().play(conversation.request(isStreaming: true), answer: .stream(short))
        #expect(outcome.isOver && outcome.codes == ["model_unfinished"])
        #expect(outcome.text.contains("model_unfinished"))
    }

    @Test(arguments: ModelConversation.all)
    func `Behind its end a stream has nothing`(_ conversation: ModelConversation) throws {
        let more = conversation.stream + conversation.stream
        let outcome = try ModelFixture().play(conversation.request(isStreaming: true), answer: .stream(more))
        #expect(outcome.text == conversation.stream)
    }

    @Test(arguments: ModelConversation.all)
    func `A client that goes away has used what was released`(_ conversation: ModelConversation) throws {
        let outcome = try ModelFixture().play(
            conversation.request(isStreaming: true), answer: .stream(conversation.stream),
            upTo: conversation.stream.utf8.count / 2)
        let usage = try #require(outcome.usage.first)
        #expect(outcome.usage.count == 1 && usage.input > 0 && usage.output > 0)
    }

    @Test func `Without counts a call is estimated`() throws {
        let body = #"{"choices":[{"message":{"content":"\#(String(repeating: "word ", count: 100))"}}]}"#
        let outcome = try ModelFixture().play(ModelConversation.chat.request(), answer: .init(body: body))
        let usage = try #require(outcome.usage.first)
        #expect((50...150).contains(usage.input) && (125...150).contains(usage.output))
        // A request that was sent costs something, answered or not.
        #expect((try ModelFixture().play(ModelConversation.chat.request()).usage.first?.input ?? 0) > 0)
    }

    // MARK: Heads and failures

    @Test(arguments: [
        (UInt16(200), "text/html", "<html>"), (200, "text/event-stream", "data: {}\n\n"),
        (302, "application/json", "{}"),
        (200, "application/json", "{"), (200, "application/json", "[]"), (200, "application/json", "{}"),
        (206, "application/json", "{}"), (401, "application/json", #"{"error":{"message":"key sk-1 is wrong"}}"#),
        (418, "text/plain", "tea"), (200, "", "{}"),
    ])
    func `Broken answers are the provider's fault`(_ status: UInt16, _ type: String, _ body: String) throws {
        let outcome = try ModelFixture().play(
            ModelConversation.chat.request(), answer: .init(status: status, type: type, body: body))
        #expect(outcome.status == 502 && outcome.field("yett-reason") == "upstream_invalid", "\(outcome.text)")
        #expect(outcome.json?["error"]?["type"] == "api_error" && !outcome.events.isEmpty)
        #expect(!outcome.text.contains("sk-1"))
    }

    @Test func `A packed answer is refused`() throws {
        var answer = ModelFixture.Answer(body: ModelConversation.chat.whole)
        answer.fields = [MCPField("content-encoding", "gzip")]
        #expect(try ModelFixture().play(ModelConversation.chat.request(), answer: answer).status == 502)
        answer.fields = [MCPField("content-encoding", "Identity")]
        #expect(try ModelFixture().play(ModelConversation.chat.request(), answer: answer).status == 200)
        answer.fields = [MCPField("content-type", "application/json")]
        #expect(try ModelFixture().play(ModelConversation.chat.request(), answer: answer).status == 502)
    }

    @Test(arguments: [UInt16(400), 403, 404, 429, 500, 529])
    func `A provider's own error passes with its status`(_ status: UInt16) throws {
        let body = #"{"error":{"message":"slow down","type":"x"},"choices":[]}"#
        let fields = [
            MCPField("retry-after", "20"), MCPField("x-ratelimit-limit-tokens", "5"), MCPField("set-cookie", "a=b"),
            MCPField("x-request-id", "r"),
        ]
        let outcome = try ModelFixture().play(
            ModelConversation.chat.request(), answer: .init(status: status, fields: fields, body: body))
        #expect(outcome.status == status && outcome.message == "slow down")
        #expect(outcome.field("retry-after") == "20" && outcome.field("x-request-id") == "r")
        #expect(outcome.field("x-ratelimit-limit-tokens") == "5" && outcome.field("set-cookie") == nil)
        #expect(outcome.field("yett-reason") == nil && outcome.usage.isEmpty)
        let plain = try ModelFixture().play(
            ModelConversation.messages.request(), answer: .init(status: status, type: "text/plain", body: "<b>"))
        #expect(plain.status == status && plain.json?["type"] == "error")
    }

    @Test func `Embeddings pass and are counted`() throws {
        let request = ModelFixture.request("/v1/embeddings", #"{"model":"e","input":["a","b"]}"#)
        let body = #"{"data":[{"embedding":[0.10,-1e-3]}],"usage":{"prompt_tokens":4,"total_tokens":4}}"#
        let outcome = try ModelFixture().play(request, answer: .init(body: body))
        #expect(outcome.text == body && outcome.usage == [ModelUsage(input: 4)])
    }
}
