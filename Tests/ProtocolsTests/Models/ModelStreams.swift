// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

/// Streams in the shapes in which providers send them.
enum ModelStreams {
    /// Events of a chat completion.
    static func chat(_ chunks: [String], isDone: Bool = true) -> String {
        chunks.map { "data: \($0)\n\n" }.joined() + (isDone ? "data: [DONE]\n\n" : "")
    }

    /// A chunk of a chat completion with one choice.
    static func chunk(_ delta: String, choice: Int = 0, finish: String? = nil) -> String {
        let reason = finish.map { "\"\($0)\"" } ?? "null"
        return
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":\#(choice),"#
            + #""delta":\#(delta),"logprobs":null,"finish_reason":\#(reason)}]}"#
    }

    /// A chunk with a piece of a call.
    static func piece(
        _ number: Int, id: String? = nil, name: String? = nil, _ arguments: String, choice: Int = 0
    ) -> String {
        var call = #"{"index":\#(number)"#
        if let id { call += #","id":"\#(id)","type":"function""# }
        call += #","function":{"#
        if let name { call += #""name":"\#(name)","# }
        call += "\"arguments\":\(JSONValue.string(arguments).text)}}"
        return chunk(#"{"tool_calls":[\#(call)]}"#, choice: choice)
    }

    /// Events with types of their own.
    static func typed(_ events: [(type: String, data: String)]) -> String {
        events.map { type, members in
            "event: \(type)\ndata: {\"type\":\"\(type)\"\(members.isEmpty ? "" : ",")\(members)}\n\n"
        }.joined()
    }

    static let chatUsage =
        #"{"id":"c","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}"#

    static let weather: String = chat([
        chunk(#"{"role":"assistant","content":""}"#), chunk(#"{"content":"Let me look. "}"#),
        piece(0, id: "call_a", name: "get_weather", ""), piece(0, #"{"ci"#), piece(0, #"ty":"Paris"}"#),
        chunk("{}", finish: "tool_calls"), chatUsage,
    ])

    static let messageStart = (
        type: "message_start",
        data:
            #""message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"m","stop_reason":null,"#
            + #""usage":{"input_tokens":20,"cache_read_input_tokens":5,"output_tokens":1}}"#
    )

    static let messageEnd = [
        (
            type: "message_delta",
            data: #""delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":30}"#
        ),
        (type: "message_stop", data: ""),
    ]

    /// The events of a text block.
    static func text(_ index: Int, _ pieces: [String]) -> [(type: String, data: String)] {
        [(type: "content_block_start", data: #""index":\#(index),"content_block":{"type":"text","text":""}"#)]
            + pieces.map {
                (
                    type: "content_block_delta",
                    data: #""index":\#(index),"delta":{"type":"text_delta","text":\#(JSONValue.string($0).text)}"#
                )
            } + [(type: "content_block_stop", data: #""index":\#(index)"#)]
    }

    /// The events of a call's block.
    static func use(
        _ index: Int, id: String, name: String, _ pieces: [String]
    ) -> [(type: String, data: String)] {
        let start = #""content_block":{"type":"tool_use","id":"\#(id)","name":"\#(name)","input":{}}"#
        return [(type: "content_block_start", data: #""index":\#(index),\#(start)"#)]
            + pieces.map {
                (
                    type: "content_block_delta",
                    data:
                        #""index":\#(index),"delta":{"type":"input_json_delta","partial_json":\#(JSONValue.string($0).text)}"#
                )
            } + [(type: "content_block_stop", data: #""index":\#(index)"#)]
    }

    static let messages: String = typed(
        [messageStart, (type: "ping", data: "")] + text(0, ["Let me ", "look."])
            + use(1, id: "toolu_1", name: "get_weather", ["", #"{"ci"#, #"ty":"Paris"}"#]) + messageEnd)

    /// The events of a call's item.
    static func item(
        _ index: Int, id: String, name: String, _ pieces: [String], final: String? = nil
    ) -> [(type: String, data: String)] {
        let whole = JSONValue.string(final ?? pieces.joined()).text
        let head = #""type":"function_call","id":"fc_\#(id)","call_id":"\#(id)","name":"\#(name)""#
        return [
            (
                type: "response.output_item.added",
                data: #""output_index":\#(index),"item":{\#(head),"status":"in_progress","arguments":""}"#
            )
        ]
            + pieces.map {
                (
                    type: "response.function_call_arguments.delta",
                    data: #""item_id":"fc_\#(id)","output_index":\#(index),"delta":\#(JSONValue.string($0).text)"#
                )
            } + [
                (
                    type: "response.function_call_arguments.done",
                    data: #""item_id":"fc_\#(id)","output_index":\#(index),"arguments":\#(whole)"#
                ),
                (
                    type: "response.output_item.done",
                    data: #""output_index":\#(index),"item":{\#(head),"status":"completed","arguments":\#(whole)}"#
                ),
            ]
    }

    /// The last event, with the items that it tells again.
    static func completed(_ items: String = "") -> (type: String, data: String) {
        (
            type: "response.completed",
            data: #""response":{"id":"resp_1","status":"completed","output":[\#(items)],"#
                + #""usage":{"input_tokens":9,"output_tokens":4,"total_tokens":13}}"#
        )
    }

    static let created = (
        type: "response.created", data: #""sequence_number":0,"response":{"id":"resp_1","output":[]}"#
    )

    static let responses: String = typed(
        [created]
            + [
                (
                    type: "response.output_item.added",
                    data: #""output_index":0,"item":{"type":"message","id":"m","content":[]}"#
                ),
                (
                    type: "response.output_text.delta",
                    data:
                        #""item_id":"m","output_index":0,"content_index":0,"delta":"Let me look.","sequence_number":4"#
                ),
                (
                    type: "response.output_item.done",
                    data:
                        #""output_index":0,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"Let me look."}]}"#
                ),
            ] + item(1, id: "call_1", name: "get_weather", [#"{"ci"#, #"ty":"Paris"}"#])
            + [
                completed(
                    #"{"type":"function_call","id":"fc_call_1","call_id":"call_1","name":"get_weather","status":"completed","arguments":"{\"city\":\"Paris\"}"}"#
                )
            ])
}

/// What a filter made of a stream.
struct Played {
    var output = ""
    var calls: [ModelToolCall] = []
    var ending: ModelStreamFilter.Ending?
    var usage = ModelUsage()

    var isFinished: Bool { if case .finished? = ending { true } else { false } }

    var refusal: String? {
        guard case .refused(let refusal)? = ending else { return nil }
        return refusal.code
    }

    var denied: String? {
        guard case .denied(let call, _)? = ending else { return nil }
        return call.name
    }

    /// Plays a stream in pieces; tools of these names are denied.
    static func play(
        _ api: ModelAPI, _ pieces: [[UInt8]], denying denied: Set<String> = [], limits: ModelLimits = .standard,
        watch: (Played) -> Void = { _ in }
    ) -> Played {
        var played = Played()
        guard var filter = ModelStreamFilter(api, limits: limits) else { return played }
        for piece in pieces {
            var calls: [ModelToolCall] = []
            let step = filter.feed(piece) { call in
                calls.append(call)
                return denied.contains(call.name) ? .deny(code: "tool_denied", sentence: "The tool is denied.") : .allow
            }
            played.calls += calls
            played.output += String(decoding: step.bytes, as: UTF8.self)
            played.ending = played.ending ?? step.ending
            watch(played)
        }
        let step = filter.end()
        played.output += String(decoding: step.bytes, as: UTF8.self)
        played.ending = played.ending ?? step.ending
        played.usage = filter.usage
        return played
    }

    static func play(
        _ api: ModelAPI, _ stream: String, denying denied: Set<String> = [], limits: ModelLimits = .standard
    ) -> Played {
        play(api, [bytes(stream)], denying: denied, limits: limits)
    }
}
