// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird

/// What is planted for intruders to find.
struct CanaryRoutes {
    let gate: any CanaryControl

    func add(to router: RouterGroup<AdminContext>) {
        router.get("canaries") { _, _ in Answer(CanaryList(canaries: try await gate.canaries())) }
        router.post("canaries") { request, context in
            let wanted = try await request.decode(as: CanaryRequest.self, context: context)
            return Answer(try await gate.addCanary(wanted, by: context.caller), status: .created)
        }
        router.delete("canaries/:canary") { _, context -> HTTPResponse.Status in
            try await gate.removeCanary(try context.parameters.require("canary"), by: context.caller)
            return .noContent
        }
    }
}
