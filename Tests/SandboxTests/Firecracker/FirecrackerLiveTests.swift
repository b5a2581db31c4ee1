// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Sandbox

/// Firecracker itself, wherever it and hardware virtualization are; elsewhere the output names it as not run. The tables of
/// abuse run on it as well then.
@Suite(.serialized) struct FirecrackerLiveTests {
    private func driver() async -> FirecrackerDriver? {
        guard let driver = await Candidate.firecracker.usable() as? FirecrackerDriver else {
            print("NOT RUN: Firecracker itself; every test of its driver was with a fake")
            return nil
        }
        return driver
    }

    @Test("Firecracker boots a machine that runs a job, and copies of it run others")
    func live() async throws {
        guard let driver = await driver() else { return }
        let code =
            "import os, random, uuid, time\nprint(os.urandom(16).hex(), random.random(), uuid.uuid4(), time.time())"
        try await driver.warm(.standard)
        #expect(driver.faults.isEmpty, "\(driver.faults)")
        var said: Set<String> = []
        for _ in 0..<4 {
            let start = ContinuousClock.now
            let result = try await Bench.run(.python, code, on: driver)
            print("measured: firecracker to result: \(start.duration(to: .now))")
            #expect(result.outcome == .exited(0) && result.receipt.network.holds, "\(result.errorText)")
            #expect(result.receipt.isolation.strength == .vm && result.receipt.isolation.acceleration == .hardware)
            let words = result.text.split(separator: " ").map(String.init)
            said.formUnion(words.prefix(3))
            let clock = try #require(words.last.flatMap { Double($0.dropLast()) })
            #expect(abs(clock - Double(result.receipt.started) / 1e6) < 1)
        }
        #expect(said.count == 12, "copies share what they took for random")
    }

    @Test("Firecracker's machine ends at its deadline")
    func deadline() async throws {
        guard let driver = await driver() else { return }
        let result = try await Bench.run(.python, "while True: pass", seconds: 0.5, on: driver)
        #expect(result.outcome == .timeout && result.timings.run < 900_000 && result.timings.tearDown < 1_000_000)
    }
}
