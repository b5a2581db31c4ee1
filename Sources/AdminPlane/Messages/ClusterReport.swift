// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How the gate stands among the gates that share its state; a part of the answer of `GET /v1/status`.
public struct ClusterReport: Codable, Sendable, Hashable {
    /// A gate that is there.
    public struct Member: Codable, Sendable, Hashable {
        /// Its name.
        public var gate: String
        /// The version of its program.
        public var version: String
        /// By how much its clock is ahead of this one for certain, in milliseconds; absent for this gate itself.
        public var clockOffsetMilliseconds: Int64?
        /// How many of its signing keys count here; absent for this gate itself, and where gates do not sign.
        public var signingKeys: Int?
        /// How many records the last head of its audit tree has; absent where none is known.
        public var records: UInt64?
        /// The gates that have signed that they saw this head extend the ones before.
        public var signedBy: [String]?
        /// The key of its audit tree.
        public var logKey: String?
        /// The key with which it signs what it has seen of the other gates' trees.
        public var witnessKey: String?

        /// Describes a gate.
        public init(gate: String, version: String, clockOffsetMilliseconds: Int64?) {
            self.gate = gate
            self.version = version
            self.clockOffsetMilliseconds = clockOffsetMilliseconds
        }
    }

    /// An entry that does not count.
    public struct Refused: Codable, Sendable, Hashable {
        /// Its key.
        public var key: String
        /// What is wrong with it.
        public var problem: String

        /// Describes an entry.
        public init(key: String, problem: String) {
            self.key = key
            self.problem = problem
        }
    }

    /// The name of this gate.
    public var gate: String
    /// The gate's own public key, for `cluster.members` of all gates.
    public var key: String
    /// Whether gates sign what they say to each other: `cluster.members` names them.
    public var isSigned: Bool
    /// Whether the state is fresh; while it is not, everything is denied.
    public var isFresh: Bool
    /// Whether the clock of this gate is too far from those of the others.
    public var isClockDoubtful: Bool
    /// The member of etcd that answers; absent while none does.
    public var endpoint: String?
    /// Why the last one stopped answering.
    public var problem: String?
    /// The revision of the last change that has come in.
    public var revision: Int64
    /// How old what is known may be; absent before everything was read once.
    public var lagMilliseconds: Int64?
    /// The gates that are there.
    public var members: [Member]
    /// How many changes of this gate wait to be delivered; they hold here already.
    public var waiting: Int
    /// Entries that do not count.
    public var refused: [Refused]

    /// Collects the parts.
    public init(
        gate: String, key: String, isSigned: Bool, isFresh: Bool, isClockDoubtful: Bool, endpoint: String?,
        problem: String?, revision: Int64,
        lagMilliseconds: Int64?, members: [Member], waiting: Int, refused: [Refused]
    ) {
        self.gate = gate
        self.key = key
        self.isSigned = isSigned
        self.isFresh = isFresh
        self.isClockDoubtful = isClockDoubtful
        self.endpoint = endpoint
        self.problem = problem
        self.revision = revision
        self.lagMilliseconds = lagMilliseconds
        self.members = members
        self.waiting = waiting
        self.refused = refused
    }
}
