// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Protocols

@Suite struct ModelStreamFilterTests {
    static let recorded: [(ModelAPI, String)] = [
        (.chatCompletions, ModelStreams.weather), (.messages, ModelStreams.messages),
        (.responses, ModelStreams.responses),
    ]

    private let paris: JSONValue = ["city": "Paris"]

    @Test("passes an allowed call on unchanged, whatever the cuts", arguments: recorded)
    func allowed(_ api: ModelAPI, _ stream: String) {
        let whole = Played.play(api, stream)
        #expect(whole.output == stream && whole.isFinished)
        #expect(whole.calls.map(\.name) == ["get_weather"] && whole.calls.first?.arguments == paris)
        let all = bytes(stream)
        for cut in stride(from: 1, to: all.count, by: 37) {
            let played = Played.play(api, [Array(all[..<cut]), Array(all[cut...])])
            #expect(played.output == stream && played.isFinished && played.calls.count == 1, "cut at \(cut)")
        }
    }

    @Test("lets nothing of a call out before it is judged, cut at every byte", arguments: recorded)
    func held(_ api: ModelAPI, _ stream: String) {
        let pieces = bytes(stream).map { [$0] }
        let played = Played.play(api, pieces) { played in
            if played.calls.isEmpty {
                #expect(!played.output.contains("get_weather") && !played.output.contains("ci"))
            }
        }
        #expect(played.output == stream && played.isFinished)
        let denied = Played.play(api, pieces, denying: ["get_weather"])
        #expect(denied.denied == "get_weather")
        #expect(!denied.output.contains("get_weather") && !denied.output.contains("Paris"))
        #expect(denied.output.contains("Let me") && denied.output.contains("tool_denied"))
        #expect(denied.output.hasSuffix("\n\n") && !denied.output.contains("[DONE]"))
        #expect(!denied.output.contains("message_stop") && !denied.output.contains("completed"))
    }

