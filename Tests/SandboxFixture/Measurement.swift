// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Sandbox

/// Measures the drivers that work here, the bare interpreter beside them in the same rounds, and compares with the goals.
struct Measurement {
    private let rounds: Int
    private var drivers: [(driver: any SandboxDriver, kinds: Set<SandboxProgramKind>)] = []
    private var rows: [(what: String, goal: String, measured: String, verdict: String)] = []
    private var isGood = true

    private static let python = "print(1)"

    /// Whether every goal was met.
    static func run() async -> Bool {
        let rounds = ProcessInfo.processInfo.environment["YETT_BENCH_ROUNDS"].flatMap { Int($0) } ?? 100
        var measurement = Measurement(rounds: max(1, rounds))
        await measurement.probe()
        await measurement.starts()
        for driver in measurement.drivers.map(\.driver) where driver.name != "wasm" { await measurement.ends(driver) }
        measurement.print()
        return measurement.isGood
    }

    private init(rounds: Int) {
        self.rounds = rounds
    }

    private mutating func probe() async {
        for name in Drivers.names {
            guard let driver = Drivers.named(name) else { continue }
            let start = ContinuousClock.now
            let verdict = await driver.probe()
            let taken = Self.milliseconds(start.duration(to: .now))
            switch verdict {
            case .usable(_, let kinds):
                drivers.append((driver, kinds))
                rows.append(("\(name): probe", "", Self.text(taken), ""))
            case .unusable(let reason, _): rows.append((name, "", "not run", reason))
            }
        }
    }

    /// From the request to the result: each driver in rounds of its own, with the bare interpreter before it.
    private mutating func starts() async {
        var cases: [(name: String, driver: any SandboxDriver, request: SandboxRequest)] = []
        for (driver, kinds) in drivers {
            for kind in [SandboxProgramKind.python, .javascript, .module] where kinds.contains(kind) {
                let program: SandboxProgram =
                    switch kind {
                    case .python: .source(.python, Array(Self.python.utf8))
                    case .javascript: .source(.javascript, Array("console.log(1)".utf8))
                    default: .module(Drivers.emptyModule)
                    }
                cases.append(("\(driver.name): \(kind.rawValue)", driver, SandboxRequest(program)))
            }
        }
        for (name, driver, request) in cases {
            guard let (bare, times) = await start(name, driver, request) else { return }
            let plain = Self.percentile(bare, 50)
            let middle = Self.percentile(times, 50)
            rows.append(("bare python3, p50 (least)", "", Self.both(bare), ""))
            rows.append(("\(name), p50 (least)", "", Self.both(times), ""))
            switch name {
            case "namespace: python":
                compare("namespace: adds to the bare start, p50", middle - plain, max(15, 1.5 * plain))
            case "wasm: javascript": compare("wasm: warm JavaScript, p50", middle, 3)
            case "wasm: python": compare("wasm: warm Python, p50", middle, 60)
            case "microvm: python": compare("microvm: warm Python, p50", middle, 60)
            default: break
            }
        }
        for kind in ["javascript", "python"] where !cases.contains(where: { $0.name == "wasm: \(kind)" }) {
            rows.append(("wasm: warm \(kind)", kind == "python" ? "60 ms" : "3 ms", "not run", "no image is installed"))
        }
        if !cases.contains(where: { $0.driver.name == "microvm" }) {
            rows.append(("microvm: warm Python", "60 ms", "not run", "there is no such driver here"))
        }
    }

