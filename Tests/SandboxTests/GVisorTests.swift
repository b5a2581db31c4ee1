// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Sandbox

/// What is gVisor's own: its start, its failures, and what it says of itself.
@Suite(.serialized) struct GVisorTests {
    @Test("its receipts name a kernel in user space, how it is accelerated, and a network that holds")
    func receipt() async throws {
        guard let driver = await Candidate.gvisor.usable() else { return }
        guard case .usable(let isolation, let kinds) = await driver.probe() else { return }
        #expect(kinds == [.python, .shell] && isolation.strength == .userKernel && isolation.isJailed)
        #expect([.systrap, .ptrace, .hardware].contains(isolation.acceleration) && isolation.groups != .none)
        let result = try await Bench.run(.python, "print(open('/proc/version').read())", on: driver) { request in
            request.requirement.strength = .userKernel
            request.requirement.needsGroups = true
        }
        #expect(result.outcome == .exited(0), "\(result.errorText)")
        let receipt = result.receipt
        #expect(receipt.isolation == isolation && receipt.network.holds && receipt.network.interfaces == ["lo"])
        #expect(receipt.network.namespace != receipt.network.hostNamespace)
        #expect(receipt.deadline == receipt.started + 20_000_000 && receipt.ended > receipt.started)
        #expect(result.timings.setUp > 0 && result.timings.run >= 0 && result.usage.peakMemoryBytes > 0)
        let host = try String(contentsOfFile: "/proc/version", encoding: .utf8)
        #expect(!result.text.contains(host.prefix(20)), "the code sees the host's kernel")
    }

    @Test("its deadline counts from the code's start, not from gVisor's")
    func deadline() async throws {
        guard let driver = await Candidate.gvisor.usable() else { return }
        let code = "import time\nwhile True:\n    print(time.monotonic())\n    time.sleep(0.01)"
        let result = try await Bench.run(.python, code, seconds: 0.7, on: driver)
        #expect(result.outcome == .timeout && result.timings.run >= 700_000 && result.timings.run < 1_200_000)
        // gVisor alone takes longer than this to start.
        let short = try await Bench.run(.shell, "echo quick", seconds: 0.1, on: driver)
        #expect(short.text == "quick\n" || short.outcome == .timeout)
    }

    @Test("a demand for a machine is refused, and so are languages that are not there")
    func demands() async throws {
        guard let driver = await Candidate.gvisor.usable() else { return }
        var machine = SandboxRequest(.source(.shell, []))
        machine.requirement.strength = .vm
        let languages = [SandboxRequest(.source(.javascript, [])), SandboxRequest(.module([0, 0x61]))]
        for request in [machine] + languages {
            let error = await #expect(throws: SandboxError.self) { try await driver.run(request, listener: nil) }
            #expect(error?.kind == .unsatisfied)
        }
    }

    @Test("code cannot forge the announcement of its start")
    func forged() async throws {
        guard let driver = await Candidate.gvisor.usable() else { return }
        let result = try await Bench.run(.shell, "printf '!!%s!' \"$1\"; printf '!' >&2; exit 4", on: driver) {
            request in
            request.arguments = ["!"]
        }
        #expect(result.text == "!!!!" && result.errorText == "!" && result.outcome == .exited(4))
    }

    struct Break: Sendable, CustomTestStringConvertible {
        let name: String
        let runtime: String
        let says: String
        var testDescription: String { name }
    }

    @Test(
        "a runsc that does not run is told with its own words",
        arguments: [
            Break(name: "missing", runtime: "/nonexistent/runsc", says: "apt-get install runsc"),
            Break(name: "no program", runtime: "/etc/passwd", says: "Permission denied"),
            Break(name: "another program", runtime: "/usr/sbin/ldconfig", says: "ended before the code started"),
            Break(name: "a directory", runtime: "/usr/bin", says: "is not a regular file"),
        ])
    func broken(case: Break) async throws {
        var settings = GVisorDriver.Settings()
        settings.runtime = `case`.runtime
        let driver = GVisorDriver(settings)
        guard case .unusable(let reason, let remedy) = await driver.probe() else {
            Issue.record("it works")
            return
        }
        #expect("\(reason) \(remedy)".contains(`case`.says), "\(reason) [\(remedy)]")
    }

    @Test("a runsc that others could have changed is not run")
    func changeable() async throws {
        let path = "/tmp/yett-runsc-\(UInt64.random(in: 0...UInt64.max))"
        try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o777)
        defer { unlink(path) }
        var settings = GVisorDriver.Settings()
        settings.runtime = path
        guard case .unusable(let reason, _) = await GVisorDriver(settings).probe() else {
            Issue.record("it works")
            return
        }
        #expect(reason.contains("can be changed by others"), "\(reason)")
    }

    @Test("a run that is cut at any moment of its start leaves nothing")
    func cutAnywhere() async throws {
        guard await Candidate.gvisor.usable() != nil else { return }
        var settings = GVisorDriver.Settings()
        settings.jail = Bench.alone()
        let driver = GVisorDriver(settings)
        _ = await driver.probe()
        let helper = try #require(driver.helperProcess)
        let before = try Census(helper: helper)
        var ends: [String: Int] = [:]
        for round in 0..<25 {
            let request = SandboxRequest(.source(.shell, Array("while :; do :; done".utf8)))
            let task = Task { try await driver.run(request, listener: nil) }
            let moment = ContinuousClock.now + .milliseconds(round * 11)
            while ContinuousClock.now < moment { await Task.yield() }
            task.cancel()
            do {
                ends[try await task.value.outcome.name, default: 0] += 1
            } catch let error as SandboxError {
                ends[error.kind.rawValue, default: 0] += 1
            }
        }
        #expect(Set(ends.keys) == ["cut"], "\(ends)")
        let after = try Census.settled(like: before, helper: helper)
        #expect(after.children.isEmpty && after.groups.count == before.groups.count && after.mounts == before.mounts)
        #expect(after.helperDescriptors == before.helperDescriptors)
        driver.stop()
        #expect(kill(helper, 0) != 0)
    }

    @Test("the configuration names nothing of the host, and gives no rights")
    func bundle() throws {
        var request = SandboxRequest(.source(.python, Array("secret".utf8)))
        request.files = [SandboxFile(path: "a", bytes: [1])].compactMap { $0 }
        let bundle = GVisorBundle(
            request: request, program: ["/usr/bin/python3", "a b", "\"'$x"], shell: "/usr/bin/dash", root: "/system",
            files: "/job/files")
        let text = String(decoding: bundle.bytes, as: UTF8.self)
        #expect(!text.contains("secret") && !text.contains(NSHomeDirectory() + "/"))
        #expect(text.contains(#""noNewPrivileges":true"#) && text.contains(#""user":{"gid":65534,"uid":65534}"#))
        #expect(text.contains(#""effective":[]"#) && text.contains(#""bounding":[]"#) && text.contains(#""a b""#))
        #expect(bundle.script.hasPrefix("exec 3>&2 2>/dev/null; cp -r /job/files/. /tmp/ 2>&3 || exit 125; printf !"))
    }
}
