// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// Who a gate is among the gates that share their state, and what holds between them.
public struct ClusterTerms: Sendable {
    /// The gate's name; no other gate of the cluster has it.
    public var gate: String
    /// The gates' trust domain, which parts their entries from those of others.
    public var trustDomain: TrustDomain
    /// The version of the program, for others to see.
    public var program: String
    /// The members of etcd.
    public var endpoints: [EtcdEndpoint]
    /// How connections to them are protected.
    public var protection: EtcdProtection
    /// How long the last known state counts without word from a majority of etcd, in milliseconds.
    public var graceMilliseconds: Int64
    /// How far gates' clocks may be apart, in microseconds.
    public var clockSkew: Int64
    /// The gates whose word counts; `nil` where none are named.
    public var members: ClusterMembers?
    /// What etcd may do to this program.
    public var limits = EtcdLimits()

    /// Describes a gate.
    public init(
        gate: String, trustDomain: TrustDomain, program: String, endpoints: [EtcdEndpoint],
        protection: EtcdProtection, graceMilliseconds: Int64, clockSkew: Int64, members: ClusterMembers? = nil
    ) {
        self.gate = gate
        self.trustDomain = trustDomain
        self.program = program
        self.endpoints = endpoints
        self.protection = protection
        self.graceMilliseconds = graceMilliseconds
        self.clockSkew = clockSkew
        self.members = members
    }

    /// What stands before every key that all gates watch. Another layout has another number.
    public var prefix: String { "\(base)state/" }

    private var base: String { "/yett/v1/\(trustDomain.name)/" }

    /// The whole key of an entry. Budgets change often, and concern only who spends: nobody watches them.
    func text(_ key: ClusterKey) -> String { key.kind == .budget ? "\(base)\(key)" : "\(prefix)\(key)" }

    /// How often a gate asks whether etcd answers: a tenth of the grace, and from ten times to once a second.
    var beatMilliseconds: Int64 { min(max(graceMilliseconds / 10, 100), 1_000) }

    /// How often a gate says that it is there. With many gates it is rarer, so that none hears of the others more than
    /// ten times a second.
    static func presenceMilliseconds(gates: Int) -> Int64 { max(5_000, Int64(gates) &* 100) }
}

/// The clocks of a gate.
public struct ClusterClock: Sendable {
    /// Microseconds since 1970.
    public let wall: @Sendable () -> Int64
    /// Nanoseconds of a clock that is never set.
    public let monotonic: @Sendable () -> Int64

    /// Takes clocks.
    public init(wall: @escaping @Sendable () -> Int64, monotonic: @escaping @Sendable () -> Int64) {
        self.wall = wall
        self.monotonic = monotonic
    }
}
