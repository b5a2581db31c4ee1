// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Cluster
internal import Logging
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport

/// Each gate keeps its own audit tree, and signs the heads of the others': who rewrites one would have to rewrite what all
/// of them have seen.
extension Gate {
    // MARK: Taking over

    /// Looks at the head of another gate's tree.
    func takeHead(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        if cluster.isOwn(entry) {
            return cluster.memory.withLock { memory in
                let isThere = memory.ownHead?.value == entry.value
                memory.ownHead?.isThere = isThere
            }
        }
        guard let (gate, payload) = try cluster.statement(entry), let trees = cluster.trees else { return }
        let head = try SharedHead(payload)
        guard let found = try trees.look(at: head, of: gate, seconds: now) else { return }
        var event = event(.alarm)
        event.operation = found.kind.rawValue
        event.detail = "gate \(gate): \(found.detail)"
        record(event)
        logger.error(
            "the audit tree of another gate contradicts what was seen of it",
            metadata: [LogField.trigger: .string(gate), LogField.reason: .string(found.detail)])
    }

    /// Takes over what another gate has seen of all trees.
    func takeSightings(_ entry: SharedEntry, _ cluster: GateCluster) throws(EntryFault) {
        if cluster.isOwn(entry) {
            return cluster.memory.withLock { memory in
                let isThere = memory.ownSightings?.value == entry.value
                memory.ownSightings?.isThere = isThere
            }
        }
        guard let (gate, payload) = try cluster.statement(entry) else { return }
        let seen = try SharedSightings(payload)
        let isLate = cluster.memory.withLock { memory in
            guard memory.sightings[gate].map({ $0.time > seen.time }) ?? false else {
                memory.sightings[gate] = seen
                return false
            }
            return true
        }
        if isLate { throw .untrusted("it is older than what the gate said before") }
    }

    // MARK: Telling

    /// Tells the others of this gate's head, and of what it has seen of theirs; not more often than is agreed.
    func shareHeads() async {
        guard let cluster, let members = cluster.members, let trees = cluster.trees else { return }
        let now = clock.monotonic()
        let isDue = cluster.memory.withLock { memory in
            guard now >= memory.nextHeads else { return false }
            memory.nextHeads = now &+ cluster.headInterval
            return true
        }
        guard isDue else { return }
        do {
            let reader = try log.reader()
            try await shareHead(reader, cluster, members, trees)
            let seen = trees.sightings
            guard cluster.memory.withLock({ $0.ownSightings?.seen != seen || !($0.ownSightings?.isThere ?? false) })
            else { return }
            let statement = SharedSightings(time: cluster.statementTime(clock.wall()), sightings: seen)
            let value = try members.value(statement.payload, at: SharedSightings.key(members.gate))
            cluster.memory.withLock { $0.ownSightings = (seen, value, false) }
            try await cluster.write(value, at: SharedSightings.key(members.gate))
        } catch ClusterError.unreachable {
            cluster.memory.withLock { $0.nextHeads = now }
        } catch {
            logger.error("the head of the audit tree is not shared", metadata: [LogField.error: .string("\(error)")])
        }
    }

    private func shareHead(
        _ reader: AuditReader, _ cluster: GateCluster, _ members: ClusterMembers, _ trees: TreeWatch
    ) async throws {
        let (said, known) = cluster.memory.withLock { memory in
            (memory.ownHead, memory.sightings.values.map { $0.sightings[members.gate]?.size ?? 0 })
        }
        try keepSignatures(cluster, members, trees)
        // What the others have signed, and the head before for those of whom nothing is known.
        var counts: [UInt64: Int] = [:]
        for size in known + [said?.head.checkpoint.size ?? 0] where size > 0 && size < reader.size {
            counts[size, default: 0] += 1
        }
        let sizes = Set(
            counts.sorted { ($1.value, $1.key) < ($0.value, $0.key) }.prefix(SharedHead.mostProofs).map(\.key))
        guard said?.head.checkpoint.size != reader.size || !(said?.isThere ?? false) || said?.sizes != sizes else {
            return
        }
        var proofs: [UInt64: ConsistencyProof] = [:]
        for size in sizes { proofs[size] = try reader.consistencyProof(from: size) }
        let statement = SharedHead(
            time: cluster.statementTime(clock.wall()), log: log.verifierKey, witness: trees.key.verifier,
            note: reader.head.note.bytes, proofs: proofs)
        let value = try members.value(statement.payload, at: SharedHead.key(members.gate))
        cluster.memory.withLock {
            $0.ownHead = OwnHead(head: reader.head, sizes: sizes, value: value, isThere: false)
        }
        try await cluster.write(value, at: SharedHead.key(members.gate))
    }

    /// Keeps what others signed of this gate's last head beside the tree, for whoever verifies it.
    private func keepSignatures(_ cluster: GateCluster, _ members: ClusterMembers, _ trees: TreeWatch) throws {
        let (own, sightings) = cluster.memory.withLock { ($0.ownHead, $0.sightings) }
        guard let own else { return }
        let signatures = sightings.sorted { $0.key < $1.key }.compactMap { gate, seen in
            trees.signature(seen.sightings[members.gate], of: gate, on: own.head)
        }
        guard !signatures.isEmpty, signatures.count > own.signatures else { return }
        try log.store(cosignatures: signatures, of: own.head, as: .members)
        cluster.memory.withLock { $0.ownHead?.signatures = signatures.count }
    }
}

/// What this gate said last of its own tree.
struct OwnHead: Sendable {
    let head: VerifiedCheckpoint
    /// The sizes from which there are proofs.
    let sizes: Set<UInt64>
    let value: [UInt8]
    /// Whether etcd has it.
    var isThere: Bool
    /// How many signatures of others are kept.
    var signatures = 0
}
