// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

extension MachineSuites {
    /// What machines cost, printed; and that none hangs and nothing of them stays.
    struct MicroVMFigureTests {
        private static func timed(_ body: () async throws -> SandboxResult) async throws -> (Double, SandboxResult) {
            let start = ContinuousClock.now
            let result = try await body()
            let parts = start.duration(to: .now).components
            return (Double(parts.seconds) * 1000 + Double(parts.attoseconds) / 1e15, result)
        }

        private static func line(_ milliseconds: [Double]) -> String {
            let sorted = milliseconds.sorted()
            func at(_ part: Double) -> Int {
                Int(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))].rounded())
            }
            return "p50 \(at(0.5)) ms (min \(at(0)), p99 \(at(0.99)), n \(sorted.count))"
        }

        @Test("a waiting machine answers in tens of milliseconds, a copy in hundreds, and one that boots in seconds")
        func starts() async throws {
            let hello = "print('yett')"
            for (name, warm, isCopied, rounds, most) in [
                ("cold start", 0, false, 3, 15_000.0), ("copy", 0, true, 8, 4_000.0),
                ("waiting machine", 1, true, 8, 2_000.0),
            ] {
                let driver = TestImage.driver(warm: warm)
                defer { driver.stop() }
                _ = try await MicroVMTests.run(.python, hello, on: driver)
                var times: [Double] = []
                for _ in 0..<Bench.runs(otherwise: rounds) {
                    if isCopied { try await driver.warm(.standard) }
                    while warm > 0 && driver.idleCount == 0 { try await driver.warm(.standard) }
                    let (time, result) = try await Self.timed { try await MicroVMTests.run(.python, hello, on: driver) }
                    #expect(result.text == "yett\n", "\(result.errorText)")
                    times.append(time)
                }
                #expect(driver.faults.isEmpty, "\(driver.faults)")
                print("measured: microvm \(name) to result: \(Self.line(times))")
                #expect(times.sorted()[times.count / 2] < most)
            }
        }

        @Test("no machine hangs, and nothing of them stays")
        func hangs() async throws {
            let driver = TestImage.driver(warm: 0)
            defer { driver.stop() }
            _ = try await MicroVMTests.run(.shell, "echo yett", on: driver)
            let before = try Census(helper: try #require(driver.helperProcess))
            let count = Bench.runs(otherwise: 4)
            var times: [Double] = []
            for _ in 0..<count {
                let (time, result) = try await Self.timed {
                    try await MicroVMTests.run(.shell, "echo yett", on: driver)
                }
                #expect(result.outcome == .exited(0) && result.text == "yett\n")
                times.append(time)
            }
            let after = try Census(helper: try #require(driver.helperProcess))
            #expect(after.children.isEmpty && after.groups == before.groups && after.mounts == before.mounts)
            #expect(after.helperDescriptors == before.helperDescriptors)
            print("measured: microvm booted \(count) times, none hung: \(Self.line(times))")
        }

        @Test("the deadline holds, and little later nothing is left")
        func overshoot() async throws {
            var late: [Double] = []
            var gone: [Double] = []
            try await TestImage.driver.warm(.standard)
            for _ in 0..<Bench.runs(otherwise: 8) {
                let result = try await MicroVMTests.run(.python, "while True: pass", seconds: 0.2)
                #expect(result.outcome == .timeout)
                late.append(Double(result.timings.run - 200_000) / 1000)
                gone.append(Double(result.timings.tearDown) / 1000)
            }
            print("measured: microvm past the deadline: \(Self.line(late)); killed to gone: \(Self.line(gone))")
            #expect(late.allSatisfy { $0 < 500 } && gone.allSatisfy { $0 < 2000 })
        }

        @Test("a machine that waits has little memory of its own, and dies with the driver")
        func memory() async throws {
            let driver = TestImage.driver(warm: 2)
            try await driver.warm(.standard)
            let helper = try #require(driver.helperProcess)
            let machines = Self.emulators(below: helper)
            let sizes = machines.compactMap(Self.privateKibibytes)
            #expect(driver.idleCount == 2 && sizes.count == 2)
            print(
                "measured: microvm private memory of waiting machines: \(sizes.map { "\($0 / 1024) MiB" }.joined(separator: ", "))"
            )
            #expect(sizes.allSatisfy { $0 <= 50 << 10 })
            driver.stop()
            #expect(machines.allSatisfy { kill($0, 0) != 0 })
        }

        private static func emulators(below helper: Int32) -> [Int32] {
            Bench.processes(naming: "virtserialport").filter { process in
                var parent = process
                for _ in 0..<6 {
                    guard let text = try? String(contentsOfFile: "/proc/\(parent)/stat", encoding: .utf8),
                        let rest = text.split(separator: ")").last, let next = Int32(rest.split(separator: " ")[1])
                    else { return false }
                    if next == helper {
                        let executable = try? FileManager.default.destinationOfSymbolicLink(
                            atPath: "/proc/\(process)/exe")
                        return executable?.hasSuffix("qemu-system-x86_64") == true
                    }
                    parent = next
                }
                return false
            }
        }

        private static func privateKibibytes(_ process: Int32) -> Int? {
            guard let text = try? String(contentsOfFile: "/proc/\(process)/smaps_rollup", encoding: .utf8) else {
                return nil
            }
            return text.split(separator: "\n").filter { $0.hasPrefix("Private_") }.reduce(0) { sum, line in
                sum + (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
            }
        }
    }
}
