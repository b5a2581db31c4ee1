// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// Finds the group roots that hash to the signed root, and from them which copy of which record was changed.
struct TreeCheck {
    let copies: LogCopies
    let root: TreeHash

    /// The roots of all groups as they were signed; nil when no set of copies leads to the signed root.
    private(set) var trusted: [TreeHash]?
    private var bundleRoots: [TreeHash?] = []
    private var tileRoots: [TreeHash?] = []

    init(copies: LogCopies, root: TreeHash) {
        self.copies = copies
        self.root = root
    }

    mutating func run(_ report: inout VerificationReport) {
        for group in 0..<copies.groups {
            let width = Int(copies.range(of: group).count)
            let bundle = copies.bundleLeaves(of: group)
            bundleRoots.append(bundle?.count == width ? bundle.map { MerkleHash.root(of: $0) } : nil)
            tileRoots.append(copies.tileLeaves(of: group).map { MerkleHash.root(of: $0) })
        }
        trusted = findTrusted()
        guard let trusted else {
            reportDisagreements(&report)
            return
        }
        var run: [UInt64] = []
        for group in 0..<copies.groups {
            if bundleRoots[Int(group)] == trusted[Int(group)] {
                judge(run, trusted, &report)
                run = []
                report.verifiedRecords += UInt64(copies.range(of: group).count)
            } else {
                run.append(group)
            }
        }
        judge(run, trusted, &report)
        checkTiles(trusted, &report)
        checkJournal(&report)
    }

    /// Tries the copies as the source of all group roots, each with each copy for the unfinished group at the end.
    private func findTrusted() -> [TreeHash]? {
        let count = Int(copies.groups)
        guard count > 0 else { return root == MerkleHash.emptyRoot ? [] : nil }
        let full = Int(copies.size / LogCopies.width)
        let last = UInt64(count - 1)
        let index = (0..<UInt64(count)).map { copies.indexLeaves(of: $0).map { MerkleHash.root(of: $0) } }
        let journal = (0..<UInt64(count)).map { copies.journalLeaves(of: $0).map { MerkleHash.root(of: $0) } }
        let parents: [TreeHash?] = copies.parentRoots() ?? []
        let mixed = (0..<count).map { journal[$0] ?? bundleRoots[$0] }
        let sources: [[TreeHash?]] = [bundleRoots, parents, tileRoots, index, mixed]
        let ends =
            count == full
            ? [nil] : [bundleRoots[Int(last)], tileRoots[Int(last)], index[Int(last)], journal[Int(last)]]
        for source in sources {
            for end in ends {
                var roots = Array(source.prefix(full))
                if count > full { roots.append(end) }
                let known = roots.compactMap { $0 }
                if known.count == count, MerkleHash.root(of: known) == root { return known }
            }
        }
        return nil
    }

    /// The leaf hashes of a group as they were signed, from any copy that has them.
    func trustedLeaves(of group: UInt64) -> [TreeHash]? {
        guard let trusted, Int(group) < trusted.count else { return nil }
        for leaves in [
            copies.bundleLeaves(of: group), copies.tileLeaves(of: group), copies.journalLeaves(of: group),
            copies.indexLeaves(of: group),
        ] {
            if let leaves, MerkleHash.root(of: leaves) == trusted[Int(group)],
                leaves.count == copies.range(of: group).count
            {
                return leaves
            }
        }
        return nil
    }

    /// Names what was done to the bundles of consecutive groups whose roots are wrong.
    private func judge(_ groups: [UInt64], _ trusted: [TreeHash], _ report: inout VerificationReport) {
        guard let first = groups.first, let last = groups.last else { return }
        let start = copies.range(of: first).lowerBound
        let end = copies.range(of: last).upperBound
        var truth: [TreeHash] = []
        var found: [(leaf: TreeHash, bytes: [UInt8])] = []
        for group in groups {
            guard let leaves = trustedLeaves(of: group) else {
                let range = copies.range(of: group)
                report.add(
                    .changed, range.lowerBound, copies.decision(range.lowerBound),
                    "one or more of the records \(range.lowerBound) to \(range.upperBound - 1) were changed, "
                        + "and every copy of their hashes with them")
                return
            }
            truth += leaves
            guard let entries = copies.entries(of: group) else {
                let range = copies.range(of: group)
                let missing = "the bundle with records \(range.lowerBound) to \(range.upperBound - 1) is missing"
                let isEnd = range.upperBound == copies.size
                report.add(
                    isEnd ? .truncated : .removed, range.lowerBound, copies.decision(range.lowerBound), missing)
                return
            }
            found += entries.map { (MerkleHash.leaf($0), $0) }
        }
        let differences = Alignment.differences(truth: truth, found: found.map(\.leaf))
        for difference in differences {
            switch difference {
            case .changed(let position, let other):
                let record = start + UInt64(position)
                let decision = copies.decision(record) ?? AuditRecord(found[other].bytes)?.text("decision")
                report.add(.changed, record, decision, "its entry in the bundle is not what was signed")
            case .removed(let position):
                let record = start + UInt64(position)
                let isEnd = truth.count - position <= truth.count - found.count && end == copies.size
                report.add(
                    isEnd ? .truncated : .removed, record, copies.decision(record), "it is missing from the bundle")
            case .inserted(let position, let other):
                report.add(
                    .inserted, start + UInt64(position), AuditRecord(found[other].bytes)?.text("decision"),
                    "an entry stands before it that was never signed")
            case .reordered(let position, let other):
                let record = start + UInt64(position)
                let origin = truth.firstIndex(of: found[other].leaf).map { start + UInt64($0) } ?? record
                report.add(.reordered, record, copies.decision(record), "record \(origin) stands in its place")
            }
        }
    }

