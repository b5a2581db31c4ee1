// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Asks the gate over the client's own socket; a connection for each request.
struct GateClient: Sendable {
    /// What comes back, in this order.
    enum Part: Sendable {
        case head(status: UInt, type: String, session: String?)
        case body(ByteBuffer)
    }

    let socket: String
    let path: String
    let token: String?

    /// Asks, and gives each part of the answer to `take` as it comes.
    func ask(
        _ method: HTTPMethod, _ fields: [(String, String)], _ body: [UInt8]? = nil,
        take: @Sendable (Part) async throws -> Void
    ) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: socket) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        var headers = HTTPHeaders([("host", "yett")] + fields)
        if let token { headers.add(name: "authorization", value: "Bearer \(token)") }
        if let body { headers.add(name: "content-length", value: "\(body.count)") }
        headers.add(name: "connection", value: "close")
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(.head(head))
            if let body { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
            try await outbound.write(.end(nil))
            for try await part in inbound {
                switch part {
                case .head(let head):
                    guard head.status.code >= 200 else { continue }
                    try await take(
                        .head(
                            status: head.status.code, type: head.headers.first(name: "content-type") ?? "",
                            session: head.headers.first(name: "mcp-session-id")))
                case .body(let bytes): try await take(.body(bytes))
                case .end: return
                }
            }
        }
    }
}
