// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
public import Hummingbird
public import HummingbirdCore
public import Identity
internal import NIOCore
internal import Protocols

/// The token endpoints as an HTTP application's routes.
public struct TokenRoutes<Context: RequestContext>: Sendable {
    private let service: TokenService
    private let client: @Sendable (Context) async -> ExchangeClient?

    /// Routes.
    ///
    /// - Parameter client: Who is at the other end of the connection, from its verified certificate.
    public init(_ service: TokenService, client: @escaping @Sendable (Context) async -> ExchangeClient?) {
        self.service = service
        self.client = client
    }

    /// Answers a request.
    public func respond(to request: Request, context: Context) async throws -> Response {
        var wanted = TokenRequest(method: request.method.rawValue, path: request.uri.path)
        let contentTypes = request.headers[values: .contentType]
        wanted.contentType = contentTypes.count == 1 ? contentTypes.first : nil
        wanted.proofs = HTTPField.Name("DPoP").map { request.headers[values: $0] } ?? []
        wanted.hasAuthorization = request.headers[.authorization] != nil
        if request.method == .post {
            guard let body = try? await request.body.collect(upTo: FormFields.largestBody) else {
                return Self.response(TokenAnswer(status: 413))
            }
            wanted.body = Array(body.readableBytesView)
        }
        return Self.response(await service.answer(wanted, client: await client(context)))
    }

    private static func response(_ answer: TokenAnswer) -> Response {
        var headers: HTTPFields = [:]
        // RFC 6749 section 5.1.
        headers[.cacheControl] = answer.maximumAge.map { "public, max-age=\($0)" } ?? "no-store"
        if answer.maximumAge == nil, let pragma = HTTPField.Name("Pragma") { headers[pragma] = "no-cache" }
        if answer.status == 401 { headers[.wwwAuthenticate] = "Mutual" }
        var body = ByteBuffer()
        if let json = answer.body {
            headers[.contentType] = "application/json"
            body.writeBytes(json.bytes)
        }
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers, body: ResponseBody(byteBuffer: body))
    }
}

extension TokenRoutes: HTTPResponder {}
