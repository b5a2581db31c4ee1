// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct ChatStreamTests {
    private typealias S = ModelStreams
    private static let finish = ModelStreams.chunk("{}", finish: "tool_calls")

    private func play(_ chunks: [String], denying: Set<String> = []) -> Played {
        Played.play(.chatCompletions, S.chat(chunks), denying: denying)
    }

    @Test("judges calls one by one, and passes on neither when one of them is denied")
    func parallel() {
        let chunks = [
            S.piece(0, id: "a", name: "read", #"{"p""#), S.piece(1, id: "b", name: "send", ""), S.piece(0, ":1}"),
            S.piece(1, #"{"to":"evil"}"#), Self.finish,
        ]
        let allowed = play(chunks)
        #expect(allowed.output == S.chat(chunks) && allowed.calls.map(\.name) == ["read", "send"])
        #expect(allowed.calls.map(\.arguments) == [["p": 1], ["to": "evil"]])
        let denied = play(chunks, denying: ["send"])
        #expect(denied.denied == "send")
        #expect(!denied.output.contains("read") && !denied.output.contains("send\""))
    }

    @Test("keeps the calls of two alternatives apart")
    func choices() {
        let chunks = [
            S.piece(0, id: "a", name: "one", "{}", choice: 0), S.piece(0, id: "b", name: "two", "{}", choice: 1),
            S.chunk("{}", choice: 0, finish: "tool_calls"), S.chunk(#"{"content":"x"}"#, choice: 2),
            S.chunk("{}", choice: 1, finish: "tool_calls"),
        ]
        let played = play(chunks)
        #expect(played.isFinished && played.calls.map(\.name) == ["one", "two"])
        // The text of another alternative does not wait.
        #expect(played.output.hasPrefix("data: " + chunks[3]))
        #expect(played.output.utf8.count == S.chat(chunks).utf8.count)
    }

    @Test("judges at the end what no reason ended")
    func done() {
        let played = play([S.piece(0, id: "a", name: "t", "")])
        #expect(played.isFinished && played.calls.map(\.arguments) == [[:]])
        #expect(play([S.piece(0, id: "a", name: "t", "")], denying: ["t"]).denied == "t")
    }

    @Test("takes an empty reason for none")
    func emptyReason() {
        let chunks = [
            S.chunk(#"{"content":"a","tool_calls":[]}"#, finish: ""), S.piece(0, id: "a", name: "t", "{}"), Self.finish,
        ]
        #expect(play(chunks).isFinished && play(chunks).calls.map(\.name) == ["t"])
        #expect(play([#"{"choices":[{"index":0,"delta":{},"finish_reason":1}]}"#]).refusal == "model_structure")
    }

    @Test("reads calls of the old form and of free text")
    func forms() {
        let old = play([
            S.chunk(#"{"function_call":{"name":"f","arguments":""}}"#),
            S.chunk(#"{"function_call":{"arguments":"{\"a\":1}"}}"#),
            S.chunk("{}", finish: "function_call"),
        ])
        #expect(old.calls.map(\.name) == ["f"] && old.calls.first?.arguments == ["a": 1])
        let custom = play([
            S.chunk(#"{"tool_calls":[{"index":0,"id":"a","type":"custom","custom":{"name":"sh","input":"rm "}}]}"#),
            S.chunk(#"{"tool_calls":[{"index":0,"custom":{"input":"-r"}}]}"#), Self.finish,
        ])
        #expect(custom.calls.first?.arguments == ["input": "rm -r"])
    }

    @Test(
        "refuses what clients read in different ways",
        arguments: [
            // Names of members.
            ([S.chunk(#"{"Tool_Calls":[]}"#)], "model_ambiguous_name"),
            ([#"{"choices":[{"index":0,"Delta":{}}]}"#], "model_ambiguous_name"),
            ([#"{"choices":[{"index":0,"delta":{},"delta":{}}]}"#], "json_duplicate_name"),
            // Arguments that are text with an ambiguity of its own.
            ([S.piece(0, id: "a", name: "t", #"{"to":"a","to":"b"}"#), finish], "model_arguments"),
            ([S.piece(0, id: "a", name: "t", #"{"to":"a","To":"b"}"#), finish], "model_arguments"),
            ([S.piece(0, id: "a", name: "t", #"{"a":1}{"b":2}"#), finish], "model_arguments"),
            ([S.piece(0, id: "a", name: "t", #"["a"]"#), finish], "model_arguments"),
            ([S.piece(0, id: "a", name: "t", #"{"a":"#), finish], "model_arguments"),
            (
                [
                    S.piece(0, id: "a", name: "t", "{}"),
                    S.chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":{}}}]}"#),
                ], "model_structure"
            ),
            // Identifiers.
            ([S.piece(0, id: "a", name: "t", ""), S.piece(1, id: "a", name: "u", "")], "model_repeated_call_id"),
            ([S.piece(0, id: "a", name: "t", ""), S.piece(0, id: "b", "{}")], "model_call_changed"),
            ([S.piece(0, id: "a b", name: "t", "")], "model_call_id"),
            (
                [S.piece(0, id: "a", name: "t", ""), S.piece(0, id: "a", name: "t", "", choice: 1)],
                "model_repeated_call_id"
            ),
            // Numbers.
            ([S.piece(0, id: "a", name: "t", ""), S.piece(1, "{}")], "model_call_index"),
            ([S.chunk(#"{"tool_calls":[{"id":"a","function":{"name":"t"}}]}"#)], "model_call_index"),
            ([S.chunk(#"{"tool_calls":[{"index":-1,"id":"a","function":{"name":"t"}}]}"#)], "model_call_index"),
            ([S.chunk(#"{"tool_calls":[{"index":"0","id":"a","function":{"name":"t"}}]}"#)], "model_call_index"),
            ([S.chunk(#"{"tool_calls":[{"index":0.0,"id":"a","function":{"name":"t"}}]}"#)], "model_call_index"),
            ([S.chunk(#"{"tool_calls":[{"index":4000,"id":"a","function":{"name":"t"}}]}"#)], "model_too_many_calls"),
            // A name in pieces, or told twice.
            ([S.piece(0, id: "a", name: "get_", ""), S.piece(0, name: "secret", "{}")], "model_split_call_name"),
            ([S.piece(0, id: "a", name: "get", ""), S.piece(0, name: "get", "{}")], "model_split_call_name"),
            ([S.piece(0, id: "a", "{}"), finish], "model_call_name"),
            ([S.piece(0, id: "a", name: "ge\\u200bt", "{}"), finish], "model_call_name"),
            // Types.
            (
                [S.chunk(#"{"tool_calls":[{"index":0,"id":"a","type":"retrieval","function":{"name":"t"}}]}"#)],
                "model_call_type"
            ),
            (
                [S.chunk(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"t"},"custom":{"name":"u"}}]}"#)],
                "model_call_type"
            ),
            // Order.
            ([finish, S.piece(0, id: "a", name: "t", "{}")], "model_event_order"),
            ([#"{"choices":[{"index":0,"message":{"tool_calls":[]}}]}"#], "model_structure"),
            ([#"{"choices":{"0":{}}}"#], "model_structure"),
            ([#"{"usage":{"prompt_tokens":-1}}"#], "model_usage"),
            ([S.piece(0, id: "a", name: "t", ""), #"{"error":{"message":"x"}}"#], "model_unfinished"),
            (["[DONE] "], "model_structure"), (["{"], "json_truncated"), (["hello"], "model_structure"),
        ] as [([String], String)])
    func refused(_ chunks: [String], _ code: String) {
        let played = play(chunks)
        #expect(played.refusal == code)
        #expect(played.calls.isEmpty)
        #expect(!played.output.contains(#""tool_calls":"#))
        #expect(played.output.contains(code))
    }

    @Test("refuses an event with a type of its own")
    func types() {
        #expect(Played.play(.chatCompletions, "event: tool\ndata: {}\n\n").refusal == "sse_unknown_event")
    }

    @Test("passes a provider's error on, and ends")
    func error() {
        let stream = S.chat([S.chunk(#"{"content":"a"}"#), #"{"error":{"message":"overloaded"}}"#], isDone: false)
        let played = Played.play(.chatCompletions, stream)
        #expect(played.output == stream && played.isFinished)
    }
}
