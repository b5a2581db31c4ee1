// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle

/// The way in for operators: HTTP/1.1 with JSON over a Unix socket that only they can open.
///
/// There is no TCP listener and no password: the kernel says who is asking.
public struct AdminPlane: Service {
    private let gate: any GateControl
    private let socket: AdminSocket
    private let dashboard: Dashboard?
    private let allowedUsers: Set<UInt32>
    private let logger: Logger
    private let onListening: @Sendable () -> Void

    /// Prepares the socket's directory.
    ///
    /// - Parameters:
    ///   - gate: What is administered.
    ///   - socketPath: Where to listen, at most 107 bytes.
    ///   - users: Who may connect besides the gate's own user and root.
    ///   - dashboard: The pages to which it gives tokens.
    ///   - onListening: Called once requests are taken.
    /// - Throws: ``AdminSocketError``.
    public init(
        gate: any GateControl, socketPath: String, users: [UInt32], dashboard: Dashboard? = nil, logger: Logger,
        onListening: @escaping @Sendable () -> Void = {}
    ) throws(AdminSocketError) {
        self.gate = gate
        self.dashboard = dashboard
        allowedUsers = Set(users).union([0, geteuid()])
        self.socket = AdminSocket(path: socketPath, users: users.filter { $0 != 0 && $0 != geteuid() })
        self.logger = logger
        self.onListening = onListening
        try socket.prepare()
    }

    /// Serves until the service group shuts down.
    public func run() async throws {
        let router = Router(context: AdminContext.self)
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: PeerCheck(allowedUsers: allowedUsers))
        APIRoutes(gate: gate, dashboard: dashboard?.access).add(to: router.group("v1"))
        DocumentRoutes(gate: gate).add(to: router)
        let application = Application(
            router: router,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    idleTimeout: .seconds(120),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64))),
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: socket.path)),
            onServerRunning: { [socket, logger, onListening] channel in
                do {
                    try socket.seal()
                    onListening()
                } catch {
                    logger.critical("the admin socket is closed: \(error)")
                    channel.close(promise: nil)
                }
            },
            logger: logger)
        defer { socket.remove() }
        try await application.run()
    }
}
