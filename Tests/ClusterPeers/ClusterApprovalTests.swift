// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import ProcessSupport
import Testing

extension ClusterSuites {
    /// A call waits at one gate, and people answer where they are.
    @Suite("Calls that wait at one gate are answered at another")
    struct ClusterApprovalTests {
        private static func sections(_ port: UInt16) -> String {
            ServiceGate.text(
                to: port,
                grants: "[{name: write, service: tickets, methods: [POST], paths: [/tickets], approval: required}]")
        }

        private static func run(
            grace: String = "10s", _ body: @escaping @Sendable (ClusterGates) throws -> Void
        ) async throws {
            try await ClusterGates.run(
                2, members: 1, grace: grace, isSigned: true, upstream: UpstreamServer.http(),
                prepare: ServiceGate.prepare, sections: sections, body)
        }

        private static func post(_ gate: RunningGate, _ body: String, _ fields: String = "") throws -> HTTPText {
            try gate.ask(
                "POST", service: "/s/tickets/tickets",
                fields: "Authorization: Bearer \(ServiceGate.token)\r\n\(fields)", body: body)
        }

        /// The question as the gate shows it; `nil` while it does not.
        private static func shown(_ gate: RunningGate, _ id: String) throws -> ApprovalReport? {
            try gate.ask("GET", "approvals", for: ApprovalList.self).approvals.first { $0.id == id }
        }

        /// The calls that are in etcd, by key.
        private static func entries(_ cluster: ClusterGates, _ kind: String) throws -> [String] {
            try cluster.servers.get(prefix: "/yett/v1/gate.test/state/\(kind)/")
        }

