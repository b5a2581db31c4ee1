// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import Glibc
import PolicyBundle

/// The program: a gate for what AI agents reach for, and the commands to run and watch it.
@main
struct Yett: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yett",
        abstract: "A gate for AI agents: it decides before it connects, and can cut what is already open.",
        discussion: """
            Exit codes: 0 done; 1 refused or failed; 2 wrong usage or wrong configuration.
            Commands that ask the running gate find its socket by --socket, $YETT_SOCKET or --config.
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, CheckCommand.self, ReloadCommand.self, StatusCommand.self, ConnectionsCommand.self,
            CutCommand.self, RevokeCommand.self, ExplainCommand.self, QuarantineCommand.self, ReleaseCommand.self,
            RiskCommand.self, ClusterCommand.self, CanaryCommand.self, DashboardCommand.self, ExecCommand.self,
            MCPCommand.self, SandboxCommand.self, ToolsCommand.self, TryCommand.self, TaskCommand.self,
            ApprovalsCommand.self,
            LoginCommand.self,
            LogoutCommand.self, WhoamiCommand.self, EntryCommand.self,
            KeyCommand.self, TokenCommand.self, JoinCommand.self,
            AuditCommand.self, PolicyCommand.self, ImportCommand.self, RenderCommand.self,
            VerifyCommand.self, VersionCommand.self,
        ])

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        SystemTimeZones.use()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            failure.report()
        } catch {
            finish(error)
        }
    }

    /// Ends the program as the argument parser wants it, but with exit code 2 for wrong usage.
    private static func finish(_ error: any Error) -> Never {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        guard code == .validationFailure || code == .success else {
            if !text.isEmpty { Terminal.complain(text) }
            Glibc.exit(code.rawValue)
        }
        if code == .success { print(text) } else { Terminal.complain(text) }
        Glibc.exit(code == .success ? 0 : CommandFailure.Code.usage.rawValue)
    }
}
