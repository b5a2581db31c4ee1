// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Cluster
internal import Decision
internal import Identity
internal import IdentityPlane
internal import Logging
internal import Synchronization
internal import Telemetry
internal import Transport

/// What one gate signs, all gates verify: each tells the others its public keys before it signs with them.
extension Gate {
    /// After how long a gate says again which keys it has, in seconds.
    private static let renewal: Int64 = 1_800

    /// Says which keys this gate signs with, when that has changed, is old or is not in etcd; and takes those into use
    /// that the others know.
    func announceKeys() async {
        guard let cluster, let members = cluster.members, let ring = tokens?.authority.keys else { return }
        let keys = ring.own(at: now)
        let names = Set(keys.compactMap(\.key.jsonWebKey.keyID))
        let said = cluster.memory.withLock { $0.announcement }
        guard let said, said.keyIDs == names, said.time &+ Self.renewal > now else {
            return await announce(keys, names, cluster, members)
        }
        guard let known = said.known else { return await write(said, cluster, members) }
        if cluster.link.isSeen(known.revision, since: known.since) { ring.othersKnow(names) }
    }

    private func announce(
        _ keys: [TimedKey], _ names: Set<String>, _ cluster: GateCluster, _ members: ClusterMembers
    ) async {
        let statement = SharedKeys(time: cluster.statementTime(clock.wall()), keys: keys)
        do throws(ClusterError) {
            let value = try members.value(statement.payload, at: SharedKeys.key(members.gate))
            let announcement = KeyAnnouncement(value: value, keyIDs: names, time: now, known: nil)
            cluster.memory.withLock { $0.announcement = announcement }
            await write(announcement, cluster, members)
        } catch {
            logger.error("the other gates are not told of new keys", metadata: [LogField.error: .string("\(error)")])
        }
    }

    /// Writes the statement; that etcd has it is known when it comes back through the watch.
    private func write(_ announcement: KeyAnnouncement, _ cluster: GateCluster, _ members: ClusterMembers) async {
        do throws(ClusterError) {
            try await cluster.write(announcement.value, at: SharedKeys.key(members.gate))
        } catch {
            guard case .unreachable = error else {
                return logger.error(
                    "the other gates are not told of new keys", metadata: [LogField.error: .string("\(error)")])
            }
        }
    }

    /// Takes over what another gate says of its keys. That an entry is gone says nothing: each key has its end.
    func takeKeys(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        if cluster.isOwn(entry) {
            let since = clock.monotonic()
            return cluster.memory.withLock { memory in
                let isOwn = entry.value.map { $0 == memory.announcement?.value } ?? false
                memory.announcement?.known = isOwn ? (entry.revision, since) : nil
            }
        }
        guard let (gate, payload) = try cluster.statement(entry) else { return }
        let statement = try SharedKeys(payload)
        try cluster.admit(entry.key, at: statement.time)
        guard let ring = tokens?.authority.keys else { return }
        // A key that was revoked stays so, whoever says what.
        let revoked = authorizer.snapshot.revocations
        let keys = statement.keys.filter { key in
            key.key.jsonWebKey.keyID.map { revoked[.key(Revocation.ExactText($0))] == nil } ?? false
        }
        guard ring.take(keys, of: gate, now: now) else {
            throw .untrusted("there are \(ToolKeyRing.mostOthers) keys of other gates already")
        }
        cluster.link.presentSoon()
    }
}