        private static func answer(_ gate: RunningGate, _ id: String, _ verb: String = "approve") throws -> HTTPText {
            try gate.ask("POST", "approvals/\(id)/\(verb)", body: #"{"why":"looked at"}"#)
        }

        @Test(
            "whoever answers at another gate sees the whole call, the call is made once, and both gates record who it was"
        )
        func approves() async throws {
            try await Self.run { cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                let socket = try RawSocket.connect(port: first.port)
                try socket.write(
                    "POST /s/tickets/tickets HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer \(ServiceGate.token)\r\n"
                        + "Prefer: wait=60\r\nContent-Length: 8\r\n\r\namount=5")
                try cluster.wait("it is shown", of: [1]) { gate in
                    try !gate.ask("GET", "approvals", for: ApprovalList.self).approvals.isEmpty
                }
                let listed = try #require(try second.ask("GET", "approvals", for: ApprovalList.self).approvals.first)
                let whole = try second.ask("GET", "approvals/\(listed.id)", for: ApprovalReport.self)
                let here = try first.ask("GET", "approvals/\(listed.id)", for: ApprovalReport.self)
                #expect(listed.gate == "a" && listed.arguments == nil)
                #expect(whole.arguments == here.arguments && whole.arguments?.contains("amount=5") == true)
                #expect(whole.digest == here.digest && whole.path == here.path && whole.why == here.why)
                #expect(here.gate == nil)
                // The agent's secret is in no entry.
                #expect(try !Self.entries(cluster, "question").joined().contains(ServiceGate.token))
                let start = Deadline.now
                #expect(try Self.answer(second, listed.id).status == 200)
                #expect(try HTTPText.readResponse(from: socket).status == 200)
                print(
                    "measured: an answer at another gate to the call's answer: \(Int((Deadline.now - start) * 1000)) ms"
                )
                for gate in cluster.gates {
                    let records = try gate.records("kind=approval&limit=10")
                    let answered = try #require(records.first { $0.text("cause") == "approved" })
                    #expect(answered.text("argument_sha256") == here.digest)
                    #expect(answered.text("detail")?.contains("uid") == true)
                    #expect(answered.text("detail")?.contains("looked at") == true)
                }
                let records = try first.records("kind=approval&limit=10")
                let record = try #require(records.first { $0.text("cause") == "approved" })
                #expect(record.text("detail")?.contains("by gate b, uid") == true)
                try cluster.wait("nothing of it is left") { _ in
                    try Self.entries(cluster, "question").isEmpty && Self.entries(cluster, "answer").isEmpty
                }
                // The same call again is another question.
                #expect(try Self.post(first, "amount=5").status == 202)
            }
        }

        @Test("a call is refused from another gate, and answered at one only")
        func refuses() async throws {
            try await Self.run { cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                let id = try #require(try Self.post(first, "amount=6")["yett-approval"])
                try cluster.wait("it is shown", of: [1]) { try Self.shown($0, id) != nil }
                #expect(try second.ask("POST", "approvals/\(id)/refuse", body: "{}").status == 400)
                #expect(try Self.answer(second, id, "refuse").status == 200)
                try cluster.wait("it is refused", of: [0]) { try Self.shown($0, id)?.state == "refused" }
                #expect(try Self.answer(first, id).status == 409)
                #expect([404, 409].contains(try Self.answer(second, id).status))
                let again = try Self.post(first, "amount=6", "Yett-Approval: \(id)\r\n")
                #expect(again["yett-reason"] == "approval_refused")
                #expect(again.text.contains("looked at"))
            }
        }

        @Test("an answer that no gate signed, or that is for another call, opens nothing")
        func forgery() async throws {
            try await Self.run { cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                let ids = try ["amount=7", "amount=8"].map { try #require(try Self.post(first, $0)["yett-approval"]) }
                for id in ids { try cluster.wait("it is shown", of: [1]) { try Self.shown($0, id) != nil } }
                let prefix = "/yett/v1/gate.test/state/"
                for text in ["{", #"{"version":1,"agrees":true,"person":"uid 0"}"#, ""] {
                    try cluster.servers.put("\(prefix)answer/a/\(ids[0])", text)
                }
                // A question that is shown with other words is shown nowhere.
                let entry = try #require(try Self.entries(cluster, "question").first { $0.contains("amount=7") })
                try cluster.servers.put(
                    "\(prefix)question/a/\(ids[0])", entry.replacing("amount=7", with: "amount=1"))
                try cluster.wait("the right one is back", of: [1]) { gate in
                    try gate.ask("GET", "approvals/\(ids[0])").text.contains("amount=7")
                }
                // A good answer, in another question's place.
                #expect(try Self.answer(second, ids[1]).status == 200)
                try cluster.wait("it counts", of: [0]) { try Self.shown($0, ids[1])?.state == "approved" }
                #expect(try Self.shown(first, ids[0])?.state == "waiting")
                // What nobody signed keeps nobody from answering.
                #expect(try Self.answer(second, ids[0]).status == 200)
                try cluster.wait("it counts", of: [0]) { try Self.shown($0, ids[0])?.state == "approved" }
                let brought = "Yett-Approval: \(ids[0])\r\n"
                #expect(try Self.post(first, "amount=7", brought).status == 200)
                #expect(try Self.post(first, "amount=7", brought)["yett-reason"] == "approval_used")
            }
        }

        @Test("without etcd nobody answers for another gate, and the gate itself still does")
        func partition() async throws {
            try await Self.run(grace: "30s") { cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                let id = try #require(try Self.post(first, "amount=9")["yett-approval"])
                try cluster.wait("it is shown", of: [1]) { try Self.shown($0, id) != nil }
                cluster.servers.suspend(0)
                let answer = try Self.answer(second, id)
                #expect(answer.status == 503)
                #expect(answer.text.contains("nothing is decided"))
                #expect(try Self.answer(first, id).status == 200)
                cluster.servers.resume(0)
                #expect(try Self.post(first, "amount=9", "Yett-Approval: \(id)\r\n").status == 200)
                // What is too long to be shown elsewhere is not agreed to there.
                let long = "text=" + String(repeating: "x", count: 20_000)
                let other = try #require(try Self.post(first, long)["yett-approval"])
                try cluster.wait("it is shown", of: [1]) { try Self.shown($0, other) != nil }
                #expect(try Self.answer(second, other).status == 409)
                #expect(try Self.answer(second, other, "refuse").status == 200)
            }
        }
    }
}
