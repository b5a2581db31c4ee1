// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett key`: the keys that sign identities.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Watch and rotate the keys that sign identities.",
        discussion: """
            Keys rotate by themselves. By hand: prepare publishes a new key; activate lets it sign, once verifiers know it;
            taint distrusts the old one, and what it signed is issued again; revoke withdraws it for good.
            """,
        subcommands: [KeyListCommand.self, KeyChangeCommand.self, KeyBundleCommand.self])
}
