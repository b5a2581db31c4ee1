// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett token`: tokens for those who join, and the end of tokens.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Let a workload of another machine join, or revoke tool tokens.",
        subcommands: [TokenJoinCommand.self, TokenRevokeCommand.self])
}
