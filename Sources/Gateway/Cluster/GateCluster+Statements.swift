// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Cluster
internal import Storage
internal import Synchronization

/// What gates sign for each other.
extension GateCluster {
    /// For how long etcd keeps what a gate says, in seconds; a gate that is there says it again when it is gone.
    private static let remembrance: Int64 = 7 * 86_400
    /// The time between two statements about heads, in milliseconds, and by how much it grows for each gate, so that none
    /// hears of the others more than four times a second.
    private static let headMilliseconds: Int64 = 10_000
    private static let headMillisecondsPerGate: Int64 = 500

    /// Whether an entry bears this gate's name. What the gate says next is later than what it has said there, whatever its
    /// clock was set to meanwhile.
    func isOwn(_ entry: SharedEntry) -> Bool {
        guard let members, let name = entry.key.names.first, name.utf8.elementsEqual(members.gate.utf8) else {
            return false
        }
        if let value = entry.value, let said = try? members.read(value, at: entry.key),
            let time = ClusterMembers.time(of: said.payload)
        {
            memory.withLock { $0.statementTime = max($0.statementTime, min(time, .max / 2)) }
        }
        return true
    }

    /// What another gate says in an entry that bears its name.
    ///
    /// - Returns: `nil` for an entry that is gone, and where no gates are named.
    /// - Throws: `EntryFault` unless that very gate signed it.
    func statement(_ entry: SharedEntry) throws(EntryFault) -> (gate: String, payload: [UInt8])? {
        guard let members, let value = entry.value else { return nil }
        guard let gate = entry.key.names.first else { throw .malformed("it names no gate") }
        let (signer, payload) = try members.read(value, at: entry.key)
        guard signer.utf8.elementsEqual(gate.utf8) else { throw .untrusted("\(signer) signed it for another gate") }
        return (gate, payload)
    }

    /// What an entry says. Where no gates are named, whatever stands there is believed.
    func claim(_ value: [UInt8], at key: ClusterKey) -> EntryClaim {
        members?.claim(value, at: key) ?? EntryClaim(believing: value)
    }

    /// The value of an entry, signed where gates are named.
    func signed(_ payload: [UInt8], at key: ClusterKey) throws(ClusterError) -> [UInt8] {
        try members?.value(payload, at: key) ?? payload
    }

    /// Admits a statement, unless a later one of the same gate about the same has been admitted, in this run or before.
    func admit(_ key: ClusterKey, at time: Int64) throws(EntryFault) {
        let known = memory.withLock { $0.statementTimes[key] ?? .min }
        guard time >= known else { throw .untrusted("it is older than what the gate said before") }
        guard time > known else { return }
        do throws(StateDatabaseError) {
            try database.keep(statement: key.description, time: time)
        } catch {
            throw .malformed("that it was seen cannot be kept: \(error)")
        }
        memory.withLock { $0.statementTimes[key] = time }
    }

    /// Writes a statement of this gate.
    func write(_ value: [UInt8], at key: ClusterKey) async throws(ClusterError) {
        try await link.change(key, ends: link.seconds &+ Self.remembrance, isNew: false) {
            there throws(ClusterError) -> EntryChange<Void> in
            there == value ? .leave(()) : .write(value, ())
        }
    }

    /// How long is waited between two statements about heads, in nanoseconds.
    var headInterval: Int64 {
        let gates = Int64(link.standing.members.count)
        return max(min(Self.headMilliseconds, link.terms.graceMilliseconds), gates &* Self.headMillisecondsPerGate)
            &* 1_000_000
    }

    /// A time for a statement, later than that of the one before.
    ///
    /// - Parameter wall: Microseconds since 1970.
    func statementTime(_ wall: Int64) -> Int64 {
        memory.withLock { memory in
            memory.statementTime = max(wall, memory.statementTime &+ 1)
            return memory.statementTime
        }
    }
}
