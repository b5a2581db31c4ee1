// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a scan came to.
public struct LeakReport: Sendable, Hashable {
    /// What was found, in the order of the scan.
    public internal(set) var findings: [LeakFinding]

    /// A bound was reached, so that a part was not looked through in every view; a policy may deny for it.
    public internal(set) var isIncomplete: Bool

    init(findings: [LeakFinding] = [], isIncomplete: Bool = false) {
        self.findings = findings
        self.isIncomplete = isIncomplete
    }

    /// Takes up another report.
    public mutating func formUnion(_ other: LeakReport) {
        for finding in other.findings where !findings.contains(finding) { findings.append(finding) }
        isIncomplete = isIncomplete || other.isIncomplete
    }
}
