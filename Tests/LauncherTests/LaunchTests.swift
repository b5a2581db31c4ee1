// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// What a launch promises its caller: exit codes, signals, files, environment, and an end that leaves nothing.
@Suite struct LaunchTests {
    @Test("passes the exit code through", arguments: [0, 7, 125, 255], Account.available)
    func exitCode(code: Int32, account: Account) async throws {
        let outcome = try await Workbench.shared(account).script("exit \(code)")
        #expect(outcome.code == code, "\(outcome)")
    }

    @Test("tells a signal as 128 and its number", arguments: [SIGKILL, SIGTERM, SIGSEGV], Account.available)
    func signalCode(signal: Int32, account: Account) async throws {
        let outcome = try await Workbench.shared(account).script("kill -\(signal) $$")
        #expect(outcome.code == 128 + signal, "\(outcome)")
    }

    @Test("forwards signals to the program", arguments: [("INT", SIGINT), ("TERM", SIGTERM), ("USR1", SIGUSR1)])
    func forwards(name: String, signal: Int32) async throws {
        let bench = try await Workbench.shared(.ordinary)
        let program = try bench.start([
            "/bin/sh", "-c", "trap 'echo caught \(name); exit 9' \(name); echo ready; while :; do sleep 0.05; done",
        ])
        try await program.waitForOutput("ready")
        program.send(signal)
        let outcome = await program.outcome()
        #expect(outcome.code == 9 && outcome.output.contains("caught \(name)"), "\(outcome)")
    }

    @Test("an unknown program ends with 127, a program that is none with 126", arguments: Account.available)
    func missingProgram(account: Account) async throws {
        let bench = try await Workbench.shared(account)
        #expect(try await bench.launch(["no-such-program"]).code == 127)
        #expect(try await bench.launch(["/usr/bin/no-such-program"]).code == 127)
        let outcome = try await bench.launch(["./http_clients.py"])
        #expect(outcome.code == 126 && outcome.errors.contains("not executable"), "\(outcome)")
    }

    @Test("passes arguments unchanged", arguments: Account.available)
    func arguments(account: Account) async throws {
        let given = ["a b", "", "--", "*", "\u{e9}\n", "-c", String(repeating: "x", count: 100_000)]
        let outcome = try await Workbench.shared(account).launch(
            ["/usr/bin/python3", "-c", "import sys; print(ascii(sys.argv[1:]))"] + given)
        #expect(outcome.output.hasPrefix(#"['a b', '', '--', '*', '\xe9\n', '-c', 'xxx"#), "\(outcome.errors)")
    }

