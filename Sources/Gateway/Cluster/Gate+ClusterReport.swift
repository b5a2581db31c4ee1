// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Cluster
internal import IdentityPlane
internal import Synchronization
internal import Transport

extension Gate {
    /// How the gate stands among the others.
    func clusterReport() -> ClusterReport? {
        guard let cluster else { return nil }
        let standing = cluster.link.standing
        return ClusterReport(
            gate: cluster.link.terms.gate, key: cluster.memberKey.text, isSigned: cluster.members != nil,
            isFresh: standing.isFresh, isClockDoubtful: cluster.link.isClockDoubtful,
            endpoint: standing.endpoint?.description,
            problem: standing.endpoint == nil ? standing.failure.map { "\($0)" } : nil, revision: standing.revision,
            lagMilliseconds: standing.ageNanoseconds.map { $0 / 1_000_000 },
            members: standing.members.map { report(of: $0, cluster) }, waiting: pendingShares().count,
            refused: standing.refused.map { ClusterReport.Refused(key: $0.key, problem: "\($0.fault)") })
    }

    private func report(of member: ClusterStanding.Member, _ cluster: GateCluster) -> ClusterReport.Member {
        let gate = member.entry.gate
        var report = ClusterReport.Member(
            gate: gate, version: member.entry.program,
            clockOffsetMilliseconds: member.clockOffset.map { $0 / 1_000 })
        if cluster.members != nil, !gate.utf8.elementsEqual(cluster.link.terms.gate.utf8) {
            report.signingKeys = tokens?.authority.keys.count(of: gate)
        }
        guard let trees = cluster.trees else { return report }
        let isOwn = gate.utf8.elementsEqual(cluster.link.terms.gate.utf8)
        let (own, sightings) = cluster.memory.withLock { ($0.ownHead, $0.sightings) }
        guard let head = isOwn ? own?.head : trees.head(of: gate) else { return report }
        report.records = head.checkpoint.size
        report.logKey = head.signers.first?.text
        report.witnessKey = (isOwn ? trees.key.verifier : trees.witness(of: gate))?.text
        var signers = sightings.compactMap { other, seen in
            trees.signature(seen.sightings[gate], of: other, on: head).map { _ in other }
        }
        if !isOwn, let seen = trees.sightings[gate], seen.size == head.checkpoint.size, seen.signature != nil {
            signers.append(cluster.link.terms.gate)
        }
        report.signedBy = signers.sorted()
        return report
    }
}
