// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct ModelAnswerTests {
    private func read(_ api: ModelAPI, _ body: String) throws(ModelRefusal) -> ModelAnswer {
        try ModelAnswer(api, body: bytes(body))
    }

    private static func chat(_ calls: String) -> String {
        #"{"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[\#(calls)]},"finish_reason":"tool_calls"}],"#
            + #""usage":{"prompt_tokens":3,"completion_tokens":2}}"#
    }

    private static func call(_ id: String, _ name: String, _ arguments: String) -> String {
        #"{"id":"\#(id)","type":"function","function":{"name":"\#(name)","arguments":\#(JSONValue.string(arguments).text)}}"#
    }

    @Test("reads calls and counts of the three interfaces")
    func answers() throws {
        let chat = try read(
            .chatCompletions, Self.chat(Self.call("a", "f", #"{"x":1}"#) + "," + Self.call("b", "g", "")))
        #expect(chat.calls.map(\.name) == ["f", "g"] && chat.calls.map(\.arguments) == [["x": 1], [:]])
        #expect(chat.usage == ModelUsage(input: 3, output: 2))
        let messages = try read(
            .messages,
            #"{"content":[{"type":"text","text":"a"},{"type":"tool_use","id":"t","name":"f","input":{"x":1}},"#
                + #"{"type":"web_search_tool_result","content":[]}],"usage":{"input_tokens":3,"cache_creation_input_tokens":4,"output_tokens":2}}"#
        )
        #expect(messages.calls.map(\.name) == ["f"] && messages.usage == ModelUsage(input: 7, output: 2))
        let responses = try read(
            .responses,
            #"{"output":[{"type":"reasoning"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},"#
                + #"{"type":"computer_call","call_id":"d","action":{"type":"click"}}],"usage":{"input_tokens":3,"output_tokens":2}}"#
        )
        #expect(responses.calls.map(\.name) == ["f", "computer"])
        #expect(try read(.embeddings, #"{"data":[],"usage":{"prompt_tokens":8}}"#).usage == ModelUsage(input: 8))
        #expect(try read(.modelList, #"{ "data": [] }"#).body == bytes(#"{"data":[]}"#))
    }

    @Test(
        "refuses what clients read in different ways",
        arguments: [
            (.chatCompletions, chat(call("a", "f", #"{"x":1,"x":2}"#)), "model_arguments"),
            (.chatCompletions, chat(call("a", "f", #"{"x":1,"X":2}"#)), "model_arguments"),
            (.chatCompletions, chat(call("a", "f", "null")), "model_arguments"),
            (.chatCompletions, chat(call("a", "f", "{}") + "," + call("a", "g", "{}")), "model_repeated_call_id"),
            (.chatCompletions, chat(#"{"type":"function","function":{"name":"f","arguments":"{}"}}"#), "model_call_id"),
            (
                .chatCompletions, chat(#"{"id":"a","type":"function","function":{"name":"f","arguments":{}}}"#),
                "model_arguments"
            ),
            (.chatCompletions, chat(#"{"id":"a","type":"function","Function":{"name":"f"}}"#), "model_ambiguous_name"),
            (.chatCompletions, chat(#"{"id":"a","type":"other","function":{"name":"f"}}"#), "model_call_type"),
            (.chatCompletions, chat(#"{"id":"a","function":{"name":"f","arguments":"{}"}}"#), "model_call_type"),
            (.chatCompletions, #"{"choices":[{"delta":{"tool_calls":[]},"message":{}}]}"#, "model_structure"),
            (.chatCompletions, #"{"choices":[{"message":{},"Message":{"tool_calls":[]}}]}"#, "model_ambiguous_name"),
            (.chatCompletions, #"{"Choices":[],"choices":[]}"#, "model_ambiguous_name"),
            (.chatCompletions, #"{"object":"x"}"#, "model_structure"),
            (.messages, #"{"content":"text"}"#, "model_structure"),
            (.messages, #"{"content":[{"type":"tool_use","id":"a","name":"f","input":"{}"}]}"#, "model_arguments"),
            (.messages, #"{"content":[{"type":"tool_use","id":"a","name":"f"}]}"#, "model_arguments"),
            (.messages, #"{"content":[{"text":"a"}]}"#, "model_structure"),
            (.responses, #"{"output":[{"type":"function_call","call_id":"c","name":"f"}]}"#, "model_arguments"),
            (.responses, #"{"output":[{"role":"assistant"}]}"#, "model_structure"),
            (.responses, #"{"output":[],"usage":{"input_tokens":99999999999999}}"#, "model_usage"),
            (.responses, "<html>", "json_unexpected_byte"),
        ] as [(ModelAPI, String, String)])
    func refused(_ api: ModelAPI, _ body: String, _ code: String) {
        do throws(ModelRefusal) {
            _ = try read(api, body)
            Issue.record("read")
        } catch {
            #expect(error.code == code && error.fault == .provider && error.status == 502)
        }
    }

    @Test("tells the calls of a type that it does not know by the type")
    func unknown() throws {
        let answer = try read(.messages, #"{"content":[{"type":"robot_use","id":"r","arm":1}]}"#)
        #expect(answer.calls.map(\.name) == ["robot_use"])
    }
}

/// The cases of the shared corpus that a model sends.
@Suite struct ModelCorpusTests {
    private func testCase(_ id: String) throws -> MCPCase {
        try #require(MCPCase.all.first { $0.id == id }, "the corpus has no case \(id)")
    }

    @Test("refuses a message with a denied call among several (openai-parallel)", .enabled(if: !MCPCase.all.isEmpty))
    func parallel() throws {
        let alternatives = try testCase("openai-parallel").expect["alternatives"]?.array?.compactMap(\.string) ?? []
        #expect(alternatives.contains("whole message refused"))
        let stream = ModelStreams.chat([
            ModelStreams.piece(0, id: "a", name: "read_file", "{}"),
            ModelStreams.piece(1, id: "b", name: "send_email", "{}"),
            ModelStreams.chunk("{}", finish: "tool_calls"),
        ])
        let played = Played.play(.chatCompletions, stream, denying: ["send_email"])
        #expect(played.calls.map(\.name) == ["read_file", "send_email"] && played.denied == "send_email")
        #expect(!played.output.contains("read_file") && !played.output.contains("send_email"))
    }

    @Test("decides on arguments that are complete (openai-stream-split)", .enabled(if: !MCPCase.all.isEmpty))
    func split() throws {
        let step = try testCase("openai-stream-split").steps.first ?? nil
        let name = try #require(step["name"]?.string)
        let deltas = (step["deltas"]?.array ?? []).compactMap(\.string)
        #expect(deltas.count == 2)
        let stream = ModelStreams.chat(
            [ModelStreams.piece(0, id: "a", name: name, "")] + deltas.map { ModelStreams.piece(0, $0) }
                + [ModelStreams.chunk("{}", finish: "tool_calls")])
        for denied in [[], [name]] as [Set<String>] {
            let played = Played.play(.chatCompletions, bytes(stream).map { [$0] }, denying: denied) { played in
                if played.calls.isEmpty { #expect(played.output.isEmpty) }
            }
            #expect(played.calls.map(\.arguments) == [["to": "evil@evil.test"]])
            #expect(played.output.contains("evil.test") == denied.isEmpty)
        }
    }
}
