// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Cluster
internal import Transport

extension Gate {
    /// How the gate stands among the others.
    func clusterReport() -> ClusterReport? {
        guard let cluster else { return nil }
        let standing = cluster.link.standing
        return ClusterReport(
            gate: cluster.link.terms.gate, isFresh: standing.isFresh, isClockDoubtful: cluster.link.isClockDoubtful,
            endpoint: standing.endpoint?.description,
            problem: standing.endpoint == nil ? standing.failure.map { "\($0)" } : nil, revision: standing.revision,
            lagMilliseconds: standing.ageNanoseconds.map { $0 / 1_000_000 },
            members: standing.members.map { member in
                ClusterReport.Member(
                    gate: member.entry.gate, version: member.entry.program,
                    clockOffsetMilliseconds: member.clockOffset.map { $0 / 1_000 })
            }, waiting: pendingShares().count,
            refused: standing.refused.map { ClusterReport.Refused(key: $0.key, problem: "\($0.fault)") })
    }
}
