// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
public import NIOSSL
public import ServiceLifecycle

/// The way in for people: pages for their browsers and a few endpoints for their command lines, over HTTP/1.1.
public struct PeopleListener: Service {
    private let service: PeopleService
    private let host: String
    private let port: Int
    private let tls: TLSConfiguration?
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// Prepares the listener; nothing is opened before ``run()``.
    ///
    /// - Parameters:
    ///   - host: An address of this machine.
    ///   - tls: Certificate and key; `nil` for HTTP in the clear, which is for loopback addresses only.
    ///   - onListening: Called with the port once requests are taken.
    public init(
        _ service: PeopleService, host: String, port: Int, tls: TLSConfiguration?, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.service = service
        self.host = host
        self.port = port
        self.tls = tls
        // The framework's own lines hold addresses with their queries: none of them is written.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        self.logger = quiet
        self.onListening = onListening
    }

    /// Serves until the service group shuts down.
    public func run() async throws {
        let configuration = HTTP1Channel.Configuration(
            idleTimeout: .seconds(30),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64))
        let counts = ConnectionCounts(most: service.settings.connectionsOfNetwork)
        let application = Application(
            responder: PeopleRoutes(service),
            server: HTTPServerBuilder { [tls] responder in
                let plain = HTTP1Channel(responder: responder, configuration: configuration)
                guard let tls else { return CountedChannel(base: plain, counts: counts) }
                return CountedChannel(base: try TLSChannel(plain, tlsConfiguration: tls), counts: counts)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(service.settings.connections)),
            onServerRunning: { [onListening] channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }
}
