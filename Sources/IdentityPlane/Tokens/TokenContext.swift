// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Hummingbird
public import Identity
public import NIOCore

/// What the token endpoints know of one request's connection.
public struct TokenContext: RequestContext {
    /// What the web framework keeps.
    public var coreContext: CoreRequestContextStorage
    /// The connection, from whose handshake the client is known.
    public let channel: any Channel

    /// Takes the connection over.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// TLS in front of the token endpoints.
public struct TokenSecurity: Sendable {
    let protect: @Sendable (any Channel) throws -> Void
    let client: @Sendable (any Channel) async -> ExchangeClient?

    /// Describes the two sides of a handshake.
    ///
    /// - Parameters:
    ///   - protect: Adds the handlers to a new connection, on its loop.
    ///   - client: Who showed a certificate that is good now; `nil` when nobody did.
    public init(
        protect: @escaping @Sendable (any Channel) throws -> Void,
        client: @escaping @Sendable (any Channel) async -> ExchangeClient?
    ) {
        self.protect = protect
        self.client = client
    }
}
