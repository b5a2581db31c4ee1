// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird

/// Sockets for launched agents.
struct LaunchRoutes {
    let gate: any GateControl

    func add(to router: RouterGroup<AdminContext>) {
        router.post("launches") { request, context in
            let wanted = try await request.decode(as: LaunchRequest.self, context: context)
            return Answer(try await gate.openLaunch(wanted, by: context.caller), status: .created)
        }
        router.post("stdio") { request, context in
            let wanted = try await request.decode(as: StdioRequest.self, context: context)
            return Answer(try await gate.openStdio(wanted, by: context.caller), status: .created)
        }
        router.post("sandboxes") { request, context in
            let wanted = try await request.decode(as: SandboxDoorRequest.self, context: context)
            return Answer(try await gate.openSandbox(wanted, by: context.caller), status: .created)
        }
        router.delete("launches/:launch") { _, context in
            try await gate.endLaunch(try context.parameters.require("launch"), by: context.caller)
            return HTTPResponse.Status.noContent
        }
    }
}
