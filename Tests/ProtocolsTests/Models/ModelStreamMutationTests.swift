// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Protocols

/// Streams whose events are left out, repeated, moved and mixed with those of others.
@Suite struct ModelStreamMutationTests {
    private typealias S = ModelStreams

    /// A generator that gives the same numbers again.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let mixed = (state ^ state >> 33) &* 0xff51_afd7_ed55_8ccd
            return mixed ^ mixed >> 33
        }
    }

    /// For each interface a stream with two calls, the second of a tool that is denied.
    static let streams: [(ModelAPI, String)] = [
        (
            .chatCompletions,
            S.chat([
                S.chunk(#"{"content":"a"}"#), S.piece(0, id: "a", name: "read", "{"),
                S.piece(1, id: "b", name: "send_email", "{"),
                S.piece(0, "}"), S.piece(1, #""to":"x"}"#), S.chunk("{}", finish: "tool_calls"), S.chatUsage,
                S.piece(0, id: "c", name: "send_email", "{}", choice: 1),
                S.chunk("{}", choice: 1, finish: "tool_calls"),
            ])
        ),
        (
            .messages,
            S.typed(
                [S.messageStart] + S.text(0, ["a"]) + S.use(1, id: "a", name: "read", ["{", "}"])
                    + S.use(2, id: "b", name: "send_email", ["{", #""to":"x"}"#]) + S.messageEnd)
        ),
        (
            .responses,
            S.typed(
                [S.created] + S.item(0, id: "a", name: "read", ["{", "}"])
                    + S.item(1, id: "b", name: "send_email", ["{", #""to":"x"}"#])
                    + [
                        S.completed(
                            #"{"type":"function_call","call_id":"b","name":"send_email","arguments":"{\"to\":\"x\"}"}"#)
                    ])
        ),
    ]

    @Test("never lets a denied call out, whatever becomes of the events", arguments: streams)
    func mutated(_ api: ModelAPI, _ stream: String) {
        var generator = Seeded(state: 3)
        let events = stream.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { $0 + "\n\n" }
        var endings: Set<String> = []
        for _ in 0..<500 {
            var mutated = events
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !mutated.isEmpty {
                let place = Int.random(in: 0..<mutated.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: mutated.remove(at: place)
                case 1: mutated.insert(mutated[place], at: Int.random(in: 0...mutated.count, using: &generator))
                case 2: mutated.swapAt(place, Int.random(in: 0..<mutated.count, using: &generator))
                default:
                    // Another number, so that pieces go to other calls.
                    mutated[place] = mutated[place].replacing(#"index":1"#, with: #"index":0"#)
                }
            }
            let played = Played.play(api, mutated.joined(), denying: ["send_email"])
            #expect(!played.output.contains("send_email"))
            #expect(played.ending != nil)
            // What is allowed comes out only behind its judgement, and whole.
            if played.output.contains("\"read\"") { #expect(played.calls.contains { $0.name == "read" }) }
            endings.insert(played.isFinished ? "finished" : played.refusal ?? "denied")
        }
        // The mutations reach ends of several kinds.
        #expect(endings.contains("denied") && endings.count >= 5, "\(endings)")
    }
}
