// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// Runs to which a person has to agree.
@Suite("Runs that wait for a person") struct SandboxApprovalTests {
    @Test func `A person sees the program itself, and agrees to that program and no other`() async throws {
        try await SandboxGate.run(grant: ", approval: required") { gate throws in
            let program: JSONValue = ["language": "python", "source": "print('agreed to')"]
            let asked = try gate.post(program)
            #expect(asked.status == 202, "\(asked.text)")
            let id = try #require(asked["yett-approval"])
            #expect(try gate.runs().isEmpty)
            let shown = try gate.ask("GET", "approvals/\(id)", for: ApprovalReport.self)
            #expect(shown.arguments?.contains("print('agreed to')") == true, "\(shown.arguments ?? "")")
            let agreed = try gate.ask("POST", "approvals/\(id)/approve", body: #"{"why":"it only prints"}"#)
            #expect(agreed.status == 200, "\(agreed.text)")
            let other = try gate.post(
                ["language": "python", "source": "print('another')"], fields: "Yett-Approval: \(id)\r\n")
            #expect(other.status == 403 && other["yett-reason"] == "approval_mismatch", "\(other.text)")
            let run = try gate.post(program, fields: "Yett-Approval: \(id)\r\n")
            #expect((try JSONValue(parsing: run.body))["stdout"]?.string == "agreed to\n", "\(run.text)")
            let again = try gate.post(program, fields: "Yett-Approval: \(id)\r\n")
            #expect(again.status == 403 && again["yett-reason"] == "approval_used", "\(again.text)")
        }
    }
}
