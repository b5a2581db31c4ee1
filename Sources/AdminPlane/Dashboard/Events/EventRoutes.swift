// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// One stream of events that says which pages changed.
struct EventRoutes {
    let access: DashboardAccess
    let hub: ChangeHub

    /// How long one stream lasts; the browser opens the next one by itself.
    private static let longest = Duration.seconds(600)

    func add(to router: Router<AdminContext>) {
        router.get("/events") { _, context in
            guard let session = context.visitor?.session else { throw AdminError(.forbidden, "nobody is signed in") }
            guard let changes = hub.changes() else {
                throw AdminError(.tooMany, "too many pages are open", remedy: "close some")
            }
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream"],
                body: ResponseBody { [access] writer in
                    try await Self.write(changes, of: session, access, to: &writer)
                    try await writer.finish(nil)
                })
        }
    }

    private static func write(
        _ changes: AsyncStream<Set<Page.Place>>, of session: DashboardSessions.Session, _ access: DashboardAccess,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        let end = ContinuousClock.now + longest
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
        for await places in changes {
            // A session that is over, or whose role is gone, learns nothing more.
            guard access.sessions.isOpen(session), (try? await access.visitor(of: session)) ?? nil != nil else {
                try await writer.write(ByteBuffer(string: "event: end\ndata: {}\n\n"))
                return
            }
            let pages = places.map { "\"\($0.rawValue)\"" }.sorted().joined(separator: ",")
            try await writer.write(ByteBuffer(string: "event: change\ndata: {\"pages\":[\(pages)]}\n\n"))
            if ContinuousClock.now >= end { return }
        }
    }
}
