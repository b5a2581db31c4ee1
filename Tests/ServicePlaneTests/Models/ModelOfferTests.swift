// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

@testable import ServicePlane

/// Calls of tools that nobody offered to the model.
@Suite("Tools that a request did not offer") struct ModelOfferTests {
    /// A request that offers `read_file` and something else than what the answer calls.
    private func request(_ conversation: ModelConversation, _ isStreaming: Bool) -> MediatedRequest {
        let text = conversation.requestText.replacing("send_email", with: "send_mail")
        return ModelFixture.request(
            conversation.path, text.split(separator: "%").joined(separator: isStreaming ? "true" : "false"))
    }

    @Test(
        "are not called, whatever is granted", arguments: ModelConversation.all, [ModelServer.ToolRule.any, .granted])
    func whole(_ conversation: ModelConversation, _ rule: ModelServer.ToolRule) throws {
        let fixture = ModelFixture()
        fixture.server.toolRule = rule
        let outcome = try fixture.play(request(conversation, false), answer: .init(body: conversation.whole))
        #expect(outcome.status == 403 && outcome.field("yett-reason") == "tool_not_granted")
        #expect(outcome.text.contains("tool_not_offered") && outcome.message.contains("send_email"))
        #expect(!outcome.text.contains("read_file"))
        #expect(outcome.events == [MediationEvent(code: "model_call_denied", detail: "send_email")])
        #expect(outcome.usage == [conversation.usage])
    }

    @Test("end a stream before the call", arguments: ModelConversation.all, [1, 9999])
    func stream(_ conversation: ModelConversation, _ pieces: Int) throws {
        let outcome = try ModelFixture().play(
            request(conversation, true), answer: .stream(conversation.stream), pieces: pieces)
        #expect(outcome.isOver && outcome.failure == nil)
        #expect(outcome.text.contains("Let me look.") && !outcome.text.contains(#""name":"send_email""#))
        #expect(outcome.text.contains("tool_not_offered"))
        #expect(outcome.codes == ["model_call_denied"])
    }

    @Test("are none at all where none are offered")
    func nothing() throws {
        let body = #"{"model": "m", "messages": [{"role": "user", "content": "hi"}]}"#
        let outcome = try ModelFixture().play(
            ModelFixture.request("/v1/chat/completions", body), answer: .init(body: ModelConversation.chat.whole))
        #expect(outcome.status == 403 && outcome.text.contains("tool_not_offered"))
    }
}
