// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Telemetry
internal import Transport

/// Lets a request through only when the kernel says that its process runs as one of the allowed users.
///
/// The file modes of socket and directory already keep others out; this check holds when they were changed.
struct PeerCheck: RouterMiddleware {
    let allowedUsers: Set<UInt32>

    func handle(
        _ request: Request, context: AdminContext, next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        let channel = context.channel
        let credentials = try await channel.eventLoop.submit { PeerCredentials.read(from: channel) }.get()
        guard let credentials else {
            throw AdminError(.forbidden, "the kernel does not say who is asking", remedy: "ask over the Unix socket")
        }
        guard allowedUsers.contains(credentials.uid) else {
            context.logger.warning(
                "an admin request of a user who is not allowed was refused",
                metadata: [
                    LogField.operatorUser: .stringConvertible(credentials.uid),
                    LogField.method: .string(request.method.rawValue),
                    LogField.path: .string(request.uri.path),
                ])
            throw AdminError(
                .forbidden, "user \(credentials.uid) may not administer this gate",
                remedy: "type the command as the user that runs the gate or as root, "
                    + "or add \(credentials.uid) to admin.uids in the configuration")
        }
        var context = context
        context.caller = Operator(uid: credentials.uid, pid: credentials.pid)
        return try await next(request, context)
    }
}
