// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// What operators stopped stays stopped, however the gate ends.
@Suite struct RevokeCommandTests {
    private static let token = "run-token-40d1b2"

    /// A gate that knows its agent by a token, which a restart changes nothing about.
    private static func start() throws -> RunningProgram {
        let gate = try RunningProgram()
        let file = gate.directory + "/token"
        guard
            FileManager.default.createFile(
                atPath: file, contents: Data(token.utf8), attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        let text = try String(contentsOfFile: gate.configuration, encoding: .utf8)
            .replacing("{source: [127.0.0.1]}", with: "{token: {value: \"file:\(file)\"}}")
            .replacing("identify: [source]", with: "identify: [token]")
        try text.write(toFile: gate.configuration, atomically: true, encoding: .utf8)
        return try killed(gate)
    }

    /// Ends a gate without a word, and starts another one in its place.
    private static func killed(_ gate: RunningProgram) throws -> RunningProgram {
        gate.signal(SIGKILL)
        _ = gate.exitStatus()
        return try RunningProgram(in: gate)
    }

    /// The reason for which a request with the token is refused; `nil` when it is not.
    private static func reason(_ gate: RunningProgram) throws -> String? {
        let socket = try RawSocket.connect(port: gate.port)
        let target = "http://web.test:\(gate.upstream.port)/"
        try socket.write(
            "GET \(target) HTTP/1.1\r\nHost: web.test:\(gate.upstream.port)\r\n"
                + "Proxy-Authorization: Bearer \(token)\r\n\r\n")
        let answer = try HTTPText.readResponse(from: socket)
        #expect(answer.status == 200 || answer.status == 403, "\(answer.startLine) \(answer.text)")
        return answer["yett-reason"]
    }

    @Test func `A revocation is there again after a kill right behind its answer`() async throws {
        try await onOwnThread {
            let first = try Self.start()
            defer { first.stop() }
            #expect(try Self.reason(first) == nil)
            let answer = try first.yett("revoke", "--agent", "bot", "--why", "stolen")
            #expect(
                answer.output == "Revoked agent spiffe://run.test/agent/bot. Cut 0 connections.\n", "\(answer.errors)")
            let second = try Self.killed(first)
            defer { second.stop() }
            #expect(try Self.reason(second) == "agent_revoked")
            #expect(try second.yett("revoke", "--list").output.contains("stolen"))
            #expect(try second.yett("status").output.contains("1; see yett revoke --list"))
        }
    }

    @Test func `A quarantine is there again after a kill, and ends by itself when its time is over`() async throws {
        try await onOwnThread {
            let first = try Self.start()
            defer { first.stop() }
            #expect(try first.yett("quarantine", "bot", "--for", "0s").status == 2)
            #expect(try first.yett("quarantine", "bot", "--for", "soon").status == 2)
            let answer = try first.yett("quarantine", "bot", "--why", "look first")
            #expect(answer.output.contains("is quarantined. Cut 0 connections."), "\(answer.errors)")
            let second = try Self.killed(first)
            defer { second.stop() }
            #expect(try Self.reason(second) == "quarantined")
            let status = try second.yett("status").output
            #expect(status.contains("bot until yett release: look first"), "\(status)")
            // A later one with a time takes its place; it ends although nobody was there for a while.
            #expect(try second.yett("quarantine", "bot", "--for", "2s").output.contains("is quarantined until 2"))
            let third = try Self.killed(second)
            defer { third.stop() }
            #expect(try comesTrue { try Self.reason(third) == nil })
            let query = ["audit", "query", "--kind", "admin_action", "--directory", third.directory + "/audit"]
            let isRecorded = try comesTrue { try third.yett(query).output.contains("release") }
            #expect(isRecorded)
            // Released for good.
            let fourth = try Self.killed(third)
            defer { fourth.stop() }
            #expect(try Self.reason(fourth) == nil)
        }
    }
}
