// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import NIOCore
internal import Outbound
internal import Resolver

/// Asks one server under the gate's own guard: whatever its name leads to, no address is dialled that nobody allowed.
struct GuardedClient: Sendable {
    private let exceptions: [AddressException]
    private let listeners: @Sendable () -> [(IPAddress, UInt16)]
    private let lookup: OutboundClient.Lookup
    private let trust: OutboundTrust
    private let limits: OutboundLimits

    /// The networks that `allow_private` opens, for the server's own host and port and for nothing else.
    static let privateBlocks = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1/128",
    ]

    /// Prepares to ask a server.
    ///
    /// - Parameters:
    ///   - isPrivateAllowed: Whether it may have a private or loopback address.
    ///   - trust: Whom it takes for the server.
    ///   - listeners: Where the gate itself listens at present.
    init(
        _ endpoint: Endpoint, isPrivateAllowed: Bool, trust: OutboundTrust, names: any NameResolver,
        limits: OutboundLimits = OutboundLimits(total: .seconds(10)),
        listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]
    ) throws {
        exceptions =
            isPrivateAllowed
            ? try Self.privateBlocks.map {
                try AddressException(host: "\(endpoint.host)", port: "\(endpoint.port)", block: $0)
            } : []
        self.listeners = listeners
        self.trust = trust
        self.limits = limits
        lookup = { name, done in
            names.resolve(name) { done($0.map(\.addresses).mapError { $0 }) }
        }
    }

    /// Sends a request and takes the whole answer.
    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        try await OutboundClient(
            addressGuard: AddressGuard(
                exceptions: exceptions, ownListeners: listeners(), localAddresses: LocalAddresses.all()),
            lookup: lookup, trust: trust, limits: limits
        ).send(request)
    }
}
