// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import Protocols

/// What clients of plain HTTP are told of a question to a person.
enum ApprovalAnswers {
    /// Seconds after which it makes sense to look again.
    private static let retry = 2

    /// 202: come back for the answer, and then repeat the request with `Yett-Approval`.
    static func pending(_ id: ApprovalID, _ decision: DecisionID) -> MediatedAnswer {
        var object = JSONObject()
        object["approval"] = .string(id.description)
        object["state"] = .string(Approval.State.waiting.rawValue)
        object["decision"] = .string(decision.description)
        object["next"] = .string(
            "GET /approvals/\(id) until the state is approved, then repeat the request as it was with Yett-Approval: \(id)"
        )
        return answer(
            202, object,
            [
                MCPField("location", "/approvals/\(id)"), MCPField("retry-after", "\(retry)"),
                MCPField("yett-approval", "\(id)"), MCPField("yett-decision", "\(decision)"),
            ])
    }

    /// Where a question stands, for the agent that caused it.
    static func state(of approval: Approval, now: Int64) -> MediatedAnswer {
        let isOpen = approval.state.isOpen && now < approval.expires
        let state = approval.state.isOpen && !isOpen ? Approval.State.expired : approval.state
        var object = JSONObject()
        object["approval"] = .string(approval.id.description)
        object["state"] = .string(state.rawValue)
        object["digest"] = .string(Hexadecimal.encode(approval.call.digest))
        object["reason"] = approval.reason.map { .string($0) }
        if isOpen {
            object["expires_in"] = .integer(max(0, (approval.expires &- now) / ServiceSettings.second))
        }
        let fields = state == .waiting ? [MCPField("retry-after", "\(retry)")] : []
        return answer(200, object, fields)
    }

    private static func answer(_ status: UInt16, _ object: JSONObject, _ fields: [MCPField]) -> MediatedAnswer {
        MediatedAnswer(
            status: status,
            fields: [MCPField("content-type", "application/json"), MCPField("cache-control", "no-store")] + fields,
            body: JSONValue.object(object).bytes)
    }
}
