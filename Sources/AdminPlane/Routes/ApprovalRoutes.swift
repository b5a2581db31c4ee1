// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird

/// Calls that wait for people: list, show, approve, refuse.
struct ApprovalRoutes {
    let gate: any ApprovalControl

    func add(to router: RouterGroup<AdminContext>) {
        router.get("approvals") { _, _ in Answer(ApprovalList(approvals: try await gate.approvals())) }
        router.get("approvals/:approval") { _, context in
            Answer(try await gate.approval(try context.parameters.require("approval")))
        }
        router.post("approvals/:approval/approve") { request, context in
            let wanted = try await request.decode(as: ApprovalAnswerRequest.self, context: context)
            let id = try context.parameters.require("approval")
            return Answer(try await gate.answer(id, agrees: true, wanted, by: context.caller))
        }
        router.post("approvals/:approval/refuse") { request, context in
            let wanted = try await request.decode(as: ApprovalAnswerRequest.self, context: context)
            let id = try context.parameters.require("approval")
            return Answer(try await gate.answer(id, agrees: false, wanted, by: context.caller))
        }
    }
}
