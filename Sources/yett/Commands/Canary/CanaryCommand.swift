// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett canary`: credentials that open nothing, for intruders to find.
struct CanaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "canary", abstract: "Plant credentials that open nothing; an agent that sends one is stopped.",
        discussion: """
            A canary is looked for in everything that agents send, in all encodings, from the moment it is made. Whoever sends
            one is refused and in quarantine at once. The configuration needs the section 'leaks'.
            """,
        subcommands: [CanaryAddCommand.self, CanaryListCommand.self, CanaryRemoveCommand.self])
}
