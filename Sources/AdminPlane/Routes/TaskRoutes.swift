// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird

/// Tasks: start, list, show, stop.
struct TaskRoutes {
    let gate: any GateControl

    func add(to router: RouterGroup<AdminContext>) {
        router.get("tasks") { _, _ in Answer(TaskList(tasks: try await gate.tasks())) }
        router.post("tasks") { request, context in
            let wanted = try await request.decode(as: TaskRequest.self, context: context)
            return Answer(try await gate.startTask(wanted, by: context.caller), status: .created)
        }
        router.get("tasks/:task") { _, context in
            Answer(try await gate.task(try context.parameters.require("task")))
        }
        router.post("tasks/:task/stop") { request, context in
            let wanted = try await request.decode(as: TaskStopRequest.self, context: context)
            return Answer(
                try await gate.stopTask(try context.parameters.require("task"), why: wanted.why, by: context.caller))
        }
        router.delete("tasks/:task") { _, context in
            Answer(try await gate.stopTask(try context.parameters.require("task"), why: nil, by: context.caller))
        }
    }
}
