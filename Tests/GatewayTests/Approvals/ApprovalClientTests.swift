// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import GatewaySupport
import Testing

/// Unmodified clients of HTTP/1.1 and HTTP/2 before a gate where people agree.
@Suite struct ApprovalClientTests {
    private static func curl(_ gate: RunningGate, _ arguments: [String], path: String) throws -> String {
        let all =
            [
                "-sS", "--max-time", "60", "-H", "Authorization: Bearer \(ServiceGate.token)", "-w",
                " %{http_code} %{http_version}",
            ]
            + arguments + ["http://127.0.0.1:\(gate.port)\(path)"]
        return try Program("curl", all, keepsErrors: true).outcome().text
    }

    @Test(arguments: ["--http1.1", "--http2-prior-knowledge"])
    func `curl comes back for the answer`(_ version: String) async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let held = try Self.curl(gate, [version, "-d", "amount=5"], path: "/s/tickets/tickets")
            #expect(held.contains(" 202 "), "\(held)")
            let id = try gate.question().id
            #expect(try Self.curl(gate, [version], path: "/approvals/\(id)").contains(#""state":"waiting""#))
            try gate.answer(id)
            let done = try Self.curl(
                gate, [version, "-d", "amount=5", "-H", "Yett-Approval: \(id)"], path: "/s/tickets/tickets")
            #expect(done.hasPrefix("hello 200 "), "\(done)")
            #expect(upstream.text.contains("amount=5"))
        }
    }

    @Test func `A body that curl sends only when it is told to is read before anybody is asked`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let body = String(repeating: "b", count: 5000)
            let held = try Self.curl(
                gate, ["--http1.1", "-H", "Expect: 100-continue", "-d", body], path: "/s/tickets/tickets")
            #expect(held.contains(" 202 "), "\(held)")
            let question = try gate.question()
            #expect(try gate.ask("GET", "approvals/\(question.id)").text.contains(body))
        }
    }

    @Test func `An HTTP/2 stream waits while others go on`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let waiting = try Program(
                "curl",
                [
                    "-sS", "--max-time", "60", "--http2-prior-knowledge", "-H",
                    "Authorization: Bearer \(ServiceGate.token)", "-H", "Prefer: wait=60", "-d", "amount=5",
                    "http://127.0.0.1:\(gate.port)/s/tickets/tickets",
                ], keepsErrors: true)
            let question = try gate.question()
            #expect(question.waiting == 1)
            #expect(try Self.curl(gate, ["--http2-prior-knowledge"], path: "/s/tickets/tickets").hasPrefix("hello 200"))
            try gate.answer(question.id)
            #expect(waiting.outcome().text == "hello")
        }
    }
}
