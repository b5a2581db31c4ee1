// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Identity
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

    /// The most connections at one time.
    public static let mostConnections = 1024

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
        let http1 = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                idleTimeout: .seconds(30),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64)))
        let application = Application(
            responder: PeopleRoutes<PeopleContext>(service, address: \.address),
            server: try tls.map { try .tls(http1, tlsConfiguration: $0) } ?? http1,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            onServerRunning: { [onListening] channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }
}

/// What is known of a connection: where it comes from.
struct PeopleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? ""
    }
}

/// The people's pages as an HTTP application's responder.
struct PeopleRoutes<Context: RequestContext>: HTTPResponder {
    private let service: PeopleService
    private let address: @Sendable (Context) -> String

    init(_ service: PeopleService, address: @escaping @Sendable (Context) -> String) {
        self.service = service
        self.address = address
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        var wanted = PeopleRequest(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "",
            authority: request.head.authority)
        wanted.cookies = request.headers[values: .cookie]
        wanted.authorizations = request.headers[values: .authorization]
        wanted.contentType = Self.only(.contentType, of: request)
        wanted.origin = Self.only(.origin, of: request)
        wanted.fetchSite = HTTPField.Name("Sec-Fetch-Site").flatMap { Self.only($0, of: request) }
        wanted.address = address(context)
        if request.method == .post {
            guard let body = try? await request.body.collect(upTo: 16 * 1024) else {
                return response(PeopleAnswer(status: 413))
            }
            wanted.body = Array(body.readableBytesView)
        }
        return response(await service.answer(wanted))
    }

    /// The value of a field that stands there once; of one that stands there twice, a value that fits nothing.
    private static func only(_ name: HTTPField.Name, of request: Request) -> String? {
        let values = request.headers[values: name]
        return values.count > 1 ? "" : values.first
    }

    private static var standing: [(String, String)] {
        [
            // With no-referrer browsers would say of our own forms that they come from nowhere.
            ("Cache-Control", "no-store"), ("Referrer-Policy", "same-origin"), ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"), ("Cross-Origin-Opener-Policy", "same-origin"),
            (
                "Content-Security-Policy",
                "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
            ),
        ]
    }

    private func response(_ answer: PeopleAnswer) -> Response {
        var headers: HTTPFields = [:]
        for (name, value) in Self.standing + answer.fields.map({ ($0.name, $0.value) }) {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        if service.base.isSecure { headers[.strictTransportSecurity] = "max-age=31536000" }
        headers[.contentType] = answer.type
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
