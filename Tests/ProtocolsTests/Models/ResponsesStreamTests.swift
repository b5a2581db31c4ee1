// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct ResponsesStreamTests {
    private typealias S = ModelStreams
    typealias Event = (type: String, data: String)

    private func play(_ events: [Event], denying: Set<String> = []) -> Played {
        Played.play(.responses, S.typed([S.created] + events), denying: denying)
    }

    /// A call as a whole answer tells it again.
    private static func told(_ id: String, _ name: String, _ arguments: String) -> String {
        #"{"type":"function_call","id":"fc_\#(id)","call_id":"\#(id)","name":"\#(name)","arguments":\#(JSONValue.string(arguments).text)}"#
    }

    @Test("judges calls that run side by side each when it is done")
    func parallel() {
        let first = S.item(0, id: "a", name: "read", [#"{"p":"#, "1}"])
        let second = S.item(1, id: "b", name: "send", ["{}"])
        let events =
            [first[0], second[0], first[1], second[1], first[2], first[3], first[4], second[2], second[3]]
            + [S.completed(Self.told("a", "read", #"{"p":1}"#) + "," + Self.told("b", "send", "{}"))]
        let allowed = play(events)
        #expect(allowed.isFinished && allowed.output == S.typed([S.created] + events))
        #expect(allowed.calls.map(\.name) == ["read", "send"])
        let denied = play(events, denying: ["send"])
        #expect(denied.denied == "send" && !denied.output.contains("read") && !denied.output.contains("fc_a"))
    }

    @Test("judges a call that only the whole answer tells")
    func late() {
        let events = [S.completed(Self.told("z", "send", #"{"to":"evil"}"#))]
        #expect(play(events).calls.map(\.name) == ["send"])
        let denied = play(events, denying: ["send"])
        #expect(denied.denied == "send" && !denied.output.contains("evil"))
        let early: [Event] = [("response.in_progress", #""response":{"output":[\#(Self.told("z", "send", "{}"))]}"#)]
        #expect(play(early, denying: ["send"]).denied == "send")
    }

    @Test("judges items of other types by their type")
    func types() {
        let shell: [Event] = [
            (
                "response.output_item.added",
                #""output_index":0,"item":{"type":"local_shell_call","id":"i","call_id":"c","status":"x"}"#
            ),
            (
                "response.output_item.done",
                #""output_index":0,"item":{"type":"local_shell_call","id":"i","call_id":"c","action":{"command":["rm"]}}"#
            ), S.completed(),
        ]
        let played = play(shell)
        #expect(played.isFinished && played.calls.map(\.name) == ["local_shell"])
        #expect(played.calls.first?.arguments["action"]?["command"]?[0] == "rm")
        let search: [Event] = [
            ("response.output_item.added", #""output_index":0,"item":{"type":"web_search_call","id":"ws"}"#),
            ("response.web_search_call.searching", #""output_index":0,"item_id":"ws""#),
            (
                "response.output_item.done",
                #""output_index":0,"item":{"type":"web_search_call","id":"ws","status":"completed"}"#
            ),
            S.completed(#"{"type":"web_search_call","id":"ws","status":"completed","action":{"query":"q"}}"#),
        ]
        #expect(play(search).calls.map(\.isHosted) == [true])
        #expect(play(search).isFinished)
        #expect(play(search, denying: ["web_search"]).denied == "web_search")
        let robot: [Event] = [
            ("response.output_item.done", #""output_index":0,"item":{"type":"robot","id":"r"}"#), S.completed(),
        ]
        #expect(play(robot, denying: ["robot"]).denied == "robot")
    }

    @Test("reads free text of custom tools")
    func custom() {
        let head = #""type":"custom_tool_call","id":"i","call_id":"c","name":"sql""#
        let events: [Event] = [
            ("response.output_item.added", #""output_index":0,"item":{\#(head),"input":""}"#),
            ("response.custom_tool_call_input.delta", #""output_index":0,"item_id":"i","delta":"DROP""#),
            ("response.custom_tool_call_input.done", #""output_index":0,"item_id":"i","input":"DROP""#),
            ("response.output_item.done", #""output_index":0,"item":{\#(head),"input":"DROP"}"#), S.completed(),
        ]
        #expect(play(events).calls.first?.arguments == ["input": "DROP"])
    }

    @Test("drops events of types that it does not know")
    func dropped() {
        let played = play([("response.tool_fast.delta", #""name":"send""#), S.completed()])
        #expect(played.isFinished && !played.output.contains("tool_fast"))
    }

    @Test(
        "refuses a call that is told in two ways",
        arguments: [
            (S.item(0, id: "a", name: "t", [#"{"to":"me"}"#], final: #"{"to":"evil"}"#), "model_call_changed"),
            (
                Array(S.item(0, id: "a", name: "t", ["{}"]).prefix(3)) + [S.item(0, id: "a", name: "u", ["{}"])[3]],
                "model_call_changed"
            ),
            (
                Array(S.item(0, id: "a", name: "t", ["{}"]).prefix(2)) + [
                    S.item(0, id: "a", name: "t", [#"{"x":1}"#])[3]
                ],
                "model_call_changed"
            ),
            (
                Array(S.item(0, id: "a", name: "t", []).prefix(1)) + [S.item(0, id: "b", name: "t", [])[2]],
                "model_call_changed"
            ),
            (
                S.item(0, id: "a", name: "t", ["{}"]) + [S.completed(told("a", "t", #"{"x":1}"#))], "model_call_changed"
            ),
            (S.item(0, id: "a", name: "t", ["{}"]) + [S.completed(told("a", "u", "{}"))], "model_call_changed"),
            ([S.completed(told("a", "t", "{}") + "," + told("a", "t", "{}"))], "model_repeated_call_id"),
            (S.item(0, id: "a", name: "t", ["{}"]) + S.item(1, id: "a", name: "t", ["{}"]), "model_repeated_call_id"),
            (S.item(0, id: "a", name: "t", ["{}"]) + S.item(0, id: "b", name: "t", ["{}"]), "model_call_index"),
            (
                Array(S.item(0, id: "a", name: "t", []).prefix(1)) + [S.item(1, id: "b", name: "t", ["{}"])[1]],
                "model_call_index"
            ),
            (
                Array(S.item(0, id: "a", name: "t", []).prefix(1)) + [S.item(0, id: "b", name: "t", ["{}"])[1]],
                "model_call_index"
            ),
            (S.item(0, id: "a", name: "t", ["{}"]) + [S.item(0, id: "a", name: "t", ["{}"])[1]], "model_call_index"),
            (Array(S.item(0, id: "a", name: "t", ["{}"]).prefix(2)) + [S.completed()], "model_unfinished"),
            (S.item(0, id: "a", name: "t", [#"{"x":1,"x":2}"#]), "model_arguments"),
            (S.item(0, id: "a", name: "t t", ["{}"]), "model_call_name"),
            (
                [("response.output_item.added", #""output_index":0,"item":{"type":"message","id":"fc_a"}"#)]
                    + Array(S.item(0, id: "a", name: "t", ["{}"]).dropFirst()), "model_call_index"
            ),
            ([("response.output_item.added", #""output_index":0,"Item":{}"#)], "model_ambiguous_name"),
            ([("response.output_item.added", #""output_index":0,"item":{}"#)], "model_structure"),
        ] as [([Event], String)])
    func refused(_ events: [Event], _ code: String) {
        #expect(play(events).refusal == code)
    }

    @Test("refuses an event whose type differs from the one in its data, and takes one without")
    func eventTypes() {
        let data = S.typed([S.completed()])
        #expect(Played.play(.responses, data.replacing("event: response.completed\n", with: "")).isFinished)
        #expect(
            Played.play(.responses, data.replacing("event: response.completed", with: "event: response.created"))
                .refusal
                == "model_event_type")
        #expect(Played.play(.responses, "data: {}\n\n").refusal == "model_event_type")
    }
}
