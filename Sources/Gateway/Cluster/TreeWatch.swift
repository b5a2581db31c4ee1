// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Cluster
internal import Storage
internal import Synchronization

/// Watches the audit trees of the other gates as a witness does: each head has to extend the one before, and is signed only
/// when that it was seen is on the disk. What two heads of one tree contradict of each other, no gate can take back.
final class TreeWatch: Sendable {
    /// What is known of one tree.
    private struct Tree {
        var time: Int64
        var log: NoteVerifierKey
        var state: WitnessState
        /// The head that was seen last, and what this gate signed of it.
        var head: VerifiedCheckpoint?
        var witness: NoteVerifierKey?
        var signature: SignedNote.Signature?

        var size: UInt64 { state.heads[log.name.description]?.size ?? 0 }
        var root: TreeHash? { state.heads[log.name.description]?.root }
    }

    /// What speaks against a gate.
    struct Contradiction: Sendable, Hashable {
        /// The name of the signal.
        enum Kind: String, Sendable {
            /// Two heads that cannot both be of one tree.
            case fork = "tree_fork"
            /// A smaller tree than the one that was seen.
            case rollback = "tree_rollback"
            /// Another key.
            case replaced = "tree_replaced"
        }

        let gate: String
        let kind: Kind
        /// How many records had been seen.
        let known: UInt64
        /// What was found, in words.
        let detail: String
    }

    private struct State {
        var trees: [String: Tree] = [:]
        var told: Set<String> = []
    }

    /// The key with which this gate signs what it has seen.
    let key: NoteSigningKey
    private let database: StateDatabase
    private let state: Mutex<State>
    private static let mostTold = 1_024

    /// Takes up what was seen before.
    ///
    /// - Throws: `StateDatabaseError`: a witness that forgot what it saw must not sign.
    init(key: NoteSigningKey, database: StateDatabase) throws(StateDatabaseError) {
        self.key = key
        self.database = database
        var state = State()
        for stored in try database.sightings() {
            guard let log = NoteVerifierKey(stored.log), let seen = WitnessState(text: stored.state) else {
                throw .failed("what was seen of the audit tree of gate \(stored.gate) cannot be read")
            }
            state.trees[stored.gate] = Tree(time: stored.time, log: log, state: seen)
        }
        self.state = Mutex(state)
    }

    /// Looks at the head that a gate signed and announced.
    ///
    /// - Parameter seconds: Unix time.
    /// - Returns: What speaks against the gate, the first time.
    /// - Throws: `EntryFault` for a head that is not the gate's, or not its last one.
    func look(at shared: SharedHead, of gate: String, seconds: Int64) throws(EntryFault) -> Contradiction? {
        let head: VerifiedCheckpoint
        do {
            head = try VerifiedCheckpoint(shared.note, key: shared.log)
        } catch {
            throw .untrusted("the head is not signed with the key of its tree: \(error)")
        }
        let outcome = state.withLock { state -> Result<Contradiction?, EntryFault> in
            var tree = state.trees[gate] ?? Tree(time: .min, log: shared.log, state: WitnessState())
            guard shared.time >= tree.time else {
                return .failure(.untrusted("it is older than what the gate said before"))
            }
            tree.time = shared.time
            tree.witness = shared.witness
            var contradiction: Contradiction?
            if tree.log != shared.log {
                contradiction = Contradiction(
                    gate: gate, kind: .replaced, known: tree.size,
                    detail: "its audit tree of \(tree.size) records was replaced by another one, with another key")
                tree = Tree(time: shared.time, log: shared.log, state: WitnessState(), witness: shared.witness)
            }
            let judged = self.judge(head, shared, gate, &tree, seconds)
            contradiction = contradiction ?? judged
            do throws(StateDatabaseError) {
                try database.keep(
                    StoredSighting(gate: gate, time: tree.time, log: tree.log.text, state: tree.state.text))
            } catch {
                return .failure(.malformed("that it was seen cannot be kept, so it is not signed: \(error)"))
            }
            state.trees[gate] = tree
            guard let contradiction, state.told.count < Self.mostTold,
                state.told.insert("\(gate) \(contradiction.kind) \(contradiction.known)").inserted
            else { return .success(nil) }
            return .success(contradiction)
        }
        return try outcome.get()
    }

    private func judge(
        _ head: VerifiedCheckpoint, _ shared: SharedHead, _ gate: String, _ tree: inout Tree, _ seconds: Int64
    ) -> Contradiction? {
        let (size, known) = (head.checkpoint.size, tree.size)
        if size < known {
            return Contradiction(
                gate: gate, kind: .rollback, known: known,
                detail: "its audit tree has \(size) records, and had \(known): records were removed")
        }
        if size == known, size > 0, head.checkpoint.root != tree.root {
            return Contradiction(
                gate: gate, kind: .fork, known: known,
                detail: "its audit tree had other records among the first \(size)")
        }
        tree.head = head
        // Until a proof from what is known comes, nothing is signed; this gate says what it knows.
        guard let proof = known == 0 || size == known ? ConsistencyProof(path: []) : shared.proofs[known] else {
            tree.signature = nil
            return nil
        }
        let request = WitnessRequest(oldSize: known, proof: proof, checkpoint: shared.note)
        let answer = tree.state.answer(
            request.bytes, logs: [tree.log], key: key, time: UInt64(max(0, seconds)))
        switch answer.status {
        case 200:
            tree.signature = SignedNote.signatures(answer.body)?.first
            return nil
        case 422:
            return Contradiction(
                gate: gate, kind: .fork, known: known,
                detail: "its audit tree of \(size) records does not extend the one of \(known): records were changed")
        default:
            tree.signature = nil
            return nil
        }
    }

    /// What this gate has seen, for the others.
    var sightings: [String: SharedSightings.Sighting] {
        state.withLock { state in
            state.trees.mapValues { SharedSightings.Sighting(size: $0.size, signature: $0.signature) }
        }
    }

    /// The last head of another gate.
    func head(of gate: String) -> VerifiedCheckpoint? { state.withLock { $0.trees[gate]?.head } }

    /// The key with which a gate signs what it has seen.
    func witness(of gate: String) -> NoteVerifierKey? { state.withLock { $0.trees[gate]?.witness } }

    /// What the gate has signed of a head, if it has.
    func signature(_ sighting: SharedSightings.Sighting?, of gate: String, on head: VerifiedCheckpoint)
        -> SignedNote.Signature?
    {
        guard let sighting, sighting.size == head.checkpoint.size, let line = sighting.signature,
            let key = witness(of: gate),
            (try? SignedNote(text: head.note.text, signatures: [line]).verify(with: [key])) != nil
        else { return nil }
        return line
    }
}