    @Test("ends a denied stream with an error of the interface's own form")
    func errors() {
        let chat = Played.play(.chatCompletions, ModelStreams.weather, denying: ["get_weather"]).output
        #expect(
            chat.hasSuffix(
                #"data: {"error":{"code":"tool_denied","message":"The tool is denied.","param":null,"type":"permission_error"}}"#
                    + "\n\n"))
        let messages = Played.play(.messages, ModelStreams.messages, denying: ["get_weather"]).output
        #expect(
            messages.hasSuffix(
                "event: error\ndata: {\"error\":{\"message\":\"The tool is denied. [tool_denied]\","
                    + "\"type\":\"permission_error\"},\"type\":\"error\"}\n\n"))
        let responses = Played.play(.responses, ModelStreams.responses, denying: ["get_weather"]).output
        #expect(
            responses.hasSuffix(
                "event: error\ndata: {\"code\":\"tool_denied\",\"message\":\"The tool is denied.\",\"param\":null,"
                    + "\"sequence_number\":5,\"type\":\"error\"}\n\n"))
    }

    @Test("passes text on with the bytes that complete it", arguments: recorded)
    func text(_ api: ModelAPI, _ stream: String) throws {
        var filter = try #require(ModelStreamFilter(api))
        let events = stream.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { $0 + "\n\n" }
        for event in events.prefix(while: { !$0.contains("get_weather") }) {
            let step = filter.feed(bytes(event)) { _ in .allow }
            #expect(step.bytes == bytes(event) && filter.heldBytes == 0)
        }
    }

    @Test("estimates tokens until the provider counts them")
    func usage() throws {
        var filter = try #require(ModelStreamFilter(.chatCompletions))
        _ = filter.feed(bytes("data: " + ModelStreams.chunk(#"{"content":"12345678901"}"#) + "\n\n")) { _ in .allow }
        #expect(filter.usage == ModelUsage(input: 0, output: 3) && !filter.isCountedByProvider)
        _ = filter.feed(bytes("data: " + ModelStreams.chatUsage + "\n\n")) { _ in .allow }
        #expect(filter.usage == ModelUsage(input: 11, output: 7) && filter.isCountedByProvider)
        // Counts that come too early do not end the estimate.
        _ = filter.feed(bytes("data: " + ModelStreams.chunk(#"{"content":"12345678"}"#) + "\n\n")) { _ in .allow }
        #expect(filter.usage == ModelUsage(input: 11, output: 9) && !filter.isCountedByProvider)
        #expect(Played.play(.messages, ModelStreams.messages).usage == ModelUsage(input: 25, cached: 5, output: 30))
        #expect(Played.play(.responses, ModelStreams.responses).usage == ModelUsage(input: 9, output: 4))
    }

    @Test("refuses a stream that stops early", arguments: recorded)
    func unfinished(_ api: ModelAPI, _ stream: String) {
        let events = stream.components(separatedBy: "\n\n").filter { !$0.isEmpty }
        for count in 0..<events.count {
            let played = Played.play(api, events.prefix(count).map { $0 + "\n\n" }.joined())
            #expect(played.refusal == "model_unfinished", "\(count) events")
        }
    }

    @Test("takes nothing after the end", arguments: recorded)
    func afterTheEnd(_ api: ModelAPI, _ stream: String) {
        let played = Played.play(api, [bytes(stream), bytes(stream)])
        #expect(played.output == stream && played.calls.count == 1)
        // Within the same bytes as well.
        #expect(Played.play(api, stream + stream).output == stream)
    }

    @Test("bounds what is held, called and streamed")
    func limits() {
        let start = ModelStreams.piece(0, id: "a", name: "t", "")
        func endless(_ piece: String, _ limits: ModelLimits) -> String? {
            let stream = ModelStreams.chat([start] + [String](repeating: piece, count: 300), isDone: false)
            return Played.play(.chatCompletions, stream, limits: limits).refusal
        }
        let piece = ModelStreams.piece(0, "          ")
        #expect(endless(piece, ModelLimits(argumentBytes: 1000)) == "model_arguments_too_large")
        #expect(endless(piece, ModelLimits(heldBytes: 5000)) == "model_held_too_much")
        #expect(endless(piece, ModelLimits(heldEvents: 100)) == "model_held_too_much")
        #expect(endless(piece, ModelLimits(stream: EventStreamLimits(events: 200))) == "sse_too_many_events")
        #expect(endless(piece, ModelLimits(stream: EventStreamLimits(streamBytes: 5000))) == "sse_stream_too_large")
        let many = ModelStreams.chat((0..<5).map { ModelStreams.piece($0, id: "c\($0)", name: "t", "") })
        #expect(Played.play(.chatCompletions, many, limits: ModelLimits(calls: 4)).refusal == "model_too_many_calls")
        let choices = ModelStreams.chat([ModelStreams.chunk("{}", choice: 16)])
        #expect(Played.play(.chatCompletions, choices).refusal == "model_too_many_calls")
        let idle = String(repeating: ": keep alive\n\n", count: 10_000)
        #expect(Played.play(.chatCompletions, idle).refusal == "sse_too_much_idling")
    }

    @Test("does the work for a call once, however small its pieces are")
    func work() {
        let text = "\"" + String(repeating: "x", count: 6000) + "\""
        let pieces = ["{\"a\":"] + text.map { String($0) } + ["}"]
        let chat = ModelStreams.chat(
            [ModelStreams.piece(0, id: "a", name: "t", "")] + pieces.map { ModelStreams.piece(0, $0) })
        #expect(Played.play(.chatCompletions, chat).calls.first?.arguments["a"]?.string?.utf8.count == 6000)
    }

    @Test("has no stream where the interface has none")
    func none() {
        #expect(ModelStreamFilter(.embeddings) == nil && ModelStreamFilter(.modelList) == nil)
    }
}
