// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import GRPCClient
internal import NIOPosix
internal import Synchronization

/// A gate's link to the state that gates share in etcd: follows it, says how fresh it is, and changes it.
///
/// One connection at a time, to one member; when that does not answer, to the next one. A member that is cut off from the
/// majority does not answer, since everything is asked of the majority.
public final class ClusterLink: Sendable {
    struct State {
        var connection: EtcdConnection?
        var endpoint: EtcdEndpoint?
        var lastFailure: CallFailure?
        /// Of the last change that has come in.
        var revision: Int64 = 0
        /// The number of etcd's cluster.
        var cluster: UInt64 = 0
        /// The last beat that has come in: revision and value. Another history has another value there.
        var beat: (revision: Int64, value: [UInt8])?
        var freshness = Freshness()
        var clocks = ClockComparison()
        var members: [String: MemberEntry] = [:]
        var refused: [String: EntryFault] = [:]
        var apart: [String] = []
        var isOwnDoubtful = false
        var saysSameName = false
        /// Whether another gate waits to hear what this one has seen.
        var isPresenceDue = false
    }

    /// Who this gate is.
    public let terms: ClusterTerms
    let clock: ClusterClock
    let follower: any ClusterFollower
    let state = Mutex(State())
    /// The hours for which there is a lease.
    let leases = Mutex<Set<Int64>>([])
    /// The random name of this run.
    let run: String
    /// The most entries that do not count that are remembered.
    static let mostRefused = 64
    /// The most gates whose clocks are compared.
    static let mostMembers = 4_096

    /// Prepares a link; nothing is opened before ``follow()``.
    public init(_ terms: ClusterTerms, clock: ClusterClock, follower: any ClusterFollower) {
        self.terms = terms
        self.clock = clock
        self.follower = follower
        run = Self.randomName()
    }

    static func randomName() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }

    /// Whether the state is fresh enough to decide on: nothing that a majority of etcd had taken longer ago than the grace
    /// is unknown here.
    public var isFresh: Bool {
        guard let age else { return false }
        return age <= terms.graceMilliseconds &* 1_000_000
    }

    /// How old what is known may be, in nanoseconds; `nil` before everything was read once.
    public var age: Int64? {
        let knownAt = state.withLock { $0.freshness.knownAt }
        return knownAt.map { max(0, clock.monotonic() &- $0) }
    }

    /// Now, in Unix seconds.
    public var seconds: Int64 { clock.wall() / 1_000_000 }

    /// Whether the own clock is too far from those of more than half of the other gates.
    public var isClockDoubtful: Bool { state.withLock { $0.isOwnDoubtful } }

    /// How the link stands.
    public var standing: ClusterStanding {
        let age = age
        return state.withLock { state in
            ClusterStanding(
                endpoint: state.endpoint, failure: state.lastFailure, revision: state.revision, ageNanoseconds: age,
                isFresh: age.map { $0 <= terms.graceMilliseconds &* 1_000_000 } ?? false,
                members: state.members.values.sorted { $0.gate < $1.gate }.map { member in
                    ClusterStanding.Member(entry: member, clockOffset: state.clocks.all[member.gate])
                },
                refused: state.refused.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
    }

    /// Follows the state until the task is cancelled.
    public func follow() async {
        var pauses = Pauses(first: .milliseconds(50), longest: .seconds(1)) { Double.random(in: 0...1) }
        var next = terms.gate.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xffff }
        while !Task.isCancelled, !terms.endpoints.isEmpty {
            let endpoint = terms.endpoints[next % terms.endpoints.count]
            next &+= 1
            let begin = ContinuousClock.now
            let failure = await session(endpoint)
            guard !Task.isCancelled else { return }
            let isNew = state.withLock { state in
                let isNew = state.endpoint != nil || state.lastFailure != failure
                state.connection = nil
                state.endpoint = nil
                state.lastFailure = failure
                return isNew
            }
            if isNew { follower.heard(.lost(endpoint, failure)) }
            try? await Task.sleep(for: pauses.pause(after: begin.duration(to: .now)))
        }
    }
}

/// How a gate's link to the cluster stands.
public struct ClusterStanding: Sendable {
    /// Another gate, or this one.
    public struct Member: Sendable {
        /// What it says.
        public let entry: MemberEntry
        /// By how much its clock is ahead of the own one for certain, in microseconds; `nil` when that is not known.
        public let clockOffset: Int64?
    }

    /// The member of etcd that answers.
    public let endpoint: EtcdEndpoint?
    /// Why the last one stopped answering.
    public let failure: CallFailure?
    /// The revision of the last change that has come in.
    public let revision: Int64
    /// How old what is known may be.
    public let ageNanoseconds: Int64?
    /// Whether that is within the grace.
    public let isFresh: Bool
    /// The gates that are there.
    public let members: [Member]
    /// Entries that do not count, and why.
    public let refused: [(key: String, fault: EntryFault)]
}
