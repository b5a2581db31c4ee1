// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity

/// The pages on which people watch the gate and stop what should not go on, `dashboard`.
public struct DashboardConfiguration: Sendable, Hashable {
    /// Who has a role.
    public struct Members: Sendable, Hashable {
        /// `groups`: by the names that the provider gives them.
        public var groups: [String] = []
        /// `people`: issuer, `#` and subject.
        public var people: [String] = []

        /// Nobody.
        public init() {}
    }

    /// `address`.
    public var address: IPAddress
    /// The port of `address`; 0 lets the system choose.
    public var port: UInt16
    /// `url`: how browsers reach it; what the address says when it is absent.
    public var url: ProviderURL?
    /// `tls`: the listener's certificate; absent on loopback addresses only.
    public var tls: PeopleTLS?
    /// `roles.viewer`: who may look.
    public var viewers = Members()
    /// `roles.operator`: who may also answer, cut and quarantine.
    public var operators = Members()
    /// `roles.admin`: who may also reload and approve definitions of tools.
    public var admins = Members()
    /// `session`.
    public var session: Duration = .seconds(8 * 3600)
    /// `idle`.
    public var idle: Duration = .seconds(1800)

    /// A listener with the defaults.
    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<DashboardConfiguration>] = [
        .time("session", \.session, 60_000...604_800_000, "how long a session may last"),
        .time("idle", \.idle, 60_000...86_400_000, "how long a session may be without use"),
    ]
}
