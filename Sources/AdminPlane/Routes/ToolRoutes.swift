// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird

/// Tools of MCP servers, and requests that are only tried.
struct ToolRoutes {
    let gate: any GateControl

    func add(to router: RouterGroup<AdminContext>) {
        router.get("tools") { request, _ in
            let parameters = request.uri.queryParameters
            return Answer(
                try await gate.tools(
                    of: parameters["service"].map(String.init), for: parameters["agent"].map(String.init)))
        }
        router.get("tools/:service/changes") { request, context in
            let tool = request.uri.queryParameters["tool"].map(String.init)
            return Answer(try await gate.toolChanges(of: try context.parameters.require("service"), tool: tool))
        }
        router.get("tools/:service/proposal") { _, context in
            Answer(try await gate.toolProposal(of: try context.parameters.require("service")))
        }
        router.post("tools/:service/approve") { request, context in
            let wanted = try await request.decode(as: ToolApproval.self, context: context)
            return Answer(
                try await gate.approveTools(
                    of: try context.parameters.require("service"), wanted, by: context.caller))
        }
        router.post("try") { request, context in
            let wanted = try await request.decode(as: TrialRequest.self, context: context)
            return Answer(try await gate.attempt(wanted, by: context.caller))
        }
    }
}
