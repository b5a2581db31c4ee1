// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity

/// Security events of others and for others, `signals`: what the OpenID Shared Signals Framework calls streams.
public struct SignalsConfiguration: Sendable, Hashable {
    /// `address`: where others push; `nil` where nobody does.
    public var address: IPAddress?
    /// The port of `address`; 0 lets the system choose.
    public var port: UInt16 = 0
    /// `tls`: the listener's certificate; absent on loopback addresses only.
    public var tls: PeopleTLS?
    /// `receivers`: whose events count.
    public var receivers: [SignalReceiverConfiguration] = []
    /// `transmitter.streams`: who is told of what the gate does.
    public var streams: [SignalStreamConfiguration] = []

    /// Nobody.
    public init() {}
}

/// A transmitter whose events count, an entry of `signals.receivers`.
public struct SignalReceiverConfiguration: Sendable, Hashable {
    /// How its tokens come.
    public enum Delivery: Sendable, Hashable {
        /// `push` (RFC 8935): it posts to a path, and shows a bearer token.
        case push(path: String, credential: SecretReference)
        /// `poll` (RFC 8936): the gate asks a URL, and shows a bearer token.
        case poll(SignalPollConfiguration)
    }

    /// `name`, for records.
    public var name: String
    /// The registration.
    public var transmitter: SecurityEventTransmitter
    /// `keys` or `keys_url`.
    public var keys: TokenIssuerConfiguration.Keys
    /// `push` or `poll`.
    public var delivery: Delivery
    /// `ca`: a PEM file with the authorities of the certificates of `keys_url` and `poll.url`, in place of the system's.
    public var authority: SecretReference?
    /// `allow_private`: whether both may have an address of a private network, or of this machine.
    public var isPrivateAllowed = false

    /// Registers a transmitter.
    public init(
        name: String, transmitter: SecurityEventTransmitter, keys: TokenIssuerConfiguration.Keys, delivery: Delivery
    ) {
        self.name = name
        self.transmitter = transmitter
        self.keys = keys
        self.delivery = delivery
    }
}

/// Where tokens are fetched, `poll`.
public struct SignalPollConfiguration: Sendable, Hashable {
    /// `url`: `https`.
    public var url: String
    /// `credential`.
    public var credential: SecretReference
    /// `interval`.
    public var interval: Duration = .seconds(30)
    /// `max_events`.
    public var maximumEvents = 32

    /// Describes an endpoint.
    public init(url: String, credential: SecretReference) {
        self.url = url
        self.credential = credential
    }

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<SignalPollConfiguration>] = [
        .time("interval", \.interval, 1_000...3_600_000, "how long after an answer the transmitter is asked again"),
        .count("max_events", \.maximumEvents, 1...256, "tokens of one answer"),
    ]
}

/// A receiver that is told of what the gate does, an entry of `signals.transmitter.streams`.
public struct SignalStreamConfiguration: Sendable, Hashable {
    /// `name`, for log lines and what waits.
    public var name: String
    /// `url`: where tokens are posted, `https`.
    public var url: String
    /// `audience`: `aud` of the tokens.
    public var audience: String
    /// `credential`: the bearer token that is shown.
    public var credential: SecretReference
    /// `ca`: a PEM file with the authorities of the receiver's certificate, in place of the system's.
    public var authority: SecretReference?
    /// `allow_private`: whether it may have an address of a private network, or of this machine.
    public var isPrivateAllowed = false

    /// Describes a receiver.
    public init(name: String, url: String, audience: String, credential: SecretReference) {
        self.name = name
        self.url = url
        self.audience = audience
        self.credential = credential
    }
}
