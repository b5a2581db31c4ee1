// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// State that several gates share in etcd, `cluster`.
public struct ClusterConfiguration: Sendable, Hashable {
    /// `gate`: the name of this gate; no other gate of the cluster has it.
    public var gate: String
    /// `endpoints`: the members of etcd.
    public var endpoints: [Endpoint]
    /// `members`: the keys of the gates whose word counts, as `name+hash+key`; empty where none does.
    public var members: [String] = []
    /// `tls`: how connections to them are protected; `nil` on loopback addresses only.
    public var tls: Protection?
    /// `clock_skew`: what follows when this gate's clock and those of half of the others are too far apart.
    public var clockSkewMode = ClockSkewMode.deny
    /// `grace`.
    public var grace: Duration = .seconds(30)
    /// `max_clock_skew`.
    public var maximumClockSkew: Duration = .seconds(5)
    /// `budget_blocks`.
    public var budgetBlocks = 20

    /// A member of etcd.
    public struct Endpoint: Sendable, Hashable {
        /// A name or an address.
        public var host: String
        /// The port.
        public var port: UInt16

        /// Names a member.
        public init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }
    }

    /// Whom the gate trusts to be etcd, and what it shows.
    public enum Protection: Sendable, Hashable {
        /// `ca`, `certificate` and `key`: certificates in files, the members known by their names.
        case files(authority: SecretReference, certificate: SecretReference?, key: SecretReference?)
        /// `servers`: the SPIFFE IDs of the members; the gate shows its own SVID.
        case identities([SPIFFEID])
    }

    /// What an untrustworthy clock means.
    public enum ClockSkewMode: String, Sendable, Hashable, CaseIterable {
        /// Everything is denied.
        case deny
        /// Log lines and `yett cluster` say so, and nothing follows.
        case warn
    }

    /// Shares state.
    public init(gate: String, endpoints: [Endpoint]) {
        self.gate = gate
        self.endpoints = endpoints
    }

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<ClusterConfiguration>] = [
        .time("grace", \.grace, 1_000...3_600_000, "without word from a majority of etcd, until everything is denied"),
        .time("max_clock_skew", \.maximumClockSkew, 100...600_000, "between the clocks of two gates"),
        .count("budget_blocks", \.budgetBlocks, 2...10_000, "into how many blocks a budget is parted for the gates"),
    ]
}
