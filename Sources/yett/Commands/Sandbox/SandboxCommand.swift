// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// `yett sandbox`: generated code, run where it can hurt nothing.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "Run generated code where it can hurt nothing.",
        subcommands: [
            SandboxRunCommand.self,
            SandboxDoctorCommand.self,
            SandboxImageCommand.self,
        ])
}
