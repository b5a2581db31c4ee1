// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett policy`: works on Rego policies.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Evaluate, test, lay out, bundle and replay Rego policies.",
        discussion: """
            Options and output are those of the opa command of the same name, where it has one. replay
            and suggest read the audit tree of the gate; the others need no gate.
            """,
        subcommands: [
            PolicyEvalCommand.self, PolicyTestCommand.self, PolicyCheckCommand.self, PolicyFormatCommand.self,
            PolicyBenchCommand.self, PolicyInspectCommand.self, PolicyBuildCommand.self, PolicySignCommand.self,
            PolicyReplayCommand.self, PolicySuggestCommand.self,
        ])
}
