// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle

/// The token endpoints, and where remote workloads get their first certificate, on an HTTPS listener.
public struct TokenServer: Service {
    /// The most connections at one time.
    private static let mostConnections = 2000

    private let tokens: TokenRoutes<TokenContext>
    private let joins: JoinRoutes?
    private let delegations: DelegationRoutes
    private let security: TokenSecurity
    private let address: (host: String, port: Int)
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) -> Void

    /// Prepares the listener; nothing is opened before ``run()``.
    ///
    /// - Parameters:
    ///   - joins: Where remote workloads get certificates; `nil` where somebody else issues them.
    ///   - delegations: Where agents hand parts of their tasks on.
    ///   - host: A literal address.
    ///   - port: 0 lets the system choose.
    ///   - onListening: Called once requests are taken.
    public init(
        _ tokens: TokenService, joins: JoinRoutes?, delegations: DelegationRoutes, security: TokenSecurity,
        host: String, port: Int, logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.tokens = TokenRoutes(tokens) { await security.client($0.channel) }
        self.joins = joins
        self.delegations = delegations
        self.security = security
        address = (host, port)
        // The framework names paths and peers only, and those in each line: no more than warnings.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        self.logger = quiet
        self.onListening = onListening
    }

    /// Serves until the service group shuts down.
    public func run() async throws {
        let channel = HTTP1Channel.Configuration(
            idleTimeout: .seconds(60),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 64))
        let responder = CallbackResponder<TokenContext> { [tokens, joins, delegations, security] request, context in
            if delegations.paths.contains(request.uri.path) {
                return await delegations.respond(to: request, client: await security.client(context.channel))
            }
            if let joins, joins.paths.contains(request.uri.path) {
                return await joins.respond(to: request, client: await security.client(context.channel))
            }
            return try await tokens.respond(to: request, context: context)
        }
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder { [security] responder in
                SecuredChannel(
                    base: HTTP1Channel(responder: responder, configuration: channel), protect: security.protect)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            onServerRunning: { [onListening] channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }
}

/// HTTP behind TLS.
private struct SecuredChannel: ServerChildChannel {
    let base: HTTP1Channel
    let protect: @Sendable (any Channel) throws -> Void

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.eventLoop.makeCompletedFuture { try protect(channel) }
            .flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
