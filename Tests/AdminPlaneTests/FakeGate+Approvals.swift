// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Synchronization

extension FakeGate {
    func approvals() async throws -> [ApprovalReport] { [question] }

    func approval(_ id: String) async throws -> ApprovalReport { question }

    func answer(
        _ id: String, agrees: Bool, _ request: ApprovalAnswerRequest, by caller: Operator
    ) async throws -> ApprovalReport {
        note("\(agrees ? "approve" : "refuse") \(id) by \(caller.name)")
        return question
    }

    private var question: ApprovalReport {
        let name = chosenName.withLock { $0 }
        var report = ApprovalReport(
            id: "a-1", state: "waiting", agent: name, service: name, operation: name, digest: "d", why: name,
            decision: "d-1", source: name, askedAt: "2026-11-02T10:00:00Z", ageSeconds: 1, secondsLeft: 9, waiting: 1)
        report.tool = name
        report.arguments = name
        report.purpose = name
        return report
    }

    func tools(of service: String?, for agent: String?) async throws -> ToolList {
        let name = chosenName.withLock { $0 }
        var tool = ToolReport(service: name, name: name, state: "held", canBeApproved: true)
        tool.why = name
        tool.hash = "sha256:00"
        return ToolList(tools: [tool])
    }

    func toolChanges(of service: String, tool: String?) async throws -> ToolChangeList {
        ToolChangeList(
            changes: try await tools(of: nil, for: nil).tools.map { ToolChange(tool: $0, lines: ["+ \($0.name)"]) })
    }
}
