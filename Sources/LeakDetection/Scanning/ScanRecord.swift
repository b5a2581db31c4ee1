// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a scan has found, and what it may still do.
struct ScanRecord: Sendable {
    /// So far.
    private(set) var report = LeakReport()
    /// Bytes of decoded views that are left.
    private(set) var viewBytes: Int
    /// Checksums that are left, of those that take long.
    private var checksums = 512
    private let most: Int

    init(_ limits: LeakLimits) {
        viewBytes = limits.viewBytes
        most = limits.findings
    }

    /// A record for a part of what another one is for: nothing is found in it so far, and it may do what is left.
    init(partOf whole: ScanRecord) {
        viewBytes = whole.viewBytes
        checksums = whole.checksums
        most = whole.most
    }

    /// Takes over what a part came to that begins at a position.
    mutating func add(_ part: ScanRecord, at position: Int) {
        for finding in part.report.findings { add(finding.moved(by: position)) }
        if part.report.isIncomplete { markIncomplete() }
        viewBytes = min(viewBytes, part.viewBytes)
        checksums = min(checksums, part.checksums)
    }

    /// Takes a finding, unless the same was found in another view of the same place.
    mutating func add(_ finding: LeakFinding) {
        let isKnown = report.findings.contains { other in
            other.name.utf8.elementsEqual(finding.name.utf8) && other.offset < finding.offset &+ max(finding.length, 1)
                && finding.offset < other.offset &+ max(other.length, 1)
        }
        if isKnown { return }
        let isRegistered = finding.kind == .secret || finding.kind == .canary
        guard report.findings.count < (isRegistered ? 2 &* most : most) else { return markIncomplete() }
        report.findings.append(finding)
    }

    /// Whether so many were found that only registered secrets are still looked for.
    var isFull: Bool { report.findings.count >= most }

    mutating func markIncomplete() { report.isIncomplete = true }

    /// Takes one checksum that takes long; false when there is none left.
    mutating func takeChecksum() -> Bool {
        guard checksums > 0 else {
            markIncomplete()
            return false
        }
        checksums &-= 1
        return true
    }

    /// Takes bytes for a view; false when there are not so many left.
    mutating func take(viewBytes count: Int) -> Bool {
        guard count <= viewBytes else {
            viewBytes = 0
            markIncomplete()
            return false
        }
        viewBytes &-= count
        return true
    }
}
