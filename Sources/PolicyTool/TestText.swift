// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// The reports of a test run.
public enum TestText {
    /// The report for people: failing tests, with `verbose` all tests, then the counts.
    public static func pretty(_ outcomes: [TestOutcome], verbose: Bool) -> String {
        var text = ""
        let failed = outcomes.filter { $0.result == .failed }
        if verbose, !failed.isEmpty {
            text += "FAILURES\n" + rule
            for outcome in failed { text += line(outcome) + details(outcome) }
            text += "\nSUMMARY\n" + rule
        }
        var file: String?
        for outcome in outcomes where verbose || outcome.result != .passed {
            if file.map({ $0.utf8.elementsEqual(outcome.place.file.utf8) }) != true {
                text += "\(file == nil ? "" : "\n")\(outcome.place.file):\n"
                file = outcome.place.file
            }
            text += line(outcome) + details(outcome)
        }
        if file != nil { text += rule }
        for result in [TestOutcome.Result.passed, .failed, .skipped, .error(PolicyProblem([]))] {
            let count = outcomes.count { $0.result == result }
            if count > 0 { text += "\(result.word): \(count)/\(outcomes.count)\n" }
        }
        return text
    }

    /// The report for programs.
    public static func json(_ outcomes: [TestOutcome]) -> String {
        SyntaxValue.array(outcomes.map(\.json)).jsonText() + "\n"
    }

    private static let rule = String(repeating: "-", count: 80) + "\n"

    private static func line(_ outcome: TestOutcome) -> String {
        if outcome.result == .skipped { return "\(outcome.fullName): SKIPPED\n" }
        var text = "\(outcome.fullName): \(outcome.result.word) (\(DurationText.text(outcome.duration)))\n"
        for entry in outcome.cases { text += "  \(entry.name): \(entry.isPassed ? "PASS" : "FAIL")\n" }
        return text
    }

    private static func details(_ outcome: TestOutcome) -> String {
        var text = ""
        if case .error(let problem) = outcome.result {
            for entry in problem.entries { text += "  \(entry.text)\n" }
        }
        if !outcome.output.isEmpty {
            text += "\n" + outcome.output.map { "  \($0)\n" }.joined() + "\n"
        }
        return text
    }
}

/// Durations as Go writes them.
public enum DurationText {
    /// The text of a duration, such as `1.5ms`.
    public static func text(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case 0: return "0s"
        case ..<1000: return "\(nanoseconds)ns"
        case ..<1_000_000: return decimal(nanoseconds, 1000) + "µs"
        case ..<1_000_000_000: return decimal(nanoseconds, 1_000_000) + "ms"
        default: return decimal(nanoseconds, 1_000_000_000) + "s"
        }
    }

    /// The nanoseconds of `5s`, `100ms`, `1m30s` or `2h`; a bare 0 too.
    public static func nanoseconds(_ text: String) -> UInt64? {
        var rest = Array(text.utf8)[...]
        if rest.elementsEqual("0".utf8) { return 0 }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") }
            guard let number = Double(String(decoding: digits, as: UTF8.self)) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !($0 >= 0x30 && $0 <= 0x39) && $0 != UInt8(ascii: ".") }
            guard let factor = units[String(decoding: unit, as: UTF8.self)] else { return nil }
            total += number * factor
            rest = rest.dropFirst(unit.count)
        }
        return total < 1e18 ? UInt64(total) : nil
    }

    private static let units: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
    ]

    private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
        let fraction = value % unit
        guard fraction > 0 else { return "\(value / unit)" }
        var digits = "\(fraction + unit)".dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(value / unit).\(digits)"
    }
}
