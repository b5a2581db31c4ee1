// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity

/// How people sign in: the listener for their browsers and command lines, and the providers that say who they are.
public struct PeopleConfiguration: Sendable, Hashable {
    /// `address`.
    public var address: IPAddress
    /// The port of `address`; 0 lets the system choose.
    public var port: UInt16
    /// `url`: how browsers reach it; what the address says when it is absent.
    public var url: ProviderURL?
    /// `tls`: the listener's certificate; absent on loopback addresses only.
    public var tls: PeopleTLS?
    /// `providers`.
    public var providers: [ProviderConfiguration] = []
    /// `idle`.
    public var idle: Duration = .seconds(3600)
    /// `session`.
    public var session: Duration = .seconds(8 * 3600)
    /// `refresh`.
    public var refresh: Duration = .seconds(300)
    /// `task_max_age`: how long ago a person may have signed in to start a task; `nil` for as long as a session lasts.
    public var taskMaximumAge: Duration?

    /// A listener with the defaults.
    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<PeopleConfiguration>] = [
        .time("idle", \.idle, 60_000...86_400_000, "how long a session may be without use"),
        .time("session", \.session, 60_000...604_800_000, "how long a session may last after the sign-in"),
        .time(
            "refresh", \.refresh, 10_000...3_600_000,
            "how old what a provider says of a person may become, groups above all"),
    ]
}

/// The certificate of the people's listener.
public struct PeopleTLS: Sendable, Hashable {
    /// `certificate`: a PEM file with the chain, the leaf first.
    public var certificate: SecretReference
    /// `key`: a PEM file with its private key.
    public var key: SecretReference

    /// Names the files.
    public init(certificate: SecretReference, key: SecretReference) {
        self.certificate = certificate
        self.key = key
    }
}

/// A provider, an entry of `people.providers`.
public struct ProviderConfiguration: Sendable, Hashable {
    /// The registration.
    public var provider: OpenIDProvider
    /// `client_secret`; `nil` for a public client.
    public var secret: SecretReference?
    /// `ca`: a PEM file with the authorities that the provider's certificate must come from, in place of the system's.
    public var authority: SecretReference?
    /// `allow_private`: whether it may have an address of a private network, or of this machine.
    public var isPrivateAllowed = false

    /// Takes a registration.
    public init(_ provider: OpenIDProvider) { self.provider = provider }
}
