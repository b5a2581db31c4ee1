// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Cluster
internal import Decision
internal import Identity

/// What etcd has, as far as the gate compares its own state with it. What the gate holds and etcd does not is what waits
/// to be delivered; both the gate's state and the numbers here outlive a restart, so that nothing that waits is lost.
struct SharedMemory: Sendable {
    /// The revocations in etcd.
    var revocations: [Revocation.Target: Revocation] = [:]
    /// The agents of which etcd has a quarantine or its end.
    var quarantines: Set<SPIFFEID> = []
    /// Which quarantines of an agent this gate knows.
    var marks: [SPIFFEID: QuarantineMark] = [:]
    /// The agents that an operator of this gate releases at this moment.
    var releasing: Set<SPIFFEID> = []
    /// The tasks in etcd, and whether they are stopped there.
    var tasks: [TaskID: Bool] = [:]
    /// The approved definitions of tools.
    var pins: [ClusterKey: KnownPin] = [:]
    /// What this gate said last of its signing keys.
    var announcement: KeyAnnouncement?
    /// When other gates made the statements that count here, in microseconds since 1970.
    var statementTimes: [ClusterKey: Int64] = [:]
    /// What the authorities of other gates sign with.
    var authorities: [String: SharedAuthority] = [:]
    /// What this gate said last of its own.
    var ownAuthority: OwnAuthority?
    /// The calls that wait for people at other gates.
    var questions: [ClusterKey: SharedQuestion] = [:]
    /// What etcd has of the calls that wait here.
    var ownQuestions: [ApprovalID: [UInt8]] = [:]
    /// What this gate wrote of them.
    var writtenQuestions: [ApprovalID: [UInt8]] = [:]
    /// What the other gates have seen of all audit trees.
    var sightings: [String: SharedSightings] = [:]
    /// What this gate said last of its own.
    var ownHead: OwnHead?
    /// What this gate said last of what it has seen, and whether etcd has it.
    var ownSightings: (seen: [String: SharedSightings.Sighting], value: [UInt8], isThere: Bool)?
    /// When the others are told of heads again, in nanoseconds of the monotonic clock.
    var nextHeads: Int64 = 0
    /// When this gate signed a statement about heads last, in microseconds since 1970.
    var statementTime: Int64 = 0
    /// Tasks that began at other gates.
    var foreign: Set<TaskID> = []

    /// Everything is about to be read: what etcd has is not known.
    mutating func forgetEtcd() {
        revocations = [:]
        quarantines = []
        tasks = [:]
        // What a gate has signed goes back where etcd has lost it.
        pins = pins.compactMapValues { $0.away }
        announcement?.known = nil
        questions = [:]
        ownQuestions = [:]
        ownAuthority?.isThere = false
        ownHead?.isThere = false
        ownSightings?.isThere = false
    }
}

/// The approved definition of a tool.
struct KnownPin: Sendable {
    let pin: SharedPin
    /// The entry as it was signed; `nil` where gates sign nothing.
    let signed: [UInt8]?
    /// Whether etcd has it.
    var isThere = true

    /// What remains of it when etcd has it no longer.
    var away: KnownPin? { signed.map { KnownPin(pin: pin, signed: $0, isThere: false) } }
}

/// What a gate said of its signing keys, and whether etcd has it.
struct KeyAnnouncement: Sendable {
    /// The value of the entry.
    let value: [UInt8]
    /// The keys in it.
    let keyIDs: Set<String>
    /// When it was made, in Unix seconds.
    let time: Int64
    /// As of which revision etcd has it, and since when this gate knows that; `nil` while it is not known to have it.
    var known: (revision: Int64, since: Int64)?
}

/// Something that this gate holds and etcd does not.
enum PendingShare: Sendable, Hashable {
    /// A revocation, or a part of one.
    case revocation(Revocation.Target)
    /// A quarantine.
    case quarantine(SPIFFEID)
    /// A task, or its stop.
    case task(TaskID)
    /// A signed approval of a tool.
    case pin(ClusterKey)
}
