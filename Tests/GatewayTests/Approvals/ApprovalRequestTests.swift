// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// Plain HTTP at a running gate: 202 and come back, or wait.
@Suite struct ApprovalRequestTests {
    @Test func `A request is told to come back, and goes on once when a person agreed`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            let held = try gate.post("amount=5")
            #expect(held.status == 202, "\(held.text)")
            #expect(held["retry-after"] != nil)
            let id = try #require(held["yett-approval"])
            #expect(held["location"] == "/approvals/\(id)")
            #expect(try gate.poll(id).text.contains(#""state":"waiting""#))
            #expect(!upstream.text.contains("amount=5"))

            let question = try gate.ask("GET", "approvals/\(id)", for: ApprovalReport.self)
            #expect(question.agent == "spiffe://gate.test/agent/bot" && question.service == "tickets")
            #expect(question.arguments?.contains("amount=5") == true)
            #expect(question.why.contains("bot/write"))
            // Too early changes nothing.
            let early = try gate.post("amount=5", fields: "Yett-Approval: \(id)\r\n")
            #expect(early.status == 202 && early["yett-approval"] == id)

            #expect(try gate.answer(id).status == 200)
            #expect(try gate.poll(id).text.contains(#""state":"approved""#))
            let done = try gate.post("amount=5", fields: "Yett-Approval: \(id)\r\n")
            #expect(done.status == 200 && done.text == "hello", "\(done.text)")
            #expect(upstream.text.contains("amount=5"))
            #expect(!upstream.text.contains("Yett-Approval") && !upstream.text.contains("yett-approval"))

            let again = try gate.post("amount=5", fields: "Yett-Approval: \(id)\r\n")
            #expect(again.status == 403 && again["yett-reason"] == "approval_used", "\(again.text)")
            #expect(try gate.poll(id).text.contains(#""state":"used""#))

