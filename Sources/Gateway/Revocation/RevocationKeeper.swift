// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
internal import Identity
internal import Storage
internal import Synchronization

/// Brings revocations and quarantines through a restart.
final class RevocationKeeper: Sendable {
    /// The gate's state on disk.
    private let database: StateDatabase
    /// Held while one is made or ended, so that what is on disk and what decisions read follow each other.
    let changing = Mutex<Void>(())

    init(_ database: StateDatabase) { self.database = database }

    /// Reads what is kept, before anybody is served. What cannot be understood is no reason to forget it.
    ///
    /// - Returns: The quarantines.
    func load(into authorizer: Authorizer) throws(StateDatabaseError) -> [SPIFFEID: Quarantine] {
        var revocations: [Revocation] = []
        for stored in try database.cutoffs() {
            guard let revocation = Revocation(stored) else {
                throw .failed("it holds a revocation that this version does not understand")
            }
            revocations.append(revocation)
        }
        var quarantines: [SPIFFEID: Quarantine] = [:]
        for stored in try database.quarantines() {
            guard let id = try? SPIFFEID(parsing: stored.agent) else {
                throw .failed("it holds a quarantine that this version does not understand")
            }
            quarantines[id] = Quarantine(
                since: stored.since, ends: stored.ends, why: stored.why, origin: stored.origin)
        }
        let hasRoom = authorizer.changeRevocations { book in
            revocations.allSatisfy { book.insert($0) != nil }
        }
        guard hasRoom else { throw .failed("it holds more revocations than there may be") }
        for (agent, quarantine) in quarantines { authorizer.quarantine(agent, why: quarantine.why) }
        return quarantines
    }

    func keep(_ revocation: Revocation) throws(StateDatabaseError) { try database.keep(StoredCutoff(revocation)) }

    func keep(_ quarantine: Quarantine, of agent: SPIFFEID) throws(StateDatabaseError) {
        try database.keep(
            StoredQuarantine(
                agent: agent.description, since: quarantine.since, ends: quarantine.ends, why: quarantine.why,
                origin: quarantine.origin))
    }

    func forget(quarantineOf agent: SPIFFEID) throws(StateDatabaseError) {
        try database.forget(quarantineOf: agent.description)
    }

    /// Forgets what voids nothing any more.
    func purge(in authorizer: Authorizer, at time: Int64) throws(StateDatabaseError) {
        guard authorizer.snapshot.revocations.isDue(at: time) else { return }
        try changing.withLock { (_) throws(StateDatabaseError) in
            let gone = authorizer.changeRevocations { $0.purge(at: time) }
            try database.forget(cutoffs: gone.map { ($0.kind.rawValue, $0.text) })
        }
    }
}

/// The state in which everything is denied to an agent.
struct Quarantine: Sendable, Hashable {
    /// Since when, in microseconds since 1970.
    var since: Int64
    /// When it ends by itself, in microseconds since 1970; `nil` when somebody has to end it.
    var ends: Int64?
    /// Why, for the agent's refusals, too.
    var why: String
    /// Who wanted it.
    var origin: String
}

extension Revocation {
    fileprivate init?(_ stored: StoredCutoff) {
        guard let kind = Target.Kind(rawValue: stored.kind), let target = Target(kind, stored.value) else { return nil }
        var digests: Set<[UInt8]> = []
        for text in stored.digests.split(separator: " ") {
            guard let digest = Hexadecimal.decode(text.utf8) else { return nil }
            digests.insert(digest)
        }
        self.init(
            target, time: stored.time, certificatesFrom: stored.certificatesFrom, tokenDigests: digests,
            expires: stored.expires, why: stored.why, origin: stored.origin)
    }
}

extension StoredCutoff {
    fileprivate init(_ revocation: Revocation) {
        self.init(
            kind: revocation.target.kind.rawValue, value: revocation.target.text, time: revocation.time,
            certificatesFrom: revocation.certificatesFrom,
            digests: revocation.tokenDigests.map { Hexadecimal.encode($0) }.sorted().joined(separator: " "),
            expires: revocation.expires, why: revocation.why, origin: revocation.origin)
    }
}
