// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Authority
internal import Cluster
internal import Identity
internal import Logging
internal import Synchronization
internal import Telemetry
internal import Transport

/// An identity that the authority in one gate issued counts at all gates: each tells the others what it signs with.
extension Gate {
    /// After how long a gate says again what it signs with, in seconds.
    private static let renewal = SharedAuthority.life / 4

    /// Says what this gate's authority signs with, when that has changed, is old or is not in etcd; and forgets those of
    /// gates that have not said so for too long.
    func announceAuthority() async {
        guard let cluster, let members = cluster.members, let authority = identity?.authority else { return }
        await authority.setSiblings(siblings(cluster))
        let bundle = authority.ownBundle
        let said = cluster.memory.withLock { $0.ownAuthority }
        do throws(ClusterError) {
            let key = SharedAuthority.key(members.gate)
            guard let said, said.bundle == bundle, said.time &+ Self.renewal > now else {
                let statement = SharedAuthority(time: cluster.statementTime(clock.wall()), bundle: bundle)
                let value = try members.value(statement.payload, at: key)
                cluster.memory.withLock { $0.ownAuthority = OwnAuthority(bundle: bundle, time: now, value: value) }
                return try await cluster.write(value, at: key)
            }
            if !said.isThere { try await cluster.write(said.value, at: key) }
        } catch {
            guard case .unreachable = error else {
                return logger.error(
                    "the other gates do not know this gate's authority",
                    metadata: [LogField.error: .string("\(error)")])
            }
        }
    }

    /// Takes over what another gate's authority signs with. That the entry is gone says nothing: it has its end.
    func takeAuthority(_ entry: SharedEntry, _ cluster: GateCluster) async throws(EntryFault) {
        if cluster.isOwn(entry) {
            return cluster.memory.withLock { memory in
                let isThere = memory.ownAuthority?.value == entry.value
                memory.ownAuthority?.isThere = isThere
            }
        }
        guard let (gate, payload) = try cluster.statement(entry), let authority = identity?.authority else { return }
        let statement = try SharedAuthority(payload, trustDomain: cluster.link.terms.trustDomain)
        try cluster.admit(entry.key, at: statement.time)
        cluster.memory.withLock { $0.authorities[gate] = statement }
        await authority.setSiblings(siblings(cluster))
    }

    /// What other gates sign with at present, in an order that does not change.
    private func siblings(_ cluster: GateCluster) -> [TrustBundle] {
        let now = now
        return cluster.memory.withLock { memory in
            memory.authorities = memory.authorities.filter { $0.value.until > now }
            return memory.authorities.sorted { $0.key < $1.key }.map(\.value.bundle)
        }
    }
}

/// What this gate said last of its authority.
struct OwnAuthority: Sendable {
    let bundle: TrustBundle
    /// When, in Unix seconds.
    let time: Int64
    let value: [UInt8]
    /// Whether etcd has it.
    var isThere = false
}
