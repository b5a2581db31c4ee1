// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Crypto
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Synchronization
import Testing

/// What the webhook is told, and that it decides nothing.
@Suite struct ApprovalWebhookTests {
    private static let secret = "webhook-secret-0c1d2e"

    private static func section(_ port: UInt16, more: String = "") -> String {
        "approvals: {webhook: {url: \"https://hooks.test:\(port)/yett\", secret: \"file:$DIRECTORY/hook\", "
            + "ca: \"file:$DIRECTORY/ca.pem\"\(more)}}"
    }

    private static func run(
        _ authority: TestAuthority, port: UInt16, more: String = ", allow_private: true",
        _ body: @escaping @Sendable (RunningGate) throws -> Void
    ) async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ApprovalGate.text(to: upstream.port, sections: section(port, more: more))
            .replacing(
                "hosts: {tickets.test: [127.0.0.1]}",
                with: "hosts: {tickets.test: [127.0.0.1], hooks.test: [127.0.0.1]}")
        let pem = try authority.pem
        try await RunningGate.run(
            text,
            prepare: { directory in
                try ApprovalGate.prepare(directory)
                try ServiceGate.write(secret, as: "hook", in: directory)
                try ServiceGate.write(pem, as: "ca.pem", in: directory)
            }
        ) { gate throws in try body(gate) }
    }

    private static func field(_ name: String, of request: String) -> String? {
        request.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("\(name): ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    @Test func `It is told once for each question, signed, and without arguments`() async throws {
        let authority = try TestAuthority()
        // Whatever it answers, nobody listens.
        let server = try await SecureServer(try authority.issue(dnsNames: ["hooks.test"], profile: .server)) { _ in
            .ok(#"{"state":"approved"}"#)
        }
        try await Self.run(authority, port: server.port) { gate throws in
            let id = try #require(try gate.post("amount=5")["yett-approval"])
            _ = try gate.post("amount=5")
            #expect(comesTrue { !server.requests.isEmpty })
            let request = server.requests.joined()
            let body = request.components(separatedBy: "\r\n\r\n").last ?? ""
            let notice = try JSONValue(parsing: body)
            #expect(notice["id"]?.string == id && notice["type"]?.string == "approval_requested")
            #expect(notice["agent"]?.string == "spiffe://gate.test/agent/bot" && notice["service"]?.string == "tickets")
            let digest = try gate.question().digest
            #expect(notice["digest"]?.string == digest)
            #expect(!request.contains("amount") && !request.contains(Self.secret))
            let time = try #require(Self.field("yett-timestamp", of: request))
            let code = HMAC<SHA256>.authenticationCode(
                for: Array("\(time).\(body)".utf8), using: SymmetricKey(data: Array(Self.secret.utf8)))
            let hexadecimal = code.map { String(format: "%02x", $0) }.joined()
            #expect(Self.field("yett-signature", of: request) == "v1=" + hexadecimal)
            #expect(try gate.question().state == "waiting")
            // A second question makes a second notice, and only then.
            _ = try gate.post("amount=6")
            #expect(comesTrue { server.requests.joined().components(separatedBy: "approval_requested").count == 3 })
        }
        await server.stop()
    }

    @Test func `It is tried again, a few times, and people answer without it`() async throws {
        let authority = try TestAuthority()
        let server = try await SecureServer(try authority.issue(dnsNames: ["hooks.test"], profile: .server)) { _ in
            SecureServer.Answer("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n")
        }
        try await Self.run(authority, port: server.port) { gate throws in
            let id = try #require(try gate.post("amount=5")["yett-approval"])
            #expect(comesTrue { server.requests.joined().components(separatedBy: "POST /yett").count == 4 })
            #expect(try gate.answer(id).status == 200)
            #expect(try gate.post("amount=5", fields: "Yett-Approval: \(id)\r\n").status == 200)
            #expect(server.requests.joined().components(separatedBy: "POST /yett").count == 4)
        }
        await server.stop()
    }

    @Test func `It leads to no private address that nobody allowed`() async throws {
        let authority = try TestAuthority()
        let server = try await SecureServer(try authority.issue(dnsNames: ["hooks.test"], profile: .server)) { _ in
            .ok()
        }
        try await Self.run(authority, port: server.port, more: "") { gate throws in
            let id = try #require(try gate.post("amount=5")["yett-approval"])
            #expect(try gate.answer(id).status == 200)
            #expect(try gate.post("amount=5", fields: "Yett-Approval: \(id)\r\n").status == 200)
            #expect(server.requests.isEmpty)
        }
        await server.stop()
    }
}