    /// The milliseconds of the bare interpreter's starts and of the driver's runs.
    private mutating func start(
        _ name: String, _ driver: any SandboxDriver, _ request: SandboxRequest
    ) async -> (bare: [Double], times: [Double])? {
        // A pool is measured after it had time to make itself full again, and is not at it while others are measured.
        let refill: Duration =
            switch driver.name {
            case "microvm": .milliseconds(500)
            case "wasm": .milliseconds(100)
            default: .zero
            }
        let count = driver.name == "gvisor" ? max(1, rounds / 5) : rounds
        var bare: [Double] = []
        var times: [Double] = []
        for round in 0..<(count + 3) {
            let plain = Self.bareStart()
            let start = ContinuousClock.now
            let result = try? await driver.run(request, listener: nil)
            let taken = Self.milliseconds(start.duration(to: .now))
            guard result?.outcome == .exited(0) else {
                fail(name, "it ended with \(result.map { "\($0.outcome)" } ?? "an error")")
                return nil
            }
            try? await Task.sleep(for: refill)
            guard round >= 3 else { continue }
            bare.append(plain)
            times.append(taken)
        }
        return (bare, times)
    }

    /// How late what must end at its deadline ends, and how long that takes.
    private mutating func ends(_ driver: any SandboxDriver) async {
        let cases = [
            ("busy loop", SandboxLanguage.python, "while True: pass", 50.0, rounds),
            (
                "fork bomb", .python,
                "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", 250.0, max(20, rounds / 5)
            ),
        ]
        for (name, language, code, goal, count) in cases {
            var late: [Double] = []
            var dying: [Double] = []
            for _ in 0..<count {
                var request = SandboxRequest(.source(language, Array(code.utf8)))
                request.limits.wallMilliseconds = goal > 50 ? 300 : 100
                guard let result = try? await driver.run(request, listener: nil), result.outcome == .timeout else {
                    fail("\(driver.name): \(name)", "it did not end at its deadline")
                    return
                }
                let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
                late.append(Double(now - result.receipt.deadline) / 1000)
                dying.append(Double(result.timings.tearDown) / 1000)
            }
            compare("\(driver.name): \(name), from kill to last process gone, p99", Self.percentile(dying, 99), goal)
            let goal = goal > 50 ? 300.0 : 100
            compare("\(driver.name): \(name), result after its deadline, p99", Self.percentile(late, 99), goal)
        }
    }

    private mutating func fail(_ what: String, _ why: String) {
        isGood = false
        rows.append((what, "", "failed", why))
    }

    private mutating func compare(_ what: String, _ value: Double, _ goal: Double) {
        let isMet = value <= goal
        isGood = isGood && isMet
        rows.append((what, Self.text(goal), Self.text(value), isMet ? "met" : "MISSED"))
    }

    private func print() {
        let heading = (what: "measured", goal: "at most", measured: "is", verdict: "")
        for row in [heading] + rows {
            let words = [
                row.what.padding(toLength: 62, withPad: " ", startingAt: 0),
                row.goal.padding(toLength: 12, withPad: " ", startingAt: 0),
                row.measured.padding(toLength: 20, withPad: " ", startingAt: 0), row.verdict,
            ]
            say(words.joined())
        }
    }

    /// The interpreter as the sandboxes start it, without a sandbox.
    private static func bareStart() -> Double {
        let start = ContinuousClock.now
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return 0 }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        let command = ["python3", "-s", "-B", "-u", "-c", python]
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        words.append(nil)
        var variables: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin"), nil]
        var process: Int32 = 0
        posix_spawn(&process, "/usr/bin/python3", &actions, nil, &words, &variables)
        close(ends[1])
        var chunk = [UInt8](repeating: 0, count: 64)
        while read(ends[0], &chunk, chunk.count) > 0 {}
        waitpid(process, nil, 0)
        close(ends[0])
        posix_spawn_file_actions_destroy(&actions)
        (words + variables).forEach { free($0) }
        return milliseconds(start.duration(to: .now))
    }

    private static func percentile(_ values: [Double], _ percent: Int) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }

    private static func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

    private static func text(_ value: Double) -> String { String(format: "%.1f ms", value) }

    private static func both(_ values: [Double]) -> String {
        "\(text(percentile(values, 50))) (\(String(format: "%.1f", values.min() ?? 0)))"
    }
}
