// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// A directory of its own for one account: the built programs, a working directory, and a stand-in for the gate.
final class Workbench: Sendable {
    let account: Account
    let root: String
    let work: String
    let gate: String
    private let stub: RunningProgram

    static let probes = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Probes"

    /// One bench for each account, made at the first use.
    static func shared(_ account: Account) async throws -> Workbench {
        try await account == .root ? rootBench.value : ordinaryBench.value
    }

    private static let rootBench = Task { try await Workbench(.root) }
    private static let ordinaryBench = Task { try await Workbench(.ordinary) }

    /// Launches by root at the same time have different users, so a socket that they share must be open to all.
    init(_ account: Account, socketMode: String? = nil) async throws {
        self.account = account
        root = try Self.temporaryDirectory()
        work = root + "/work"
        gate = root + "/gate"
        let files = FileManager.default
        for directory in [root + "/bin", work, gate, gate + "/www"] {
            try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        let built = try URL(fileURLWithPath: files.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent().path
        for program in ["launch-fixture", "yett-jail"] {
            try #require(files.fileExists(atPath: "\(built)/\(program)"), "\(program) is not built: swift build")
            // By a program of its own: a child that another test starts meanwhile would keep the copy open for writing.
            let copied = await (try RunningProgram(["/bin/cp", "\(built)/\(program)", "\(root)/bin/"])).outcome()
            try #require(copied.code == 0, "\(copied)")
        }
        try await Self.copyRuntime(of: "\(built)/launch-fixture", to: root + "/bin/")
        for probe in try files.contentsOfDirectory(atPath: Self.probes) {
            try files.copyItem(atPath: "\(Self.probes)/\(probe)", toPath: "\(work)/\(probe)")
        }
        try Data("hello through the gate\n".utf8).write(to: URL(fileURLWithPath: gate + "/www/hello.txt"))
        chmod(root, 0o755)
        chmod(gate, 0o755)
        if geteuid() == 0 { chown(work, account.user, account.user) }
        let mode = socketMode ?? (account == .root ? "666" : "600")
        stub = try RunningProgram([
            "/usr/bin/python3", Self.probes + "/gate_stub.py", gate, "\(account.user)", mode,
        ])
        try await stub.waitForOutput("ready")
    }

    /// A Swift toolchain in a home directory is closed to other users: its libraries go beside the program, which looks
    /// there as well.
    private static func copyRuntime(of program: String, to directory: String) async throws {
        let linked = await (try RunningProgram(["/usr/bin/ldd", program])).outcome()
        let open = ["/lib", "/usr/", "/opt/"]
        for line in linked.output.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2, words[1] == "=>", words[2].hasPrefix("/"), !open.contains(where: words[2].hasPrefix)
            else { continue }
            let copied = await (try RunningProgram(["/bin/cp", "-L", String(words[2]), directory])).outcome()
            try #require(copied.code == 0, "\(copied)")
        }
    }

    deinit {
        stub.send(SIGKILL)
        try? FileManager.default.removeItem(atPath: root)
    }

    /// Ends the stand-in for the gate; its socket stays as a file that nobody listens on.
    func stopGate() {
        stub.send(SIGKILL)
    }

    private static func temporaryDirectory() throws -> String {
        var template = Array("/tmp/yett-launcher-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        try #require(made != nil)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The gate's log of targets.
    var log: String {
        (try? String(contentsOfFile: gate + "/log", encoding: .utf8)) ?? ""
    }

    /// The command line that launches, for this account.
    func launchCommand(_ command: [String], options: [String] = [], directory: String? = nil) -> [String] {
        account.prefix + ["/usr/bin/env", "HOME=/nonexistent", "YETT_TEST_SECRET=host-secret-canary"]
            + ["\(root)/bin/launch-fixture", gate + "/gate.sock", directory ?? work] + options + ["--"] + command
    }

    func launch(_ command: [String], options: [String] = [], directory: String? = nil) async throws -> Outcome {
        try await RunningProgram(launchCommand(command, options: options, directory: directory)).outcome()
    }

    func start(_ command: [String], options: [String] = []) throws -> RunningProgram {
        try RunningProgram(launchCommand(command, options: options))
    }

    /// A shell script inside.
    func script(_ text: String, options: [String] = []) async throws -> Outcome {
        try await launch(["/bin/sh", "-c", text], options: options)
    }
}

/// How a program ended and what it said.
struct Outcome: Sendable, CustomStringConvertible {
    let code: Int32
    let output: String
    let errors: String

    var description: String { "code \(code)\nout: \(output)\nerr: \(errors)" }
}
