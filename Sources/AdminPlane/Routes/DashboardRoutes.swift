// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Identity
internal import NIOCore

/// Ways into the dashboard, for whoever is let in to the operators' socket, and the description of the API.
struct DashboardRoutes {
    let access: DashboardAccess?

    func add(to router: RouterGroup<AdminContext>) {
        router.post("dashboard/tokens") { _, context in
            let access = try opened()
            guard let token = access.sessions.token(for: context.caller.uid) else {
                throw AdminError(.tooMany, "too many tokens wait to be used", remedy: "wait a minute")
            }
            let url = access.url.origin
            return Answer(
                DashboardTokenReport(
                    url: url, token: token.secret.text, login: "\(url)/login#\(token.secret.text)",
                    seconds: DashboardSessions.tokenLife), status: .created)
        }
        router.get("openapi.json") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: OpenAPIDocument.bytes)))
        }
        router.post("dashboard/programs") { request, context in
            let access = try opened()
            let wanted = try await request.decode(as: DashboardProgramRequest.self, context: context)
            guard (60...DashboardSessions.longestProgram).contains(wanted.seconds) else {
                throw AdminError(.malformed, "a token of a program is good for a minute to 30 days")
            }
            guard
                let program = access.sessions.program(
                    for: context.caller.uid, wanted.role, seconds: wanted.seconds)
            else { throw AdminError(.tooMany, "too many programs have tokens", remedy: "wait until some end") }
            return Answer(
                DashboardTokenReport(
                    url: access.url.origin, token: program.secret.text, login: nil, seconds: wanted.seconds),
                status: .created)
        }
    }

    private func opened() throws(AdminError) -> DashboardAccess {
        guard let access else {
            throw AdminError(
                .conflict, "this gate has no dashboard", remedy: "add dashboard: {address: \"127.0.0.1:8445\"}")
        }
        return access
    }
}
