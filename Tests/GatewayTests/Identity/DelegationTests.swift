// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Protocols
import Testing

/// Agents that hand parts of their tasks on to others.
@Suite struct DelegationTests {
    /// This process is three agents: coder, planner and the tool server.
    private static let text = IdentityGate.text(
        entries: """
            [{id: /agent/coder, selectors: ["unix:uid:\(geteuid())", "unix:gid:\(getegid())"], hint: agent},
                        {id: /agent/planner, selectors: ["unix:gid:\(getegid())"], hint: planner},
                        {id: /tool/tickets, selectors: ["unix:uid:\(geteuid())"], hint: tool}]
            """)

    private static func post(
        _ gate: IdentityGate, _ path: String, _ body: String, as name: String? = "agent"
    ) throws -> (code: Int, body: JSONValue) {
        let file = gate.gate.directory + "/order.json"
        try body.write(toFile: file, atomically: true, encoding: .utf8)
        let answer = try gate.ask(path, as: name, ["--data-binary", "@" + file])
        return (answer.code, (try? JSONValue(parsing: answer.text)) ?? .null)
    }

    @Test func `A part of a task goes to another agent, narrower, and its token names both`() async throws {
        try await IdentityGate.run(Self.text) { gate throws in
            _ = try gate.fetch()
            let task = try gate.startTask()
            let order =
                #"{"handle":"\#(task.handle)","agent":"planner","purpose":"look it up","grants":[{"name":"tickets","tools":["search"]}],"seconds":600}"#
            let begun = try Self.post(gate, "/tasks", order)
            #expect(begun.code == 201, "\(begun.body)")
            let handle = try #require(begun.body["handle"]?.string)
            let id = try #require(begun.body["task"]?.string)
            let answer = try gate.exchange("search", handle: handle, as: "planner")
            let token = try #require(try JSONValue(parsing: answer.text)["access_token"]?.string, "\(answer.text)")
            let claims = try GateIdentityTests.claims(token)
            #expect(claims["act"]?["sub"]?.string == "spiffe://gate.test/agent/planner")
            #expect(claims["act"]?["act"]?["sub"]?.string == "spiffe://gate.test/agent/coder")
            #expect(claims["txn"]?.string == id)
            // Only its own agent may use it, and nobody may widen it.
            #expect(try gate.exchange("search", handle: handle).text.contains("invalid_grant"))
            #expect(try gate.exchange("create", handle: handle, as: "planner").text.contains("invalid_scope"))
            let record = try #require(try gate.gate.record("kind=task_start&task=\(id)"))
            #expect(record.text("source") == "spiffe://gate.test/agent/coder" && record.text("plane") == "identity")
            // The one that handed it on ends it, the one that has it cannot end what is above.
            let above = #"{"handle":"\#(handle)","task":"\#(task.id)"}"#
            #expect(try Self.post(gate, "/tasks/stop", above, as: "planner").code == 404)
            #expect(try Self.post(gate, "/tasks/stop", #"{"handle":"\#(task.handle)","task":"\#(id)"}"#).code == 200)
            #expect(try Self.post(gate, "/tasks/stop", #"{"handle":"\#(task.handle)","task":"\#(id)"}"#).code == 409)
            #expect(try gate.exchange("search", handle: handle, as: "planner").text.contains("invalid_grant"))
            #expect(try gate.exchange("search", handle: task.handle).code == 200)
        }
    }

    @Test func `What would widen, repeat or confuse is refused`() async throws {
        try await IdentityGate.run(Self.text) { gate throws in
            _ = try gate.fetch()
            let task = try gate.startTask()
            func order(_ rest: String, handle: String? = nil) -> String {
                #"{"handle":"\#(handle ?? task.handle)","purpose":"p",\#(rest)}"#
            }
            let grants = #""grants":[{"name":"tickets","tools":["search"]}]"#
            let planner = #""agent":"planner","# + grants
            let bad: [(String, Int)] = [
                (order(#""agent":"planner","grants":[{"name":"tickets","tools":["create"]}]"#), 400),
                (order(#""agent":"planner","grants":[{"name":"prod"}]"#), 400),
                (order(#""agent":"planner","grants":[]"#), 400),
                (order(#""agent":"nobody","# + grants), 400),
                (order(planner + #","seconds":0"#), 400), (order(planner + #","seconds":999999"#), 400),
                (order(planner + #","person":"https://idp.test#1""#), 400),
                (order(planner + #","parent":"t-0""#), 400), (order(planner + #","calls":"1""#), 400),
                (order(planner + #","calls":1,"calls":2"#), 400), (order(planner, handle: "th_wrong"), 403),
                ("[]", 400), ("{", 400), (#"{"handle":7}"#, 400),
                (#"{"handle":"\#(task.handle)","purpose":"\#(String(repeating: "p", count: 70_000))"}"#, 413),
            ]
            for (body, code) in bad {
                let answer = try Self.post(gate, "/tasks", body)
                #expect(answer.code == code, "\(body.prefix(200)): \(answer.code) \(answer.body)")
            }
            // Another agent's handle, and no certificate.
            #expect(try Self.post(gate, "/tasks", order(planner), as: "planner").code == 403)
            #expect(try Self.post(gate, "/tasks", order(planner), as: nil).code == 401)
            #expect(try gate.ask("/tasks", as: "agent").code == 405)
            #expect(try gate.gate.ask("POST", "quarantine", body: #"{"agent":"coder"}"#).status == 200)
            #expect(try Self.post(gate, "/tasks", order(planner)).code == 403)
        }
    }
}
