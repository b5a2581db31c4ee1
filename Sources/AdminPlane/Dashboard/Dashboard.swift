// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Identity
public import Logging
internal import NIOCore
internal import NIOSSL
public import ServiceLifecycle

/// The way in for operators' browsers and programs: pages, one stream of events, and the HTTP API, over HTTP/1.1.
public struct Dashboard: Service {
    private let gate: any GateControl
    private let settings: DashboardSettings
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void
    let access: DashboardAccess

    /// Prepares the dashboard; nothing is opened before ``run()``.
    ///
    /// - Parameters:
    ///   - people: Where people sign in; `nil` where they do not.
    ///   - roles: Who has which role now.
    ///   - now: Unix seconds.
    ///   - onListening: Called with the port once requests are taken.
    /// - Returns: `nil` when address and port make no URL.
    public init?(
        gate: any GateControl, settings: DashboardSettings, people: (any DashboardPeople)?,
        roles: @escaping @Sendable () -> DashboardRoles, now: @escaping @Sendable () -> Int64, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        guard let access = DashboardAccess(settings, people: people, roles: roles, now: now) else { return nil }
        self.gate = gate
        self.settings = settings
        self.access = access
        // The framework's own lines hold addresses with their queries: none of them is written.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        self.logger = quiet
        self.onListening = onListening
    }

    /// Serves until the service group shuts down.
    public func run() async throws {
        let hub = ChangeHub(gate: gate, most: settings.streams, logger: logger)
        let router = router(hub)
        let configuration = HTTP1Channel.Configuration(
            idleTimeout: .seconds(60),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64))
        let application = Application(
            responder: router.buildResponder(),
            server: HTTPServerBuilder { [tls = settings.tls] responder in
                let plain = HTTP1Channel(responder: responder, configuration: configuration)
                guard let tls else { return plain }
                return try TLSChannel(plain, tlsConfiguration: tls)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.connections)),
            onServerRunning: { [onListening, access] channel in
                let port = channel.localAddress?.port ?? 0
                access.serves(on: port)
                onListening(port)
            },
            logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await cancelWhenGracefulShutdown { await hub.run() }
                hub.finish()
            }
            try await application.run()
            group.cancelAll()
        }
    }

    func router(_ hub: ChangeHub) -> Router<AdminContext> {
        let router = Router(context: AdminContext.self)
        router.add(middleware: DashboardDoor(access: access, logger: logger))
        Asset.add(to: router)
        SignInRoutes(access: access).add(to: router)
        PageRoutes(gate: gate, access: access).add(to: router)
        ActionRoutes(gate: gate, access: access).add(to: router)
        EventRoutes(access: access, hub: hub).add(to: router)
        let group = router.group("v1").add(middleware: ProblemMiddleware())
        APIRoutes(gate: gate, dashboard: access).add(to: group)
        return router
    }

    /// Where browsers find it.
    public var url: String { access.url.description }
}
