// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What became of the cases of a suite.
struct SuiteReport {
    /// The suite.
    let name: String
    private(set) var passed = 0
    private(set) var failures: [(id: String, why: String)] = []
    private(set) var notes: [String] = []
    /// What must hold of the suite as a whole, and does not.
    private(set) var unmet: [String] = []
    /// Whether the suite is judged by what must hold of it as a whole instead of by every case.
    private(set) var isJudgedAsWhole = false
    private var notRun: [String: Int] = [:]

    init(name: String) { self.name = name }

    /// Takes the outcome of a case: nil when it passed, else what was wrong.
    mutating func record(_ id: String, _ failure: String?) {
        if let failure {
            failures.append((id, failure))
        } else {
            passed += 1
        }
    }

    /// A case that cannot be run yet, and what it needs.
    mutating func skip(needing reason: String) { notRun[reason, default: 0] += 1 }

    /// Takes the outcomes of one part of a suite, with the part's name in front of each.
    mutating func take(_ part: SuiteReport, from name: String) {
        passed += part.passed
        failures += part.failures.map { ("\(name)/\($0.id)", $0.why) }
        notes.append("\(name): \(part.passed) passed, \(part.failures.count) failed")
        notRun.merge(part.notRun) { $0 + $1 }
    }

    /// Takes the outcomes and notes of a part as they are.
    mutating func add(_ part: SuiteReport) {
        passed += part.passed
        failures += part.failures
        notes += part.notes
        notRun.merge(part.notRun) { $0 + $1 }
    }

    /// Says what must hold of the suite as a whole; cases may then fail, because some cannot pass.
    mutating func demand(_ holds: Bool, _ what: String) {
        isJudgedAsWhole = true
        if !holds { unmet.append(what) }
    }

    /// Something a reader should know.
    mutating func note(_ text: String) { notes.append(text) }

    /// The lines that are printed; the last one is the count.
    var lines: [String] {
        var lines = notes.map { "\(name): \($0)" }
        lines += notRun.sorted { $0.key < $1.key }.map { "\(name): \($0.value) not run: needs \($0.key)" }
        lines += failures.map { "\(name): FAILED \($0.id): \($0.why)" }
        lines += unmet.map { "\(name): UNMET: \($0)" }
        return lines + ["\(name): \(passed) passed, \(failures.count) failed"]
    }
}
