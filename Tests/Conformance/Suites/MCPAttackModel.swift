// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import GateSupport
import Protocols
import ServicePlane

/// Plays what a model says through a running gate: nothing of a call may pass before the call is complete and allowed, and
/// calls beside each other are decided one by one.
struct MCPAttackModel {
    let step: JSONValue

    private struct Call {
        let name: String
        let pieces: [String]
    }

    private struct Played {
        var text = ""
        /// Whether a part of a call was released before the call was complete.
        var isEarly = false
    }

    private static let model = "m"

    /// What is wrong, or nil.
    func failure() async throws -> String? {
        guard step["format"]?.string?.hasPrefix("openai") ?? false else {
            throw MCPAttackPolicy.Unknown(what: "models that speak \(step["format"]?.string ?? "nothing")")
        }
        let calls = try calls()
        for denied in calls.indices {
            let played = try await play(calls, denying: denied)
            if played.isEarly { return "a part of a call was released before the verdict" }
            guard played.text.contains("At once.") else { return "the text before did not pass: \(played.text)" }
            if calls[denied].pieces.contains(where: { played.text.contains(Self.quoted($0)) }) {
                return "the denied call was released: \(played.text)"
            }
        }
        let played = try await play(calls, denying: nil)
        if played.isEarly { return "a part of a call was released before the verdict" }
        let isWhole = calls.allSatisfy { call in
            played.text.contains(call.name) && call.pieces.allSatisfy { played.text.contains(Self.quoted($0)) }
        }
        return isWhole ? nil : "an allowed call was held back: \(played.text)"
    }

    private static func quoted(_ text: String) -> Substring { JSONValue.string(text).text.dropFirst().dropLast() }

    private func calls() throws -> [Call] {
        if let pieces = step["deltas"]?.array?.compactMap(\.string), let name = step["name"]?.string {
            return [Call(name: name, pieces: pieces)]
        }
        let numbers = ["two": 2, "three": 3, "four": 4]
        let words = (step["note"]?.string ?? "").split(separator: " ").map(String.init)
        guard words.contains("tool_calls"), let count = words.compactMap({ numbers[$0] }).first else {
            throw MCPAttackPolicy.Unknown(what: "a model's answer: \(words.joined(separator: " "))")
        }
        return (0..<count).map { Call(name: "tool_\($0)", pieces: [#"{"to":"p\#($0)"#, #"lace-\#($0)"}"#]) }
    }

    /// Runs a gate that grants each tool, one of them with arguments that the call does not have.
    private func play(_ calls: [Call], denying denied: Int?) async throws -> Played {
        let (beginning, rest) = events(calls)
        let latch = Latch()
        let upstream = UpstreamServer { connection in
            guard try HTTPText.readRequest(from: connection, within: 60) != nil else { return }
            try connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            try connection.write(beginning)
            latch.wait()
            try connection.write(rest)
        }
        defer { upstream.stop() }
        var grant = Grant(name: "models", hosts: [try HostPattern(parsing: "models.test")])
        grant.ports = PortSet([80...80])
        grant.tools = try calls.enumerated().map { index, call in
            let nothing: JSONValue = ["type": "object", "additionalProperties": false]
            return ToolGrant(
                name: call.name, arguments: index == denied ? try ArgumentConstraint(parsing: nothing) : nil)
        }
        grant.tools?.append(ToolGrant(name: Self.model))
        var options = GateOptions(grants: [grant])
        options.lead(to: upstream)
        var service = ServiceDescription(name: "models", host: try Host(parsing: "models.test"), port: 80)
        var server = ModelServer()
        server.toolRule = .granted
        service.language = .model(server)
        options.services = [service]
        return try await withGate(options) { gate in
            defer { latch.open() }
            let socket = try gate.connectToServices()
            defer { socket.close() }
            let body = request(calls).text
            try socket.write(
                "POST /s/models/v1/chat/completions HTTP/1.1\r\nHost: gate.test\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            var played = Played()
            let (early, _) = socket.readToEnd(within: 0.3)
            played.isEarly = early.firstRange(of: Array(#""tool_calls""#.utf8)) != nil
            latch.open()
            let (bytes, _) = socket.readToEnd(within: 0.5)
            played.text = String(decoding: early + bytes, as: UTF8.self)
            return played
        }
    }

    private func request(_ calls: [Call]) -> JSONValue {
        let tools = calls.map { call -> JSONValue in
            ["type": "function", "function": ["name": .string(call.name), "parameters": ["type": "object"]]]
        }
        return [
            "model": .string(Self.model), "stream": true, "messages": [["role": "user", "content": "Do it"]],
            "tools": .array(tools),
        ]
    }

    /// The events until the calls have nearly all of their arguments, and the rest.
    private func events(_ calls: [Call]) -> (beginning: String, rest: String) {
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
        let texts = events.map { "data: \($0.text)\n\n" } + ["data: [DONE]\n\n"]
        // Of one call the last piece is held back, of several everything behind the first.
        let held = calls.count == 1 ? texts.count - 3 : 2
        return (texts[..<held].joined(), texts[held...].joined())
    }

    private func chunk(_ delta: JSONValue, finish: String? = nil) -> JSONValue {
        [
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": .string(Self.model),
            "choices": [
                ["index": 0, "delta": delta, "finish_reason": finish.map { .string($0) } ?? .null]
            ],
        ]
    }
}
