// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett import`: translates the configuration of another gate.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Translate the configuration of another gate.",
        subcommands: [ImportSquidCommand.self])
}
