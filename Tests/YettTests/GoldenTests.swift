// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

/// The help of every command, as in `Golden/`. `YETT_GOLDEN=write` writes the files anew.
@Suite struct GoldenHelpTests {
    static let commands = [
        "", "run", "check", "reload", "status", "ps", "cut", "revoke", "explain", "quarantine", "release", "risk",
        "cluster",
        "risk list", "risk replay", "risk learn", "risk baseline", "risk ratify", "canary", "canary add", "canary list",
        "canary remove", "dashboard", "exec", "audit",
        "audit tail", "audit query", "audit show", "audit export", "audit verify", "audit prove", "audit check-proof",
        "audit serve", "policy", "policy eval", "policy test", "policy check", "policy fmt", "policy bench",
        "policy inspect", "policy build", "policy sign", "policy replay", "policy suggest", "import", "import squid",
        "render", "verify", "verify network",
        "task", "task start", "task list", "task show", "task stop", "approvals",
        "approvals list", "approvals show", "approvals approve", "approvals refuse", "login", "logout", "whoami",
        "entry", "entry add",
        "entry list",
        "entry remove", "key", "key list", "key change", "key bundle", "join",
        "token", "token join", "tools", "tools list", "tools diff", "tools approve", "tools annotate",
        "mcp", "mcp stdio", "sandbox", "sandbox run", "sandbox doctor",
        "sandbox image", "sandbox image add", "sandbox image build", "sandbox image list", "sandbox image verify",
        "try",
        "version",
    ]

    @Test("prints the help of every command", arguments: commands)
    func help(command: String) async throws {
        try await onOwnThread {
            let words = command.split(separator: " ").map(String.init)
            let outcome = try CommandLineProgram.run(words + ["--help"])
            #expect(outcome.status == 0)
            #expect(outcome.errors.isEmpty)
            let name = (["yett"] + words).joined(separator: "-")
            try Golden.compare(outcome.output, with: "\(name).txt")
        }
    }

    @Test("has a golden file for every command that there is")
    func complete() async throws {
        try await onOwnThread {
            let outcome = try CommandLineProgram.run(["--experimental-dump-help"])
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            let root = try #require(document["command"] as? [String: Any])
            #expect(Self.names(root, prefix: []).sorted() == Self.commands.sorted())
        }
    }

    private static func names(_ command: [String: Any], prefix: [String]) -> [String] {
        let children = (command["subcommands"] as? [[String: Any]] ?? []).filter {
            $0["commandName"] as? String != "help"
        }
        return [prefix.joined(separator: " ")]
            + children.flatMap { child in names(child, prefix: prefix + [child["commandName"] as? String ?? "?"]) }
    }
}

/// Files with the expected output, beside the tests.
enum Golden {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    /// Compares a text with a file, or writes the file.
    static func compare(_ text: String, with name: String) throws {
        let file = directory.appending(path: name)
        if ProcessInfo.processInfo.environment["YETT_GOLDEN"] == "write" {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected, "differs from \(file.path); make golden writes it anew")
    }
}
