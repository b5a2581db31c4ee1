// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct MessagesStreamTests {
    private typealias S = ModelStreams
    typealias Event = (type: String, data: String)

    private func play(_ events: [Event], denying: Set<String> = []) -> Played {
        Played.play(.messages, S.typed([S.messageStart] + events), denying: denying)
    }

    @Test("judges each call when its block stops")
    func blocks() {
        let events =
            S.use(0, id: "a", name: "read", [#"{"p":1}"#]) + S.text(1, ["and"]) + S.use(2, id: "b", name: "send", [])
            + S.messageEnd
        let allowed = play(events)
        #expect(allowed.isFinished && allowed.output == S.typed([S.messageStart] + events))
        #expect(allowed.calls.map(\.arguments) == [["p": 1], [:]])
        let denied = play(events, denying: ["send"])
        #expect(denied.output.hasPrefix(S.typed([S.messageStart] + events.prefix(6))))
        #expect(!denied.output.contains("send\""))
    }

    @Test("judges blocks of types that it does not know by their type, and tells what the provider runs")
    func unknown() {
        let block = #""index":0,"content_block":{"type":"robot_use","id":"r","arm":"left"}"#
        let played = play([("content_block_start", block), ("content_block_stop", #""index":0"#)] + S.messageEnd)
        #expect(played.calls.map(\.name) == ["robot_use"] && played.calls.first?.arguments["arm"] == "left")
        let hosted =
            #""index":0,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}}"#
        let search = play([("content_block_start", hosted), ("content_block_stop", #""index":0"#)] + S.messageEnd)
        #expect(search.calls.map(\.name) == ["web_search"] && search.calls.first?.isHosted == true)
        #expect(search.calls.first?.arguments == ["query": "q"])
    }

    @Test("drops events of types that it does not know")
    func dropped() {
        let played = play([("tool_use_fast", #""name":"send","input":{}"#)] + S.text(0, ["a"]) + S.messageEnd)
        #expect(played.isFinished && played.calls.isEmpty && !played.output.contains("tool_use_fast"))
    }

    @Test(
        "refuses what clients read in different ways",
        arguments: [
            (S.use(1, id: "a", name: "t", ["{}"]), "model_call_index"),
            (
                Array(S.use(0, id: "a", name: "t", ["{}"]).prefix(2)) + S.use(1, id: "b", name: "u", []),
                "model_event_order"
            ),
            (S.use(0, id: "a", name: "t", []) + S.use(1, id: "a", name: "t", []), "model_repeated_call_id"),
            (S.use(0, id: "a", name: "t", []) + S.use(0, id: "b", name: "t", []), "model_call_index"),
            (S.use(0, id: "a", name: "", []), "model_call_name"), (S.use(0, id: "", name: "t", []), "model_call_id"),
            (S.use(0, id: "a", name: "t", [#"{"x":1,"x":2}"#]), "model_arguments"),
            (S.use(0, id: "a", name: "t", ["1"]), "model_arguments"),
            (
                Array(S.text(0, []).prefix(1)) + Array(S.use(0, id: "a", name: "t", ["{}"]).dropFirst()),
                "model_call_type"
            ),
            (
                Array(S.use(0, id: "a", name: "t", []).prefix(1)) + Array(S.text(0, ["x"]).dropFirst()),
                "model_call_type"
            ),
            (Array(S.use(0, id: "a", name: "t", []).prefix(1)) + S.messageEnd, "model_event_order"),
            ([S.messageStart], "model_event_order"),
            (
                [
                    (
                        "content_block_start",
                        #""index":0,"content_block":{"type":"tool_use","id":"a","name":"t","input":{"to":"x"}}"#
                    )
                ]
                    + Array(S.use(0, id: "a", name: "t", ["{}"]).dropFirst()), "model_call_changed"
            ),
            (
                [("content_block_start", #""index":0,"content_block":{"type":"text"},"Content_Block":{}"#)],
                "model_ambiguous_name"
            ),
            ([("content_block_stop", #""index":0"#)], "model_event_order"),
            ([("message_delta", #""usage":{"output_tokens":1.5}"#)], "model_usage"),
            ([("error", #""error":{"type":"overloaded_error"}"#)], ""),
        ] as [([Event], String)])
    func refused(_ events: [Event], _ code: String) {
        let played = play(events)
        #expect(played.refusal ?? "" == code)
    }

    @Test("refuses an event whose type differs from the one in its data")
    func types() {
        let stop = S.typed(S.messageEnd)
        let data = #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use"}}"#
        for head in ["event: ping\n", "", "event: message\n"] {
            let stream = S.typed([S.messageStart]) + head + "data: \(data)\n\n" + stop
            #expect(Played.play(.messages, stream).refusal == "model_event_type")
        }
    }

    @Test("refuses content before the start and in it")
    func before() {
        #expect(Played.play(.messages, S.typed(S.text(0, ["a"]))).refusal == "model_event_order")
        let full = #""message":{"content":[{"type":"tool_use","id":"a","name":"t","input":{}}]}"#
        #expect(Played.play(.messages, S.typed([("message_start", full)])).refusal == "model_too_many_calls")
    }
}
