// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CSandbox
import CSpawn
import Foundation
import Testing

@testable import Sandbox

/// A launcher that is spoken to directly: what it refuses, and what it leaves when jobs end at every moment.
@Suite(.serialized) struct LauncherRaceTests {
    /// Sends a job and returns the first event about it.
    private static func answer(
        _ launcher: SandboxLauncher, _ job: LauncherJob, options: [String] = [], channel given: Int32? = nil
    ) throws -> LauncherEvent? {
        let channel = try SandboxDescriptor.pair()
        let null = SandboxDescriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
        let words = try SandboxDescriptor.sealed(options.flatMap { Array($0.utf8) + [0] })
        let first = given ?? channel.theirs.number
        try launcher.start(job, [first, null.number, null.number, null.number, words.number])
        channel.theirs.close()
        return SandboxLauncher.hear(channel.mine.number, milliseconds: 10_000)
    }

    private static var job: LauncherJob {
        LauncherJob(
            number: 0, limits: .standard, fileBytes: 1 << 20, needsGroups: false, arguments: ["/usr/bin/true"])
    }

    @Test("refuses what is no job, and serves the next one")
    func forged() throws {
        let launcher = try SandboxLauncher(SandboxLauncher.Settings())
        var late = Self.job
        late.limits.wallMilliseconds = 0
        var endless = Self.job
        endless.limits.memoryBytes = Int.max
        var relative = Self.job
        relative.arguments = ["true"]
        var empty = Self.job
        empty.arguments = []
        for job in [late, endless, relative, empty] {
            guard case .failed(yett_refusal_malformed, _) = try Self.answer(launcher, job) else {
                Issue.record("\(job) was taken")
                continue
            }
        }
        // Without options bubblewrap says what is wrong; with one that is none as well; a file is no channel.
        guard case .failed(yett_refusal_set_up, _) = try Self.answer(launcher, Self.job) else {
            Issue.record("a job without options was taken")
            return
        }
        guard case .failed(yett_refusal_set_up, _) = try Self.answer(launcher, Self.job, options: ["--no-such"]) else {
            Issue.record("an unknown option was taken")
            return
        }
        let file = SandboxDescriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
        #expect(try Self.answer(launcher, Self.job, channel: file.number) == nil)
        #expect(launcher.isAlive)
    }

    @Test("refuses a sandbox that would have the host's network")
    func hostNetwork() throws {
        let launcher = try SandboxLauncher(SandboxLauncher.Settings())
        let options = [
            "--unshare-user", "--unshare-pid", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib64", "/lib64",
            "--symlink", "usr/lib", "/lib", "--info-fd", "6", "--block-fd", "7",
        ]
        let said = try Self.answer(launcher, Self.job, options: options)
        guard case .failed(yett_refusal_network, let text) = said else {
            Issue.record("\(String(describing: said))")
            return
        }
        #expect(text.contains("host's network") || text.contains("does not describe"), "\(text)")
        // With a namespace of its own the same options are taken.
        let own = try Self.answer(launcher, Self.job, options: ["--unshare-net"] + options)
        guard case .started(let start) = own else {
            Issue.record("\(String(describing: own))")
            return
        }
        #expect(start.network.holds)
    }

    @Test("a run that is cut at any moment of its start leaves nothing")
    func cutAnywhere() async throws {
        let driver = NamespaceDriver(Bench.alone())
        defer { driver.stop() }
        try driver.start()
        let helper = try #require(driver.helperProcess)
        let mark = "mark-\(UInt64.random(in: 0...UInt64.max))"
        var ends: [String: Int] = [:]
        for round in 0..<Bench.runs(otherwise: 80) {
            var request = SandboxRequest(.source(.shell, Array("while :; do :; done".utf8)))
            request.arguments = [mark]
            let order = request
            let task = Task { try await driver.run(order, listener: nil) }
            let moment = ContinuousClock.now + .microseconds(round % 40 * 400)
            while ContinuousClock.now < moment { await Task.yield() }
            task.cancel()
            do {
                let result = try await task.value
                ends[result.outcome.name, default: 0] += 1
            } catch let error as SandboxError {
                ends[error.kind.rawValue, default: 0] += 1
            }
        }
        #expect(Set(ends.keys).isSubset(of: ["cut"]), "\(ends)")
        #expect(Bench.processes(naming: mark).isEmpty)
        let census = try Census(helper: helper)
        #expect(
            census.children.isEmpty
                && census.groups.allSatisfy { $0.hasSuffix("yett-sandbox/\(helper)-\(Self.start(of: helper))") },
            "\(census.groups)")
        print("measured: cut while starting: \(ends)")
    }

    private static func start(of process: Int32) -> String {
        let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return fields.count > 20 ? String(fields[20]) : ""
    }
}
