// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Launcher

/// Takes one wall away at a time: the self-test inside must notice and name it. In this process, so one after another.
@Suite(.serialized) struct WallTests {
    struct Gap: Sendable, CustomTestStringConvertible {
        let name: String
        let layer: String
        let adjust: @Sendable ([String], Workbench) -> [String]
        var testDescription: String { name }
    }

    private static func without(_ option: String, values: Int = 0) -> @Sendable ([String], Workbench) -> [String] {
        { words, _ in
            guard let index = words.firstIndex(of: option) else { return words }
            return Array(words[..<index] + words[(index + 1 + values)...])
        }
    }

    static let gaps = [
        Gap(name: "network namespace", layer: "net namespace", adjust: without("--unshare-net")),
        Gap(name: "process namespace", layer: "pid namespace", adjust: without("--unshare-pid")),
        Gap(name: "IPC namespace", layer: "ipc namespace", adjust: without("--unshare-ipc")),
        Gap(name: "cgroup namespace", layer: "cgroup namespace", adjust: without("--unshare-cgroup")),
        Gap(name: "first filter", layer: "seccomp: ", adjust: without("--add-seccomp-fd", values: 1)),
        Gap(
            name: "second filter", layer: "seccomp: ",
            adjust: { words, _ in
                guard let index = words.lastIndex(of: "--add-seccomp-fd") else { return words }
                return Array(words[..<index] + words[(index + 2)...])
            }),
        Gap(
            name: "a host socket", layer: "mount namespace: the host's socket",
            adjust: { words, bench in words + ["--bind", bench.root + "/open", bench.root + "/open"] }),
    ]

    @Test("names the missing wall", arguments: gaps)
    func namesMissingWall(gap: Gap) async throws {
        let bench = try await Workbench(Account.available[0])
        let open = bench.root + "/open"
        try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: true)
        chmod(open, 0o777)
        let bait = try HostBait(directory: open)
        defer { bait.remove() }
        var plan = Self.plan(bench)
        plan.forbiddenSockets = [bait.socketPath]
        let error = #expect(throws: LaunchError.self) {
            try launch(plan) { words in
                // The root directory is still writable when additional mounts come before it is closed.
                let end = words.firstIndex(of: "--remount-ro") ?? words.endIndex
                let adjusted = gap.adjust(Array(words[..<end]), bench) + words[end...]
                return gap.adjust(words, bench).count < words.count ? gap.adjust(words, bench) : Array(adjusted)
            }
        }
        guard case .leak(let text) = error else {
            Issue.record("no leak was found: \(String(describing: error))")
            return
        }
        #expect(text.hasPrefix(gap.layer), "\(text)")
    }

    @Test("refuses a path that was exchanged between judging and mounting")
    func exchangedPath() async throws {
        let bench = try await Workbench(Account.available[0])
        let error = #expect(throws: LaunchError.self) {
            try launch(Self.plan(bench)) { words in
                guard let index = words.firstIndex(of: "--bind") else { return words }
                var exchanged = words
                exchanged[index + 1] = bench.gate
                return exchanged
            }
        }
        #expect(error?.description.contains("Stale") == true, "\(String(describing: error))")
    }

    @Test("Landlock holds where a mount is writable by mistake")
    func landlock() async throws {
        let bench = try await Workbench(Account.available[0])
        let open = bench.root + "/open"
        try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: true)
        chmod(open, 0o777)
        var plan = Self.plan(bench)
        plan.command = ["/bin/sh", "-c", "{ echo text > /extra/made; } 2>/dev/null"]
        let code = try launch(plan) { words in
            guard let end = words.firstIndex(of: "--remount-ro") else { return words }
            return words[..<end] + ["--bind", open, "/extra"] + words[end...]
        }
        #expect(FileManager.default.fileExists(atPath: open + "/made") == !Landlock.isPresent)
        #expect((code == 0) == !Landlock.isPresent)
    }

    @Test("an option that bubblewrap does not know is told as a failed set-up")
    func unknownOption() async throws {
        let bench = try await Workbench(Account.available[0])
        let error = #expect(throws: LaunchError.self) { try launch(Self.plan(bench)) { ["--no-such-option"] + $0 } }
        #expect(error?.exitCode == 125)
    }

    @Test("with every wall in place it launches")
    func complete() async throws {
        let bench = try await Workbench(Account.available[0])
        #expect(try launch(Self.plan(bench)) == 0)
    }

    private static func plan(_ bench: Workbench) -> LaunchPlan {
        var plan = LaunchPlan(
            agent: "walls", command: ["/bin/true"], gateSocket: bench.gate + "/gate.sock", workingDirectory: bench.work)
        plan.jailHelper = bench.root + "/bin/yett-jail"
        return plan
    }
}
