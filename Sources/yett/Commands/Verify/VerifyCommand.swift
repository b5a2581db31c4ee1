// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett verify`: proves by attempts what is claimed elsewhere.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prove by attempts that agents have no way past the gate.",
        subcommands: [VerifyNetworkCommand.self])
}
