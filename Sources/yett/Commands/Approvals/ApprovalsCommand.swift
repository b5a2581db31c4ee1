// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett approvals`: calls that wait for a person.
struct ApprovalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals", abstract: "See, approve and refuse calls that wait for a person.",
        discussion: """
            A call waits where a grant or a tool has `approval: required`, or where the policy says hold. What you approve
            is that call with those arguments, once.
            """,
        subcommands: [
            ApprovalsListCommand.self, ApprovalsShowCommand.self, ApprovalsApproveCommand.self,
            ApprovalsRefuseCommand.self,
        ],
        defaultSubcommand: ApprovalsListCommand.self)
}
