// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Sandbox
import Testing

/// What the host and the gate notice of sandboxes: nothing stays, nothing grows, and what is not there is refused.
@Suite(.serialized) struct HostTests {
    /// Those of which the fixture can start a program that never ends.
    private static let drivers = ["namespace", "wasm", "gvisor"]

    @Test("after many runs of every ending nothing is left", arguments: drivers)
    func leaks(driver: String) throws {
        let count = Bench.runs(otherwise: driver == "namespace" ? 120 : 30)
        let said = try Fixture.outcome([Bench.built("sandbox-fixture"), driver, "leaks", "\(count)"])
        #expect(!said.contains("left:") && (said.contains("runs in") || said.contains("not run")), "\(said)")
        print("measured: \(said)")
    }

    @Test("41 when the gate is killed, no sandbox lives a second later, whatever its driver", arguments: drivers)
    func killedGate(driver: String) throws {
        let probe = try Fixture.outcome([Bench.built("sandbox-fixture"), driver, "probe"])
        guard probe.contains("usable ") else {
            print("not run: \(driver): \(probe)")
            return
        }
        let gate = try Fixture([driver, "spin", "60"])
        let begun = ContinuousClock.now
        var started: Set<Processes.Entry> = []
        // The launcher, bubblewrap twice, and what it runs.
        while begun.duration(to: .now) < .seconds(10), started.count < 4 {
            usleep(5000)
            started = Processes().descendants(of: gate.process)
        }
        #expect(started.count >= 4)
        gate.end()
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(1), !Processes.alive(started).isEmpty { usleep(2000) }
        #expect(Processes.alive(started).isEmpty)
        print("measured: \(driver): gate killed → nothing left: \(start.duration(to: .now))")
    }

    @Test("5 bombs of memory and output leave the gate's own memory as it was", arguments: Candidate.allCases)
    func weight(candidate: Candidate) async throws {
        guard await candidate.usable() != nil else { return }
        let said = try Fixture.outcome([Bench.built("sandbox-fixture"), candidate.word, "weigh"])
        let expected = Array(repeating: "oom output_limit output_limit", count: 3).joined(separator: " ")
        #expect(said.hasPrefix(expected), "\(said)")
        let grown = try #require(said.split(separator: "\n").last?.filter { $0.isNumber || $0 == "-" })
        // One run's output at most, and what allocators keep.
        #expect(try #require(Int(grown)) < 6 << 10, "\(said)")
    }

    @Test("42 200 runs at once on few processors: bounded, and none long past its deadline")
    func crowd() async throws {
        var settings = NamespaceDriver.Settings()
        settings.jobs = 48
        let driver = NamespaceDriver(settings)
        defer { driver.stop() }
        try driver.start()
        let helper = try #require(driver.helperProcess)
        let before = try Census(helper: helper)
        var ends: [String: Int] = [:]
        var latest: Int64 = 0
        await withTaskGroup(of: (String, Int64).self) { group in
            for number in 0..<200 {
                group.addTask {
                    let code = number % 2 == 0 ? "while :; do :; done" : "echo \(number)"
                    var request = SandboxRequest(.source(.shell, Array(code.utf8)))
                    request.limits.wallMilliseconds = number % 2 == 0 ? 200 : 20_000
                    do throws(SandboxError) {
                        let result = try await driver.run(request, listener: nil)
                        let late = result.receipt.ended - result.receipt.deadline
                        return (result.outcome.name, number % 2 == 0 ? late : 0)
                    } catch {
                        return (error.kind.rawValue, 0)
                    }
                }
            }
            for await (end, late) in group {
                ends[end, default: 0] += 1
                latest = max(latest, late)
            }
        }
        print("measured: 200 at once: \(ends), the latest \(latest) µs past its deadline")
        #expect(Set(ends.keys).isSubset(of: ["timeout", "exited", "busy"]) && (ends["timeout"] ?? 0) > 0, "\(ends)")
        // The goal is 250 ms; other tests run beside this one.
        #expect(latest < 1_000_000)
        let after = try Census(helper: helper)
        #expect(after.children.isEmpty && after.groups.count == before.groups.count)
    }

    @Test(
        "no file of a request is run in the sandbox's stead, however many there are",
        arguments: ["namespace", "gvisor"])
    func manyFiles(driver: String) async throws {
        guard let candidate = Candidate(rawValue: driver), await candidate.usable() != nil else { return }
        for count in [5, 6, 7, 12, 13, 20, 64] {
            let said = try Fixture.outcome([Bench.built("sandbox-fixture"), driver, "files", "\(count)"])
            #expect(said.hasPrefix("\(count)\n#!/bin/sh\n") && said.contains("outcome exited(0)"), "\(count): \(said)")
            #expect(!said.contains("escaped 6"), "\(said)")
        }
    }

    struct Shortage: Sendable, CustomTestStringConvertible {
        let name: String
        /// What a shell does in a mount namespace of its own, before it becomes the small gate.
        let script: String
        let says: String
        var testDescription: String { name }
    }

    @Test(
        "43 a host that is short of something is told from one that works",
        .enabled(if: geteuid() == 0),
        arguments: [
            Shortage(
                name: "control groups cannot be written to",
                script: "for d in /sys/fs/cgroup /sys/fs/cgroup/*; do mount -o remount,bind,ro $d 2>/dev/null; done",
                says: "groups=none"),
            Shortage(
                name: "no control groups at all", script: "mount -t tmpfs -o ro none /sys/fs/cgroup",
                says: "groups=none"),
            Shortage(
                name: "/run cannot be written to", script: "mount -t tmpfs -o ro none /run",
                says: "/run/yett-sandbox cannot be made"),
            Shortage(
                name: "temporary directories are full",
                script: "for d in /dev/shm /var/tmp; do mount -t tmpfs -o size=4k none $d; "
                    + "head -c 9000 /dev/zero > $d/x 2>/dev/null; done",
                says: "usable python,shell"),
            Shortage(
                name: "bubblewrap is gone", script: "mount --bind /dev/null /usr/bin/bwrap",
                says: "unusable"),
            Shortage(
                name: "no interpreter of Python",
                script: "mount --bind /etc/hostname /usr/bin/$(readlink -f /usr/bin/python3 | xargs basename)",
                says: "usable shell"),
        ])
    func shortage(shortage: Shortage) throws {
        let program = try Bench.built("sandbox-fixture")
        let said = try Fixture.outcome(
            ["/usr/bin/unshare", "-m", "/bin/sh", "-c", "\(shortage.script); exec \(program) probe"])
        #expect(said.contains(shortage.says), "\(said)")
    }

    @Test("43 gVisor without control groups is refused with what to do", .enabled(if: geteuid() == 0))
    func groupless() async throws {
        guard await Candidate.gvisor.usable() != nil else { return }
        let program = try Bench.built("sandbox-fixture")
        let said = try Fixture.outcome(
            [
                "/usr/bin/unshare", "-m", "/bin/sh", "-c",
                "mount -t tmpfs -o ro none /sys/fs/cgroup; exec \(program) gvisor probe",
            ])
        #expect(said.contains("unusable") && said.contains("control groups"), "\(said)")
    }
}
