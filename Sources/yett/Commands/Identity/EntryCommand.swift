// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett entry`: who gets which identity.
struct EntryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entry", abstract: "Say which processes of this machine get which identity.",
        discussion: """
            A process that has all selectors of an entry gets its identity from the gate's Workload API. Entries stand in
            the configuration or are added here; those added here are kept until they are removed or end.
            """,
        subcommands: [EntryAddCommand.self, EntryListCommand.self, EntryRemoveCommand.self])
}
