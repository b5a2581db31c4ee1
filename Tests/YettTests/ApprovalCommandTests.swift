// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// `yett approvals` against a running gate.
@Suite struct ApprovalCommandTests {
    private static func gate() throws -> RunningProgram {
        try RunningProgram(
            grants: "[{name: shop, service: shop, approval: required}]",
            further: """
                services: {shop: {host: web.test, port: $UPSTREAM}}
                service_proxy: {listeners: [{address: "127.0.0.1:0", identify: [source]}]}
                """)
    }

    private static func port(_ gate: RunningProgram) throws -> UInt16 {
        let status = try JSONSerialization.jsonObject(with: Data(try gate.yett("status", "--json").output.utf8))
        let listeners = (status as? [String: Any])?["listeners"] as? [String] ?? []
        return try #require(listeners.last?.split(separator: ":").last.flatMap { UInt16($0) })
    }

    private static func post(_ port: UInt16, _ body: String, fields: String = "") throws -> HTTPText {
        let socket = try RawSocket.connect(port: port)
        try socket.write(
            "POST /s/shop/orders HTTP/1.1\r\nHost: g\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try HTTPText.readResponse(from: socket)
    }

    @Test func `A person sees, approves and refuses what waits`() async throws {
        try await onOwnThread {
            let gate = try Self.gate()
            defer { gate.stop() }
            let port = try Self.port(gate)
            #expect(try gate.yett("approvals").output == "No call waits for an answer.\n")
            let id = try #require(try Self.post(port, "buy \u{202E}7\u{1B}[2Jnothing\u{200B}")["yett-approval"])
            let list = try gate.yett("approvals").output
            #expect(list.contains(id) && list.contains("POST /orders") && list.contains("waiting"))
            let shown = try gate.yett("approvals", "show", id).output
            #expect(shown.contains(#"buy \u{202e}7\u{1b}[2Jnothing\u{200b}"#), "\(shown)")
            #expect(!shown.contains("\u{1B}") && !shown.contains("\u{202E}") && !shown.contains("\u{200B}"))
            #expect(try gate.yett("approvals", "refuse", id).status == 2)
            #expect(try gate.yett("approvals", "approve", id, "--why", "looks fine").output.hasPrefix("Approved."))
            #expect(try gate.yett("approvals", "approve", id).status == 1)
            let answer = try Self.post(
                port, "buy \u{202E}7\u{1B}[2Jnothing\u{200B}", fields: "Yett-Approval: \(id)\r\n")
            #expect(answer.status == 200)
            #expect(try gate.yett("approvals", "list", "--all").output.contains("used"))

            let other = try #require(try Self.post(port, "buy 8")["yett-approval"])
            #expect(try gate.yett("approvals", "refuse", other, "--why", "no").output.hasPrefix("Refused POST /orders"))
            #expect(try Self.post(port, "buy 8").status == 403)
            #expect(try gate.yett("approvals", "show", "a-1").status == 1)
            let records = try gate.yett("audit", "query", "--kind", "approval").output
            #expect(records.contains("approved") && records.contains("refused"), "\(records)")
        }
    }
}
