// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Decision
internal import Synchronization

extension Gate {
    /// How the bundles fare, those of the candidate among them.
    func bundleReports(_ snapshot: Snapshot) -> [BundleReport] {
        let builder = state.withLock { $0.builder }
        return bundles.reports(snapshot.allBundles).map { report in
            var report = report
            if builder.isOfCandidate(report.name) { report.isCandidate = true }
            return report
        }
    }

    /// What trying the candidate has shown; `nil` where there is none.
    func rolloutReport(_ snapshot: Snapshot) -> RolloutReport? {
        guard let candidate = snapshot.candidate else { return nil }
        let counts = comparisons.counts(of: candidate.digest)
        return RolloutReport(
            digest: candidate.digest, share: Double(candidate.perMillion) / 1_000_000, absence: candidate.absence,
            same: counts[.same] ?? 0, wider: counts[.wider] ?? 0, narrower: counts[.narrower] ?? 0,
            different: counts[.different] ?? 0)
    }
}

extension Snapshot {
    /// The bundles of the policy in force, and those that only the candidate has.
    var allBundles: [BundleVersion] {
        let others = candidate?.bundles ?? []
        return bundles + others.filter { other in !bundles.contains { $0.name.utf8.elementsEqual(other.name.utf8) } }
    }
}
