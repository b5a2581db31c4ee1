// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Testing

/// What ends a call that waits, and what bounds how many there are.
@Suite struct ApprovalEndTests {
    private static func refusal(from socket: RawSocket, _ reason: String) throws {
        let answer = try HTTPText.readResponse(from: socket)
        #expect(answer["yett-reason"] == reason, "\(answer.startLine) \(answer.text)")
    }

    @Test func `A question lapses, and so does an approval that is not used`() async throws {
        try await ApprovalGate.run(sections: "approvals: {expiry: 8s}") { gate, upstream throws in
            let socket = try gate.postAndWait("late")
            let question = try gate.question()
            try Self.refusal(from: socket, "approval_expired")
            #expect(try gate.answer(question.id).status == 409)

            let id = try #require(try gate.post("unused")["yett-approval"])
            #expect(try gate.answer(id).status == 200)
            #expect(try comesTrue { try gate.poll(id).text.contains(#""state":"expired""#) })
            let late = try gate.post("unused", fields: "Yett-Approval: \(id)\r\n")
            #expect(late["yett-reason"] == "approval_expired" || late.status == 404, "\(late.text)")
            #expect(!upstream.text.contains("unused"))
            #expect(try gate.records("kind=approval&limit=100").contains { $0.text("cause") == "expired" })
        }
    }

    @Test func `Quarantine, cuts and the end of a grant end the waiting`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let cut = try gate.postAndWait("cut")
            _ = try gate.question()
            #expect(try gate.ask("POST", "cut", body: #"{"agent":"bot","why":"w"}"#).status == 200)
            try Self.refusal(from: cut, "operator_cut")
            #expect(try comesTrue { try gate.approvals().allSatisfy { $0.state == "withdrawn" } })

            let reloaded = try gate.postAndWait("reloaded")
            let question = try gate.question()
            try gate.rewrite(
                ApprovalGate.text(to: upstream.port, grants: "[{name: r, service: tickets, methods: [GET]}]"))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            try Self.refusal(from: reloaded, "grant_withdrawn")
            #expect(try gate.answer(question.id).status == 409)
        }
    }

    @Test func `A reload that leaves the call as it is leaves it waiting`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let socket = try gate.postAndWait("on and on")
            let question = try gate.question()
            try gate.rewrite(ApprovalGate.text(to: upstream.port, sections: "approvals: {expiry: 7m}"))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.question().waiting == 1)
            try gate.answer(question.id)
            #expect(try HTTPText.readResponse(from: socket).status == 200)
        }
    }

    @Test func `What was approved is judged again: quarantine stands above it`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let id = try #require(try gate.post("x")["yett-approval"])
            try gate.answer(id)
            #expect(try gate.ask("POST", "quarantine", body: #"{"agent":"bot"}"#).status == 200)
            let answer = try gate.post("x", fields: "Yett-Approval: \(id)\r\n")
            #expect(answer["yett-reason"] == "quarantined")
            #expect(try comesTrue { try gate.approvals().allSatisfy { $0.state == "withdrawn" } })
            #expect(!upstream.text.contains("POST"))
        }
    }

    @Test func `A stopping gate lets nobody wait`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let socket = try gate.postAndWait("stop")
            _ = try gate.question()
            gate.beginStop()
            try Self.refusal(from: socket, "draining")
        }
    }

    @Test func `An agent has so many questions and no more, however it asks`() async throws {
        try await ApprovalGate.run(sections: "approvals: {per_agent: 3}") { gate, upstream throws in
            // Hanging up makes no room.
            for number in 0..<2 {
                let socket = try gate.postAndWait("flood \(number)")
                _ = try gate.question()
                socket.close()
                #expect(try comesTrue { try gate.approvals().allSatisfy { $0.state == "withdrawn" } })
            }
            #expect(try gate.post("flood 2").status == 202)
            let full = try gate.post("flood 3")
            #expect(full.status == 429 && full["yett-reason"] == "limit_reached")
            #expect(full.text.contains("approvals.per_agent"))
            // What was asked before is still there, and others may ask until all have too many.
            #expect(try gate.post("flood 2").status == 202)
            for number in 0..<3 {
                #expect(try gate.post("other \(number)", token: ApprovalGate.otherToken).status == 202)
            }
            let denied = try gate.records("kind=decision&limit=100").filter {
                $0.list("reasons").first == "limit_reached"
            }
            #expect(denied.count == 1)
        }
    }

    @Test func `Open questions of all agents are bounded`() async throws {
        try await ApprovalGate.run(sections: "approvals: {total: 2}") { gate, upstream throws in
            #expect(try gate.post("1").status == 202)
            #expect(try gate.post("2", token: ApprovalGate.otherToken).status == 202)
            let full = try gate.post("3")
            #expect(full.status == 429 && full.text.contains("approvals.total"))
        }
    }

    @Test func `More than a person can be shown is refused`() async throws {
        try await ApprovalGate.run(sections: "approvals: {arguments: 1KiB}") { gate, upstream throws in
            let large = try gate.post(String(repeating: "x", count: 1025))
            #expect(large.status == 413 && large.text.contains("approvals.arguments"), "\(large.text)")
            let fits = try gate.post("x", fields: "X-Long: \(String(repeating: "y", count: 1100))\r\n")
            #expect(fits.status == 413, "\(fits.text)")
            let chunked = try RawSocket.connect(port: gate.port)
            try chunked.write(
                "POST /s/tickets/tickets HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(ServiceGate.token)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n800\r\n" + String(repeating: "z", count: 2048)
                    + "\r\n0\r\n\r\n")
            #expect(try HTTPText.readResponse(from: chunked).status == 413)
            #expect(try gate.approvals().isEmpty)
            #expect(!upstream.text.contains("POST"))
        }
    }

    @Test func `Secrets that the gate adds are not shown, hostile text is`() async throws {
        try await ApprovalGate.run(service: ServiceGate.credential) { gate, upstream throws in
            let id = try #require(try gate.post("key \(ServiceGate.key) \u{202E}evil\u{1B}[2J")["yett-approval"])
            let question = try gate.ask("GET", "approvals/\(id)", for: ApprovalReport.self)
            #expect(question.arguments?.contains(ServiceGate.key) == false)
            #expect(question.arguments?.contains("evil") == true)
            #expect(try gate.approvals().first?.arguments == nil)
        }
    }
}