    /// Compares the hash tiles of all levels with the trusted groups.
    private func checkTiles(_ trusted: [TreeHash], _ report: inout VerificationReport) {
        for group in 0..<copies.groups where tileRoots[Int(group)] != trusted[Int(group)] {
            let start = copies.range(of: group).lowerBound
            guard let tile = copies.tileLeaves(of: group), let truth = trustedLeaves(of: group) else {
                report.add(.tile, start, nil, "the level-0 tile with its leaf hash is missing or damaged")
                continue
            }
            for (position, (actual, expected)) in zip(tile, truth).enumerated() where actual != expected {
                let record = start + UInt64(position)
                report.add(.tile, record, copies.decision(record), "its leaf hash in the level-0 tile was changed")
            }
        }
        var hashes = Array(trusted.prefix(Int(copies.size / LogCopies.width)))
        var level: UInt8 = 1
        while !hashes.isEmpty {
            for start in stride(from: 0, to: hashes.count, by: TilePath.fullWidth) {
                let expected = hashes[start..<min(start + TilePath.fullWidth, hashes.count)].flatMap(\.bytes)
                let path = TilePath.tile(
                    level: .hashes(level), index: UInt64(start / TilePath.fullWidth), inTreeOfSize: copies.size)
                if let path, (try? copies.store.read(path)) != expected {
                    report.add(.tile, nil, nil, "\(path.text) is missing or was changed")
                }
            }
            hashes = stride(from: 0, through: hashes.count - TilePath.fullWidth, by: TilePath.fullWidth).map {
                MerkleHash.root(of: hashes[$0..<$0 + TilePath.fullWidth])
            }
            level += 1
        }
    }

    /// Compares the journal with the signed records as far as both go.
    private func checkJournal(_ report: inout VerificationReport) {
        guard copies.journalFirst < copies.size else { return }
        var truth: [TreeHash] = []
        for group in copies.journalFirst / LogCopies.width..<copies.groups {
            guard let leaves = trustedLeaves(of: group) else { return }
            truth += leaves
        }
        truth.removeFirst(Int(copies.journalFirst % LogCopies.width))
        let end = copies.journalFirst + UInt64(copies.journal.count)
        let found = Array(copies.journal.prefix(truth.count))
        for difference in Alignment.differences(truth: truth, found: found) {
            switch difference {
            case .changed(let position, _):
                let record = copies.journalFirst + UInt64(position)
                report.add(.journal, record, copies.decision(record), "its journal frame is not what was signed")
            case .removed(let position):
                let record = copies.journalFirst + UInt64(position)
                let reason = record >= end ? "it is missing at the end of the journal" : "it is missing in the journal"
                report.add(.journal, record, copies.decision(record), reason)
            case .inserted(let position, _):
                let record = copies.journalFirst + UInt64(position)
                report.add(.journal, record, nil, "a journal frame stands before it that was never signed")
            case .reordered(let position, _):
                let record = copies.journalFirst + UInt64(position)
                report.add(.journal, record, copies.decision(record), "its journal frame stands at another place")
            }
        }
    }

    /// Says where copies contradict each other when none leads to the signed root.
    private func reportDisagreements(_ report: inout VerificationReport) {
        for group in 0..<copies.groups {
            let range = copies.range(of: group)
            let sources = [
                copies.bundleLeaves(of: group), copies.tileLeaves(of: group), copies.journalLeaves(of: group),
                copies.indexLeaves(of: group),
            ]
            let known = sources.compactMap { $0 }
            guard sources[0] != nil || sources[2] != nil else {
                let isEnd = range.upperBound == copies.size
                report.add(
                    isEnd ? .truncated : .removed, range.lowerBound, copies.decision(range.lowerBound),
                    "the records \(range.lowerBound) to \(range.upperBound - 1) are missing")
                continue
            }
            for position in 0..<range.count {
                let hashes = Set(known.map { position < $0.count ? $0[position] : TreeHash.zero })
                guard hashes.count > 1 else { continue }
                let record = range.lowerBound + UInt64(position)
                report.add(.changed, record, copies.decision(record), "its copies in the log contradict each other")
            }
        }
        report.add(.checkpoint, nil, nil, "the records do not hash to the signed root of size \(copies.size)")
    }

    /// Whether a head is a prefix of the newest one.
    func compare(_ name: String, _ head: Checkpoint, _ report: inout VerificationReport) {
        if head.size > copies.size {
            report.add(
                .truncated, copies.size, nil,
                "the records \(copies.size) to \(head.size - 1) that \(name) covers are missing")
            return
        }
        guard let trusted else { return }
        var roots = Array(trusted.prefix(Int(head.size / LogCopies.width)))
        let rest = Int(head.size % LogCopies.width)
        if rest > 0 {
            guard let leaves = trustedLeaves(of: head.size / LogCopies.width) else { return }
            roots.append(MerkleHash.root(of: leaves.prefix(rest)))
        }
        guard MerkleHash.root(of: roots) != head.root else { return }
        report.add(
            .checkpoint, nil, nil, "\(name) of size \(head.size) has another root: the log was rewritten before it")
    }
}