    @Test("sets the proxies, keeps nothing else of the caller's environment", arguments: Account.available)
    func environment(account: Account) async throws {
        let outcome = try await Workbench.shared(account).launch(
            ["/usr/bin/env"], options: ["--env", "NAME=value", "--env", "YETT_AGENT=other"])
        let lines = Set(outcome.output.split(separator: "\n").map(String.init))
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            #expect(lines.contains("\(name)=http://127.0.0.1:3128"))
        }
        #expect(lines.contains("YETT_SOCKS_PROXY=socks5h://127.0.0.1:1080"))
        #expect(lines.isSuperset(of: ["NO_PROXY=", "no_proxy=", "NODE_USE_ENV_PROXY=1", "HOME=/home/agent"]))
        #expect(lines.isSuperset(of: ["NAME=value", "YETT_AGENT=other"]) && !lines.contains("YETT_AGENT=fixture"))
        #expect(!outcome.output.contains("host-secret-canary"))
        #expect(!lines.contains { $0.hasPrefix("SSL_CERT_FILE") || $0.hasPrefix("LD_") })
    }

    @Test("a library to preload reaches the program, not the helper before it", arguments: Account.available)
    func preload(account: Account) async throws {
        let outcome = try await Workbench.shared(account).script(
            "true", options: ["--env", "LD_PRELOAD=/no/such/library.so"])
        #expect(outcome.code == 0)
        let complaints = outcome.errors.components(separatedBy: "cannot be preloaded").count - 1
        #expect(complaints == 1, "\(outcome)")
    }

    @Test("does not inherit descriptors above 2", arguments: Account.available)
    func descriptors(account: Account) async throws {
        let bench = try await Workbench.shared(account)
        let launch = bench.launchCommand(["/bin/ls", "/proc/self/fd"])
        let outcome = await
            (try RunningProgram(
                ["/bin/bash", "-c", "exec 7</etc/hostname 33</etc/passwd; exec \"$@\"", "bash"] + launch))
            .outcome()
        #expect(outcome.output == "0\n1\n2\n3\n", "\(outcome)")
    }

    @Test("writes in the working directory belong to its owner outside", arguments: Account.available)
    func owner(account: Account) async throws {
        let bench = try await Workbench.shared(account)
        let outcome = try await bench.script("echo text > made-inside; stat -c %U made-inside")
        #expect(outcome.output == "agent\n", "\(outcome)")
        var status = stat()
        try #require(stat(bench.work + "/made-inside", &status) == 0)
        #expect(status.st_uid == account.user)
    }

    @Test("a program by root runs under a user id of its own", .enabled(if: geteuid() == 0))
    func ownUser() async throws {
        let bench = try await Workbench.shared(.root)
        let first = try bench.start(["/bin/sh", "-c", "id -u; echo ready; exec sleep 30"])
        try await first.waitForOutput("ready")
        let second = try await bench.launch(["/usr/bin/id", "-u"])
        first.send(SIGTERM)
        let users = [await first.outcome(), second].compactMap { UInt32($0.output.prefix { $0.isNumber }) }
        #expect(users.count == 2 && users[0] != users[1] && users.allSatisfy { (60_000...60_999).contains($0) })
    }

    @Test("root gives the gate's private socket to the launch user", .enabled(if: geteuid() == 0))
    func givesSocket() async throws {
        let bench = try await Workbench(.root, socketMode: "600")
        let outcome = try await bench.script("curl -sS http://web.test/hello.txt")
        #expect(outcome.output == "hello through the gate\n", "\(outcome)")
    }

    @Test("children left in the background end with the program", arguments: Account.available)
    func background(account: Account) async throws {
        let outcome = try await Workbench.shared(account).script(
            "(trap '' HUP TERM; setsid sh -c 'while :; do sleep 1; done') & echo left")
        // The pipe's end was seen, so nothing holds its other side any more.
        #expect(outcome.code == 0 && outcome.output == "left\n", "\(outcome)")
    }

    @Test("killing the launcher ends everything inside and the relay", arguments: Account.available)
    func killed(account: Account) async throws {
        let bench = try await Workbench.shared(account)
        let marker = "60\(UInt16.random(in: 1000...9999))"
        let program = try bench.start(["/bin/sh", "-c", "sleep \(marker) & echo ready; sleep \(marker)"])
        try await program.waitForOutput("ready")
        let family = Processes.descendants(of: program.identifier)
        #expect(family.count >= 4)
        program.send(SIGKILL)
        #expect(await program.outcome().code == 128 + SIGKILL)
        #expect(Processes.waitUntilGone(family), "left over: \(family.filter { kill($0, 0) == 0 })")
    }

    @Test("an end of the relay ends the launch", arguments: Account.available)
    func relayKilled(account: Account) async throws {
        let bench = try await Workbench.shared(account)
        let program = try bench.start(["/bin/sh", "-c", "echo ready; exec sleep 60"])
        try await program.waitForOutput("ready")
        let relay = try #require(
            Processes.descendants(of: program.identifier).first { Processes.commandLine($0).contains("relay") })
        kill(relay, SIGKILL)
        let outcome = await program.outcome()
        #expect(outcome.code == 125 && outcome.errors.contains("relay ended"), "\(outcome)")
    }

    @Test("a terminal works: lines, interrupt, stop and continue, no injection", arguments: Account.available)
    func terminal(account: Account) async throws {
        let bench = try await Workbench.shared(account)
        let launch = bench.launchCommand([])
        let outcome = await (try RunningProgram(["/usr/bin/python3", Workbench.probes + "/terminal.py"] + launch))
            .outcome()
        #expect(outcome.code == 0 && outcome.output == "all\n", "\(outcome)")
    }

    @Test("an input file stays read-only, a directory is no input", arguments: Account.available)
    func standardInput(account: Account) async throws {
        let bench = try await Workbench(account)
        let file = bench.root + "/input"
        try Data("line\n".utf8).write(to: URL(fileURLWithPath: file))
        if geteuid() == 0 { chown(file, account.user, account.user) }
        let launch = bench.launchCommand(["/bin/sh", "-c", "cat; { echo more >> /proc/self/fd/0; } 2>/dev/null; true"])
        let redirect = ["/bin/sh", "-c", "exec 0<\"$0\"; exec \"$@\""]
        let outcome = await (try RunningProgram(redirect + [file] + launch)).outcome()
        #expect(outcome.output == "line\n", "\(outcome)")
        if Landlock.isPresent { #expect(try String(contentsOfFile: file, encoding: .utf8) == "line\n") }
        let refused = await (try RunningProgram(redirect + ["/"] + launch)).outcome()
        #expect(refused.code == 125 && refused.errors.contains("is a directory"), "\(refused)")
    }
}
