// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// How the people's listener behaves.
public struct PeopleSettings: Sendable {
    /// Where people's browsers and command lines find it: scheme, host and port.
    public var url: ProviderURL
    /// How long a session may be without use, in seconds.
    public var idle: Int64 = 3600
    /// How long a session may last after the sign-in, in seconds.
    public var longest: Int64 = 8 * 3600
    /// How old what a provider says of a person may become, in seconds.
    public var refresh: Int64 = 300
    /// How long a sign-in may be under way, in seconds.
    public var signIn: Int64 = 600
    /// How long a device waits for a person, in seconds.
    public var device: Int64 = 600

    /// The most sessions, and those of one person.
    public var sessions = 10_000
    /// The most sessions of one person; the oldest gives way.
    public var sessionsOfPerson = 32
    /// The most sign-ins and devices that are waited for, each.
    public var waiting = 4096
    /// Those that come from one address.
    public var waitingOfAddress = 64
    /// The most connections, whatever they do.
    public var connections = 1024
    /// Those that come from one network.
    public var connectionsOfNetwork = 128
    /// How long the body of a request may take.
    public var body: Duration = .seconds(10)

    /// Settings with the defaults.
    public init(url: ProviderURL) { self.url = url }
}
