// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import Identity
internal import NIOCore

/// What is known of a connection: where it comes from.
struct PeopleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? ""
        channel = source.channel
    }

    /// Ends the connection once the answer had a moment to go out: whoever sends slowly holds nothing.
    func hangUp() {
        channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    }
}

/// The people's pages as an HTTP application's responder.
struct PeopleRoutes: HTTPResponder {
    private static let largestBody = 16 * 1024
    private let service: PeopleService

    init(_ service: PeopleService) { self.service = service }

    func respond(to request: Request, context: PeopleContext) async throws -> Response {
        var wanted = PeopleRequest(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "",
            authority: request.head.authority)
        wanted.cookies = request.headers[values: .cookie]
        wanted.authorizations = request.headers[values: .authorization]
        wanted.contentType = Self.only(.contentType, of: request)
        wanted.origin = Self.only(.origin, of: request)
        wanted.fetchSite = HTTPField.Name("Sec-Fetch-Site").flatMap { Self.only($0, of: request) }
        wanted.address = context.address
        if request.method == .post {
            switch await body(of: request) {
            case .whole(let bytes): wanted.body = bytes
            case .tooLarge: return response(PeopleAnswer(status: 413))
            case .tooSlow:
                context.hangUp()
                return response(PeopleAnswer(status: 408).with("Connection", "close"))
            }
        }
        return response(await service.answer(wanted))
    }

    private enum Body {
        case whole([UInt8])
        case tooLarge
        case tooSlow
    }

    /// Anybody may post, so that nobody gets much time for it.
    private func body(of request: Request) async -> Body {
        await withTaskGroup(of: Body.self) { group in
            group.addTask {
                guard let body = try? await request.body.collect(upTo: Self.largestBody) else { return .tooLarge }
                return .whole(Array(body.readableBytesView))
            }
            group.addTask { [time = service.settings.body] in
                try? await Task.sleep(for: time)
                return .tooSlow
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .tooSlow
        }
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
