// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import GRPCClient

/// Takes over what other gates did. Called in the order of etcd's revisions, never twice at the same time.
public protocol ClusterFollower: Sendable {
    /// Everything that is there: at the start, and whenever changes may have been missed.
    func read(_ entries: [SharedEntry]) async
    /// Changes, the oldest first.
    func changed(_ entries: [SharedEntry]) async
    /// Something happened that operators should know.
    func heard(_ news: ClusterNews)
}

/// An entry that gates share.
public struct SharedEntry: Sendable, Hashable {
    /// What it is about.
    public let key: ClusterKey
    /// The value; `nil` for an entry that is gone.
    public let value: [UInt8]?
    /// The revision of the change that made it so.
    public let revision: Int64

    /// Describes an entry.
    public init(key: ClusterKey, value: [UInt8]?, revision: Int64) {
        self.key = key
        self.value = value
        self.revision = revision
    }
}

/// What operators should know about the cluster.
public enum ClusterNews: Sendable, Hashable, CustomStringConvertible {
    /// A member of etcd answers, and everything is known.
    case connected(EtcdEndpoint)
    /// A member of etcd does not answer, or stopped answering.
    case lost(EtcdEndpoint, CallFailure)
    /// Everything was read anew, and why.
    case readAnew(String)
    /// An entry does not count.
    case refused(key: String, EntryFault)
    /// Another gate has the same name.
    case sameName(String)
    /// The clocks of these gates are too far from the own one.
    case clocksApart([String], isOwnDoubtful: Bool)

    /// One sentence for a log line.
    public var description: String {
        switch self {
        case .connected(let endpoint): "the cluster's state is known from etcd at \(endpoint)"
        case .lost(let endpoint, let failure): "etcd at \(endpoint): \(failure); trying the next member"
        case .readAnew(let why): "the cluster's state is read anew: \(why)"
        case .refused(let key, let fault): "the entry \(key) in etcd does not count: \(fault)"
        case .sameName(let name): "another gate calls itself \(name); give each its own name: cluster.gate"
        case .clocksApart(let gates, let isOwn):
            "the clocks of \(gates.joined(separator: ", ")) are too far from this one"
                + (isOwn ? "; set this machine's clock" : "; set theirs")
        }
    }
}
