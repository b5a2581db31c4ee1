// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett task`: what agents do for whom, with which of their grants, for how long.
struct TaskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task", abstract: "Start, watch and stop tasks of agents.",
        discussion: """
            A task is a part of an agent's grants with a purpose and an end. Within it, nothing else of the agent's grants
            counts.
            """,
        subcommands: [TaskStartCommand.self, TaskListCommand.self, TaskShowCommand.self, TaskStopCommand.self])
}
