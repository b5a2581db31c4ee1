// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Launcher

/// What of the host may be shown, and what is refused with which advice.
@Suite struct ShownPathTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let options: [String]
        let words: String
        var testDescription: String { options.joined(separator: " ") }
    }

    @Test(
        "refuses to show",
        arguments: [
            Refusal(options: ["--read", "/"], words: "name the directory inside it"),
            Refusal(options: ["--write", "/"], words: "name the directory inside it"),
            Refusal(options: ["--read", "/proc"], words: "never shown"),
            Refusal(options: ["--read", "/sys/fs/cgroup"], words: "never shown"),
            Refusal(options: ["--write", "/dev/shm"], words: "never shown"),
            Refusal(options: ["--read", "/run"], words: "never shown"),
            Refusal(options: ["--read", "/tmp"], words: "name the directory inside it"),
            Refusal(options: ["--read", "/etc"], words: "name the directory inside it"),
            Refusal(options: ["--write", "/usr/local"], words: "stays read-only"),
            Refusal(options: ["--write", "/etc/ssl"], words: "stays read-only"),
            Refusal(options: ["--read", "/no/such/path"], words: "No such file"),
            Refusal(options: ["--read", "../gate"], words: "belongs to the gate"),
            Refusal(options: ["--write", ".."], words: "belongs to the gate"),
            Refusal(options: ["--read", "/dev/null"], words: "neither a directory nor a regular file"),
            Refusal(options: ["--protect", "work/audit"], words: "audit, which belongs to the gate"),
            Refusal(options: ["--env", "=x", "--read", ""], words: "empty"),
        ], Account.available)
    func refuses(refusal: Refusal, account: Account) async throws {
        let bench = try await Workbench.shared(account)
        let options = refusal.options.map { $0 == "work/audit" ? bench.work + "/audit" : $0 }
        let outcome = try await bench.launch(["/bin/true"], options: options)
        #expect(outcome.code == 125 && outcome.errors.contains(refusal.words), "\(outcome)")
    }

    @Test("refuses a working directory that shows too much", arguments: ["/", "/tmp", "/usr/share", "/etc", "/run"])
    func workingDirectory(directory: String) async throws {
        let outcome = try await Workbench.shared(.ordinary).launch(["/bin/true"], directory: directory)
        #expect(outcome.code == 125, "\(outcome)")
    }

    @Test("refuses the home directory as working directory and names the rule")
    func home() async throws {
        let bench = try await Workbench.shared(.ordinary)
        let launch = bench.launchCommand(["/bin/true"]).map { $0 == "HOME=/nonexistent" ? "HOME=\(bench.work)" : $0 }
        let outcome = await (try RunningProgram(launch)).outcome()
        #expect(outcome.code == 125 && outcome.errors.contains("home directory"), "\(outcome)")
    }

    @Test("a planted symbolic link is refused with where it leads", arguments: Account.available)
    func plantedLink(account: Account) async throws {
        let bench = try await Workbench.shared(account)
        let planted = try await bench.script("ln -sfn /var/lib planted")
        try #require(planted.code == 0)
        for option in ["--read", "--write"] {
            let outcome = try await bench.launch(["/bin/true"], options: [option, "planted"])
            #expect(outcome.code == 125 && outcome.errors.contains("symbolic link to /var/lib"), "\(outcome)")
            let below = try await bench.launch(["/bin/true"], options: [option, "planted/dpkg"])
            #expect(below.code == 125 && below.errors.contains("symbolic link"), "\(below)")
        }
    }

    @Test("shows what was asked for, read-only or writable", arguments: Account.available)
    func shows(account: Account) async throws {
        let bench = try await Workbench(account)
        for name in ["readable", "writable", "work/fixed"] {
            try FileManager.default.createDirectory(atPath: "\(bench.root)/\(name)", withIntermediateDirectories: true)
            try Data("text\n".utf8).write(to: URL(fileURLWithPath: "\(bench.root)/\(name)/file"))
            chmod("\(bench.root)/\(name)", 0o700)
            chmod("\(bench.root)/\(name)/file", 0o600)
            if geteuid() == 0 {
                chown("\(bench.root)/\(name)", account.user, account.user)
                chown("\(bench.root)/\(name)/file", account.user, account.user)
            }
        }
        let outcome = try await bench.script(
            """
            cat ../readable/file ../writable/file fixed/file
            echo new > ../writable/new && echo wrote
            for path in ../readable/new fixed/new; do
                { echo new > $path; } 2>/dev/null && echo "wrote $path"
            done
            ls ..
            echo inside > ../beside
            """,
            options: ["--read", "../readable", "--write", "../writable", "--read", "fixed"])
        #expect(outcome.output == "text\ntext\ntext\nwrote\nreadable\nwork\nwritable\n", "\(outcome)")
        // The directories above are the inside's own.
        #expect(!FileManager.default.fileExists(atPath: bench.root + "/beside"))
    }

    @Test("names the tree to add when the program lies outside", arguments: Account.available)
    func advice(account: Account) async throws {
        let bench = try await Workbench(account)
        let tree = bench.root + "/python"
        try FileManager.default.createDirectory(atPath: tree + "/bin", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: tree + "/bin/tool", withDestinationPath: "/usr/bin/printf")
        let outcome = try await bench.launch([tree + "/bin/tool", "found"])
        #expect(outcome.code == 125 && outcome.errors.contains("add --read \(tree),"), "\(outcome)")
        let helped = try await bench.launch([tree + "/bin/tool", "found"], options: ["--read", tree])
        #expect(helped.code == 0 && helped.output == "found", "\(helped)")
    }

    @Test("names the tree of a script's interpreter", arguments: Account.available)
    func interpreter(account: Account) async throws {
        let bench = try await Workbench(account)
        let script = bench.work + "/script"
        try FileManager.default.createDirectory(atPath: bench.root + "/tree/bin", withIntermediateDirectories: true)
        let shell = try #require(Path.real("/bin/sh"))
        let copied = await (try RunningProgram(["/bin/cp", shell, bench.root + "/tree/bin/own-shell"])).outcome()
        try #require(copied.code == 0, "\(copied)")
        // Copied, too: a file that this process wrote may still be open in a program that another test just started.
        let text = "#! \(bench.root)/tree/bin/own-shell\necho ran\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: script + ".txt"))
        let written = await (try RunningProgram(["/bin/cp", script + ".txt", script])).outcome()
        try #require(written.code == 0, "\(written)")
        chmod(script, 0o755)
        let outcome = try await bench.launch(["./script"])
        #expect(outcome.code == 125 && outcome.errors.contains("add --read \(bench.root)/tree,"), "\(outcome)")
        let helped = try await bench.launch(["./script"], options: ["--read", "../tree"])
        #expect(helped.code == 0 && helped.output == "ran\n", "\(helped)")
    }
}
