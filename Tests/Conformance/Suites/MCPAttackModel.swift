// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// Plays what a model says before the filter of streamed answers: nothing of a call may pass before the call is complete
/// and allowed, and calls beside each other are decided one by one.
struct MCPAttackModel {
    let step: JSONValue

    private struct Call {
        let name: String
        let pieces: [String]
    }

    private struct Played {
        var judged: [ModelToolCall] = []
        var output: [UInt8] = []
        /// What was passed on of a call before it was judged.
        var isEarly = false
    }

    /// What is wrong, or nil.
    func failure() throws -> String? {
        guard step["format"]?.string?.hasPrefix("openai") ?? false else {
            throw MCPAttackPolicy.Unknown(what: "models that speak \(step["format"]?.string ?? "nothing")")
        }
        let calls = try calls()
        let wanted = calls.map { $0.pieces.joined() }
        for denied in calls.indices {
            let played = play(calls, denying: denied)
            if played.isEarly { return "a part of a call was released before the verdict" }
            let text = String(decoding: played.output, as: UTF8.self)
            if calls[denied].pieces.contains(where: { text.contains(JSONValue.string($0).text.dropFirst().dropLast()) })
            {
                return "the denied call was released: \(text)"
            }
        }
        let played = play(calls, denying: nil)
        if played.isEarly { return "a part of a call was released before the verdict" }
        guard played.judged.map(\.name) == calls.map(\.name) else { return "judged was \(played.judged.map(\.name))" }
        for (call, text) in zip(played.judged, wanted) where call.arguments != (try? JSONValue(parsing: text)) {
            return "\(call.name) was judged with \(call.arguments.text)"
        }
        return calls.allSatisfy { String(decoding: played.output, as: UTF8.self).contains($0.name) }
            ? nil : "an allowed call was held back"
    }

    private func calls() throws -> [Call] {
        if let pieces = step["deltas"]?.array?.compactMap(\.string), let name = step["name"]?.string {
            return [Call(name: name, pieces: pieces)]
        }
        let numbers = ["two": 2, "three": 3, "four": 4]
        let words = (step["note"]?.string ?? "").split(separator: " ").map(String.init)
        guard words.contains("tool_calls"), let count = words.compactMap({ numbers[$0] }).first else {
            throw MCPAttackPolicy.Unknown(what: "a model's answer: \(words.joined(separator: " "))")
        }
        return (0..<count).map { Call(name: "tool_\($0)", pieces: [#"{"to":"pl"#, #"ace-\#($0)-of-many"}"#]) }
    }

    /// Feeds one event after the other.
    private func play(_ calls: [Call], denying denied: Int?) -> Played {
        var played = Played()
        guard var filter = ModelStreamFilter(.chatCompletions) else { return played }
        var events: [JSONValue] = [chunk(["role": "assistant", "content": "At once."])]
        for (index, call) in calls.enumerated() {
            var piece: JSONValue = [
                "index": .integer(index), "id": .string("call_\(index)"), "type": "function",
                "function": ["name": .string(call.name), "arguments": ""],
            ]
            events.append(chunk(["tool_calls": [piece]]))
            for text in call.pieces {
                piece = ["index": .integer(index), "function": ["arguments": .string(text)]]
                events.append(chunk(["tool_calls": [piece]]))
            }
        }
        events.append(chunk([:], finish: "tool_calls"))
        for event in events.map({ "data: \($0.text)\n\n" }) + ["data: [DONE]\n\n"] {
            let step = filter.feed(Array(event.utf8)) { call in
                played.judged.append(call)
                let isDenied = denied.map { calls[$0].name == call.name } ?? false
                return isDenied ? .deny(code: "tool_not_granted", sentence: "The tool is not granted.") : .allow
            }
            played.output += step.bytes
            let isOut = played.output.firstRange(of: Array(#""tool_calls""#.utf8)) != nil
            if isOut, played.judged.isEmpty { played.isEarly = true }
        }
        played.output += filter.end().bytes
        return played
    }

    private func chunk(_ delta: JSONValue, finish: String? = nil) -> JSONValue {
        [
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [
                ["index": 0, "delta": delta, "finish_reason": finish.map { .string($0) } ?? .null]
            ],
        ]
    }
}
