// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Identity
internal import Logging
internal import NIOCore
internal import Telemetry

/// Stands before every page and every route of the dashboard: the name it is asked under, who asks, what they may do, and
/// whether one of its own pages asks for it.
struct DashboardDoor: RouterMiddleware {
    let access: DashboardAccess
    let logger: Logger

    func handle(
        _ request: Request, context: AdminContext, next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        // The route that was found counts, not what the address looks like: routers take `//v1/cut` for `/v1/cut`.
        let isAPI = (context.endpointPath ?? request.uri.path).utf8.starts(with: "/v1".utf8)
        var response: Response
        do {
            response = try await enter(request, context, isAPI: isAPI, next)
        } catch {
            let error = translate(error, request)
            response =
                isAPI
                ? try ProblemMiddleware.response(error.problem)
                : MessagePage(error).response(status: HTTPResponse.Status(code: error.kind.rawValue))
            if error.kind == .method {
                response.headers[.allow] = APIOperation.methods(of: request.uri.path).joined(separator: ", ")
            }
            if error.kind == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
            if error.kind == .tooSlow {
                response.headers[.connection] = "close"
                // Whoever sends slowly holds nothing.
                context.channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel = context.channel] in
                    channel.close(promise: nil)
                }
            }
        }
        for (name, value) in Self.standing where response.headers[name] == nil { response.headers[name] = value }
        if access.url.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return response
    }

    private func translate(_ error: any Error, _ request: Request) -> AdminError {
        switch error {
        case let error as AdminError: return error
        case let error as any HTTPResponseError where error.status == .notFound:
            return AdminError(.unknown, "there is no such page")
        case is any HTTPResponseError: return AdminError(.malformed, "the request is malformed")
        default:
            logger.error(
                "a request to the dashboard failed",
                metadata: [LogField.path: .string(request.uri.path), LogField.error: .string("\(error)")])
            return AdminError(.failed, "the gate's log says why")
        }
    }

    private func enter(
        _ request: Request, _ context: AdminContext, isAPI: Bool,
        _ next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        // A name that is not ours leads here only when somebody points it here, to speak with our cookies.
        guard let authority = request.head.authority, access.url.isAuthority(authority) else {
            throw AdminError(.misdirected, "this dashboard is not served under that name", remedy: "ask for its url")
        }
        var context = context
        let isRead = request.method == .get || request.method == .head
        if isAPI {
            context.visitor = try await caller(request, isRead: isRead)
            try Self.checkRole(request, context)
        } else {
            guard request.headers[values: .authorization].isEmpty else {
                throw AdminError(.forbidden, "pages are for browsers; a token opens /v1/ alone")
            }
            if !isRead { context.form = try await form(request) }
            let route = context.endpointPath ?? ""
            if !Self.isPublic(route) {
                // What a page fetches by itself does not keep a session alive.
                let counts = request.headers[Self.refresh] == nil && !route.utf8.elementsEqual("/events".utf8)
                guard let visitor = try await access.visitor(request, counts: counts) else {
                    guard isRead else {
                        throw AdminError(
                            .forbidden, "nobody is signed in, so nothing was done", remedy: "sign in again")
                    }
                    return Self.redirect(to: "/login")
                }
                if !isRead { try Self.check(context.form?["form"], of: visitor) }
                context.visitor = visitor
            }
        }
        if let visitor = context.visitor { context.caller = visitor.caller }
        return try await next(request, context)
    }

    // MARK: Who asks

    private func caller(_ request: Request, isRead: Bool) async throws -> DashboardVisitor {
        let authorizations = request.headers[values: .authorization]
        // A token of its own is no browser's doing: nothing adds it to a request of a foreign page.
        guard authorizations.isEmpty else { return try access.program(authorizations) }
        guard let visitor = try await access.visitor(request, counts: true) else {
            throw AdminError(
                .unauthorized, "nobody is signed in", remedy: "sign in, or send the token of yett dashboard --api-token"
            )
        }
        if !isRead {
            try checkOrigin(request)
            let tokens = request.headers[values: Self.formField]
            try Self.check(tokens.count == 1 ? tokens.first : nil, of: visitor)
        }
        return visitor
    }

    /// Programs and pages may ask for what the table says, by the route that was found and not by what the address
    /// looks like.
    private static func checkRole(_ request: Request, _ context: AdminContext) throws {
        guard let path = context.endpointPath, let operation = APIOperation.find(request.method.rawValue, path) else {
            let methods = APIOperation.methods(of: request.uri.path)
            guard methods.isEmpty else {
                throw AdminError(.method, "the methods of this are \(methods.joined(separator: ", "))")
            }
            throw AdminError(.unknown, "\(request.method.rawValue) \(request.uri.path) is not part of this gate's API")
        }
        guard let role = operation.role else {
            throw AdminError(.forbidden, "this is done over the operators' socket only", remedy: "use the command yett")
        }
        guard let visitor = context.visitor, visitor.role >= role else {
            throw AdminError(.forbidden, "this takes the role \(role.rawValue)")
        }
    }

    // MARK: What foreign pages may not do

    /// What a browser says of where a request comes from has to be us; one that says nothing is no browser of today.
    private func checkOrigin(_ request: Request) throws {
        let origins = request.headers[values: .origin]
        let sites = request.headers[values: Self.fetchSite]
        let isOwn =
            origins.allSatisfy { $0.utf8.elementsEqual(access.url.origin.utf8) }
            && sites.allSatisfy { $0.utf8.elementsEqual("same-origin".utf8) }
        guard isOwn, origins.count + sites.count > 0, origins.count <= 1, sites.count <= 1 else {
            throw AdminError(.forbidden, "a page of another place asked for this, so nothing was done")
        }
    }

    private static func check(_ token: String?, of visitor: DashboardVisitor) throws {
        guard let session = visitor.session, let token, let given = DashboardSecret(.form, token),
            SecretComparison.isSame(given.digest, session.form.digest)
        else {
            throw AdminError(
                .forbidden, "the form is not one of this session, so nothing was done", remedy: "load the page again")
        }
    }

    /// The fields of a posted form, which nobody gets much time for.
    private func form(_ request: Request) async throws -> FormFields {
        try checkOrigin(request)
        guard request.headers[values: .contentType].count == 1,
            let type = request.headers[.contentType], FormText.isMediaType(type)
        else { throw AdminError(.malformed, "a form is expected here") }
        let bytes = try await RequestBytes.read(request)
        guard let fields = try? FormFields(parsing: bytes) else {
            throw AdminError(.malformed, "the form is malformed, so nothing was done")
        }
        return fields
    }

    // MARK: Names

    static let formField = HTTPField.Name("Yett-Form")!
    static let refresh = HTTPField.Name("Yett-Refresh")!
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!

    /// What is shown to anybody: the way in, and what pages look like.
    private static func isPublic(_ route: String) -> Bool {
        route.utf8.elementsEqual("/login".utf8) || route.utf8.elementsEqual("/favicon.ico".utf8)
            || ["/login/", "/callback/", "/assets/"].contains { route.utf8.starts(with: $0.utf8) }
    }

    static func redirect(to location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }

    /// What every answer has. With no-referrer browsers would say of our own forms that they come from nowhere.
    private static let standing: [(HTTPField.Name, String)] = [
        (.cacheControl, "no-store"), (HTTPField.Name("Referrer-Policy")!, "same-origin"),
        (.xContentTypeOptions, "nosniff"), (HTTPField.Name("X-Frame-Options")!, "DENY"),
        (HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin"),
        (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
        (
            .contentSecurityPolicy,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
    ]
}
