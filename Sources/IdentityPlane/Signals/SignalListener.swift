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
internal import Protocols
public import ServiceLifecycle

/// Where transmitters push security event tokens (RFC 8935), over HTTP/1.1.
public struct SignalListener: Service {
    private static let mostConnections = 256

    private let intake: any SignalIntake
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
        _ intake: any SignalIntake, host: String, port: Int, tls: TLSConfiguration?, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.intake = intake
        self.host = host
        self.port = port
        self.tls = tls
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
        let application = Application(
            responder: SignalRoutes(intake: intake),
            server: HTTPServerBuilder { [tls] responder in
                let plain = HTTP1Channel(responder: responder, configuration: configuration)
                guard let tls else { return plain }
                return try TLSChannel(plain, tlsConfiguration: tls)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            onServerRunning: { [onListening] channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }
}

/// The listener's paths as an HTTP application's responder.
struct SignalRoutes: HTTPResponder {
    let intake: any SignalIntake

    private static let mediaType = "application/secevent+jwt"
    /// Within which a transmitter has to bring its token.
    private static let longestBody = Duration.seconds(10)

    func respond(to request: Request, context: PeopleContext) async throws -> Response {
        let path = request.uri.path
        guard request.method == .post else {
            guard request.method == .get, let document = intake.document(at: path) else { return Self.answer(404) }
            return Self.answer(200, json: document)
        }
        switch intake.admission(to: path, bearer: Self.bearer(of: request)) {
        case .admitted: break
        case .unknown: return Self.answer(404)
        case .refused:
            var response = Self.answer(
                401, error: SecurityEventError(.authenticationFailed, "the credential is not the one of this path"))
            response.headers[.wwwAuthenticate] = "Bearer"
            return response
        }
        let types = request.headers[values: .contentType]
        guard types.count == 1, let type = types.first, Self.isSecurityEvent(type) else {
            return Self.answer(400, error: SecurityEventError(.invalidRequest, "the body is not \(Self.mediaType)"))
        }
        switch await body(of: request) {
        case .whole(let token):
            switch await intake.take(token, at: path) {
            case .taken: return Self.answer(202)
            case .refused(let error): return Self.answer(400, error: error)
            case .later:
                var response = Self.answer(503)
                response.headers[.retryAfter] = "5"
                return response
            }
        case .tooLarge: return Self.answer(400, error: SecurityEventError(.invalidRequest, "the token is too long"))
        case .tooSlow:
            context.hangUp()
            return Self.answer(408)
        }
    }

    private enum Body {
        case whole([UInt8])
        case tooLarge
        case tooSlow
    }

    private func body(of request: Request) async -> Body {
        await withTaskGroup(of: Body.self) { group in
            group.addTask {
                guard let body = try? await request.body.collect(upTo: SecurityEventToken.longest) else {
                    return .tooLarge
                }
                return .whole(Array(body.readableBytesView))
            }
            group.addTask {
                try? await Task.sleep(for: Self.longestBody)
                return .tooSlow
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .tooSlow
        }
    }

    /// The token of the one `Authorization` field.
    private static func bearer(of request: Request) -> String? {
        var wanted = PeopleRequest(path: "")
        wanted.authorizations = request.headers[values: .authorization]
        return wanted.bearer
    }

    private static func isSecurityEvent(_ type: String) -> Bool {
        let essence = type.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
        return essence.lowercased().utf8.filter { $0 != 0x20 && $0 != 0x09 }.elementsEqual(mediaType.utf8)
    }

    private static func answer(_ status: Int, json: JSONValue? = nil) -> Response {
        var headers: HTTPFields = [:]
        headers[.cacheControl] = json == nil ? "no-store" : "public, max-age=60"
        var body = ByteBuffer()
        if let json {
            headers[.contentType] = "application/json"
            body.writeBytes(json.bytes)
        }
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers, body: ResponseBody(byteBuffer: body))
    }

    private static func answer(_ status: Int, error: SecurityEventError) -> Response {
        var response = answer(
            status, json: ["err": .string(error.code.rawValue), "description": .string(error.description)])
        response.headers[.contentLanguage] = "en"
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