            let records = try gate.records("kind=approval&limit=100")
            #expect(records.compactMap { $0.text("cause") } == ["asked", "approved", "used"])
            #expect(Set(records.compactMap { $0.text("argument_sha256") }) == [question.digest])
            #expect(records.contains { $0.text("source") == "uid:\(getuid())" })
            let allowed = try gate.records("kind=decision&limit=100").filter {
                $0.list("reasons").first == "person_approved"
            }
            #expect(allowed.count == 1)
            #expect(allowed.first?.text("detail")?.contains(id) == true)
        }
    }

    @Test func `An approval covers no other body, path, query, field, method or agent`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let id = try #require(try gate.post("amount=5")["yett-approval"])
            try gate.answer(id)
            let brought = "Yett-Approval: \(id)\r\n"
            for answer in [
                try gate.post("amount=6", fields: brought),
                try gate.post("amount=5 ", fields: brought),
                try gate.post("amount=5", fields: brought, path: "/s/tickets/tickets/1"),
                try gate.post("amount=5", fields: brought, path: "/s/tickets/tickets?x=1"),
                try gate.post("amount=5", fields: brought + "Content-Type: application/json\r\n"),
                try gate.post("amount=5", fields: brought + "X-Amount: 500\r\n"),
            ] {
                #expect(answer.status == 403 && answer["yett-reason"] == "approval_mismatch", "\(answer.text)")
            }
            let other = try gate.post("amount=5", token: ApprovalGate.otherToken, fields: brought)
            #expect(other.status == 404 && other["yett-reason"] == "approval_unknown")
            #expect(!upstream.text.contains("amount"))
            // Only the very same agent learns of it.
            #expect(try gate.poll(id, token: ApprovalGate.otherToken).status == 404)
            #expect(try gate.poll("a-" + String(repeating: "0", count: 32)).status == 404)
            #expect(try gate.poll(id, token: "nobody").status == 401)
            // Nothing of all this has used it up.
            #expect(try gate.post("amount=5", fields: brought + "User-Agent: other\r\n").status == 200)
        }
    }

    @Test func `Fields behind a body are bound too`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            func post(_ trailer: String, _ fields: String = "") throws -> HTTPText {
                let socket = try RawSocket.connect(port: gate.port)
                try socket.write(
                    "POST /s/tickets/tickets HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(ServiceGate.token)\r\n\(fields)"
                        + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: \(trailer)\r\n\r\n")
                return try HTTPText.readResponse(from: socket)
            }
            let id = try #require(try post("1")["yett-approval"])
            try gate.answer(id)
            let brought = "Yett-Approval: \(id)\r\n"
            #expect(try post("2", brought)["yett-reason"] == "approval_mismatch")
            #expect(try post("1", brought).status == 200)
        }
    }

    @Test(arguments: ["a-1", "yes", "", "a-" + String(repeating: "g", count: 32)])
    func `An approval that is none is refused`(_ text: String) async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let answer = try gate.post("x", fields: "Yett-Approval: \(text)\r\n")
            #expect(answer.status == 400, "\(answer.text)")
            let guessed = try gate.post("x", fields: "Yett-Approval: a-\(String(repeating: "7", count: 32))\r\n")
            #expect(guessed.status == 404 && guessed["yett-reason"] == "approval_unknown")
        }
    }

    @Test func `A client that waits gets the answer of the service when a person agrees`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let socket = try gate.postAndWait("wait for it")
            let question = try gate.question()
            #expect(question.waiting == 1)
            let live = try #require(try gate.connections().first)
            #expect(live.isHeld == true && live.bytesUp == 0)
            try gate.answer(question.id)
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 200 && answer.text == "hello")
            #expect(upstream.text.contains("wait for it"))
            // The connection goes on, and the next call is asked about anew.
            let next = try gate.post("wait for it", on: socket)
            #expect(next.status == 202)
        }
    }

    @Test func `A refusal reaches the waiting client with its reason, and holds for the same call`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let socket = try gate.postAndWait("pay")
            let question = try gate.question()
            let silent = try gate.ask("POST", "approvals/\(question.id)/refuse", body: "{}")
            #expect(silent.status == 400)
            try gate.answer(question.id, agrees: false, why: "not today")
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 403 && answer["yett-reason"] == "approval_refused")
            #expect(answer.text.contains("not today"))
            let again = try gate.post("pay")
            #expect(again["yett-reason"] == "approval_refused")
            #expect(try gate.answer(question.id).status == 409)
            #expect(!upstream.text.contains("pay"))
        }
    }

    @Test func `Identical requests are one question, and one answer lets one of them through`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let sockets = try (0..<3).map { _ in try gate.postAndWait("same") }
            #expect(try comesTrue { try gate.question().waiting == 3 })
            #expect(try gate.approvals().count == 1)
            try gate.answer(try gate.question().id)
            let answers = try sockets.map { try HTTPText.readResponse(from: $0) }
            #expect(answers.map(\.status).sorted() == [200, 403, 403])
            #expect(answers.filter { $0["yett-reason"] == "approval_used" }.count == 2)
            #expect(upstream.text.components(separatedBy: "same").count == 2)
        }
    }

    @Test func `A client that goes away withdraws its question`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let socket = try gate.postAndWait("gone")
            let question = try gate.question()
            socket.close()
            #expect(try comesTrue { try gate.approvals().first?.state == "withdrawn" })
            #expect(try gate.answer(question.id).status == 409)
            #expect(try gate.connections().isEmpty)
            #expect(try gate.record("kind=approval&limit=1000")?.text("cause") == "withdrawn")
            // Asking again is the same question.
            let second = try gate.postAndWait("gone")
            #expect(try gate.question().id == question.id)
            second.close()
        }
    }

    @Test func `Who waits no longer than it wanted comes back`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let socket = try gate.postAndWait("short", seconds: 1)
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 202)
            let id = try #require(answer["yett-approval"])
            #expect(try gate.question().id == id)
            try gate.answer(id)
            #expect(try gate.post("short", fields: "Yett-Approval: \(id)\r\n").status == 200)
        }
    }

    @Test func `Nothing is asked about what is denied anyway`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let answer = try gate.ask(
                "DELETE", service: "/s/tickets/tickets", fields: "Authorization: Bearer \(ServiceGate.token)\r\n")
            #expect(answer.status == 403)
            #expect(try gate.post("x", path: "/s/tickets/elsewhere").status == 403)
            #expect(try gate.approvals().isEmpty)
        }
    }

    @Test func `The agent cannot answer through the service proxy`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let id = try #require(try gate.post("x")["yett-approval"])
            for path in ["/approvals/\(id)", "/approvals/\(id)/approve", "/v1/approvals/\(id)/approve"] {
                let answer = try gate.post(#"{"why":"I say so"}"#, path: path)
                #expect((400..<500).contains(answer.status), "\(path): \(answer.status)")
            }
            #expect(try gate.question().id == id)
        }
    }

    @Test func `Hold of a policy asks a person too`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ApprovalGate.text(
            to: upstream.port, grants: "[{name: all, service: tickets}]",
            sections: "policy: {files: [$DIRECTORY/hold.rego]}")
        let rego = """
            package yett.authz

            hold contains {"code": "big", "message": "big deals need four eyes"} if {
                input.operation.name == "request"
                input.http.query == "big=1"
            }
            """
        try await RunningGate.run(
            text,
            prepare: { directory in
                try ApprovalGate.prepare(directory)
                try ServiceGate.write(rego, as: "hold.rego", in: directory)
            }
        ) { gate throws in
            #expect(try gate.post("x").status == 200)
            let held = try gate.post("x", path: "/s/tickets/deals?big=1")
            #expect(held.status == 202, "\(held.text)")
            let question = try gate.question()
            #expect(question.why == "big: big deals need four eyes")
            try gate.answer(question.id)
            let done = try gate.post("x", fields: "Yett-Approval: \(question.id)\r\n", path: "/s/tickets/deals?big=1")
            #expect(done.status == 200)
        }
    }
}
