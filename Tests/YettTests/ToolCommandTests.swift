// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// The commands about tools against a running gate.
@Suite struct ToolCommandTests {
    private static let services = """
        services:
          notes: {host: web.test, port: $UPSTREAM, protocol: mcp}
        service_proxy:
          listeners: [{address: "127.0.0.1:0", identify: [source]}]
        """

    private static func server(_ description: String) -> @Sendable (HTTPText) -> String {
        { request in
            let text = String(decoding: request.body, as: UTF8.self)
            guard text.contains(#""id":"#) else { return "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n" }
            let id = text.contains(#""id":"yett"#) ? "\"yett-tools-1\"" : "1"
            let tools =
                #"{"name":"send_note","description":"\#(description)","#
                + #""inputSchema":{"type":"object","properties":{"to":{"type":"string"},"body":{"type":"string"}}}}"#
            let result =
                text.contains("tools/list") ? #"{"tools":[\#(tools)]}"# : #"{"content":[{"type":"text","text":"ok"}]}"#
            let body = #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
            return
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    private static func list(_ gate: RunningProgram) throws {
        let status = try gate.yett("status", "--json").output
        let document = try #require(try JSONSerialization.jsonObject(with: Data(status.utf8)) as? [String: Any])
        let listeners = try #require(document["listeners"] as? [String])
        let port = try #require(listeners.last?.split(separator: ":").last.flatMap { UInt16($0) })
        let socket = try RawSocket.connect(port: port)
        let body = #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#
        try socket.write(
            "POST /s/notes HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let answer = try HTTPText.readResponse(from: socket)
        #expect(answer.status == 200, "\(answer.text)")
    }

    @Test("lists, compares, approves and tries")
    func tour() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                grants: "[{name: notes, service: notes, tools: {send_note: {}}}]", further: Self.services,
                answer: Self.server("Sends a note."))
            defer { gate.stop() }
            #expect(try gate.yett("tools", "list").output.hasPrefix("No tools."))
            try Self.list(gate)
            let list = try gate.yett("tools", "list", "notes", "--agent", "bot")
            #expect(list.status == 0)
            #expect(list.output.contains("send_note"), "\(list.output)")
            let hash = try #require(list.output.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("sha256:") })
            let diff = try gate.yett("tools", "diff", "notes", "send_note").output
            #expect(diff.hasPrefix("send_note: seen\n"), "\(diff)")

            let unasked = try gate.yett("tools", "approve", "notes", "send_note")
            #expect(unasked.status == 2)
            let stale = try gate.yett("tools", "approve", "notes", "send_note", "--hash", "sha256:00")
            #expect(stale.status == 1 && stale.errors.contains("another one now"), "\(stale.errors)")
            let approved = try gate.yett("tools", "approve", "notes", "send_note", "--hash", String(hash))
            #expect(approved.output == "Approved send_note.\n", "\(approved.errors)")
            #expect(try gate.yett("tools", "list").output.contains("approved"))
            #expect(
                try gate.yett("tools", "approve", "notes", "--all", "--yes").output == "No tool of notes is held.\n")
            #expect(try gate.yett("tools", "approve", "notes").status == 2)

            let allowed = try gate.yett(
                "try", "--agent", "bot", "--service", "notes", "--tool", "send_note", "--args", #"{"to":"ann"}"#)
            #expect(allowed.status == 0 && allowed.output.contains("→ allow"), "\(allowed.output)\(allowed.errors)")
            let denied = try gate.yett("try", "--agent", "bot", "--service", "notes", "--tool", "other")
            #expect(denied.status == 1 && denied.output.contains("→ deny"), "\(denied.output)\(denied.errors)")
            #expect(try gate.yett("try", "--agent", "bot", "--service", "notes").status == 2)
            #expect(try gate.yett("try", "--agent", "bot", "--service", "books", "--tool", "x").status == 1)
        }
    }

    @Test("knows after a kill what it knew before")
    func killed() async throws {
        try await onOwnThread {
            let gate = try RunningProgram(
                grants: "[{name: notes, service: notes, tools: {send_note: {}}}]", further: Self.services,
                answer: Self.server("Sends a note."))
            defer { gate.stop() }
            try Self.list(gate)
            let before = try gate.yett("tools", "list").output
            gate.signal(SIGKILL)
            _ = gate.exitStatus()
            let second = try RunningProgram(in: gate)
            defer { second.stop() }
            #expect(try second.yett("tools", "list").output == before)
            #expect(before.contains("seen"), "\(before)")
        }
    }
}
