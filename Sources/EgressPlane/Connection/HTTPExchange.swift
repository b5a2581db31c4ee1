// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import NIOCore
import Protocols
import Transport

/// One absolute-form request and its response: what was judged, in the very bytes that will be forwarded.
struct HTTPExchange {
    /// The canonical path that was judged.
    let path: String
    /// The path as it is forwarded, where that is another spelling.
    let sentPath: String?
    /// The query as it is forwarded.
    let query: String?
    /// Whether the client asks to continue as a WebSocket.
    let asksForUpgrade: Bool
    /// Whether the client may send another request after this one.
    let allowsKeepAlive: Bool
    /// How the client frames the request body, and so how it is framed upstream.
    let framing: HTTP1Framing
    /// The request head for the upstream.
    var head: ByteBuffer
    /// Reads the request body.
    var body: HTTP1BodyReader
    /// Body bytes that were forwarded.
    var bodyBytes: UInt64 = 0
    /// Judges the upstream's response heads.
    var state: HTTP1Exchange
    /// Writes the response head for the client.
    let writer: HTTP1ResponseWriter
    /// The exchange's place in a trace, where it is traced.
    var trace: TraceSeed?

    /// Makes the head that is forwarded from the one that was parsed.
    ///
    /// - Parameter isSearched: Whether what passes is looked through, so that nothing may ask for what hides it: content
    ///   codings, and extensions of WebSockets.
    /// - Returns: A refusal when what stands behind the head cannot begin another request.
    static func prepare(
        _ head: borrowing HTTP1RequestHead, in message: ByteBuffer, destination: Destination, settings: EgressSettings,
        isSearched: Bool = false, tracer: LoopTracer?
    ) -> Result<HTTPExchange, HTTP1Refusal> {
        let host = destination.port == 80 ? "\(destination.host)" : "\(destination.host):\(destination.port)"
        var head = copy head
        return message.withUnsafeReadableBytes { bytes in
            if let refusal = head.judgeRest(of: bytes) { return .failure(refusal) }
            if isSearched {
                for name in hidingFields { name.withUnsafeBytes { head.fields.remove(named: $0, in: bytes) } }
            }
            let asksForUpgrade = head.offersWebSocket(in: bytes)
            let trace = tracer?.begin(head.fields, in: bytes)
            trace?.strip(&head.fields, in: bytes)
            let added = trace?.seed.map { "traceparent: \($0.forwarded)\r\n" } ?? ""
            guard let forwarded = forward(head, in: bytes, host: host, adding: added, allowsWebSocket: asksForUpgrade)
            else {
                return .failure(HTTP1Refusal(.headTooLarge))
            }
            let keepsAlive = head.allowsKeepAlive
            return .success(
                HTTPExchange(
                    path: head.path.decisionText(in: bytes),
                    sentPath: head.path.hasParameters ? head.path.forwardText(in: bytes) : nil,
                    query: head.target.query?.text(in: bytes),
                    asksForUpgrade: asksForUpgrade, allowsKeepAlive: keepsAlive, framing: head.framing,
                    head: forwarded, body: HTTP1BodyReader(framing: head.framing, limits: settings.http),
                    state: HTTP1Exchange(
                        method: head.method, clientVersion: head.version, asksForUpgrade: asksForUpgrade),
                    writer: HTTP1ResponseWriter(
                        method: head.method, clientVersion: head.version, closes: !keepsAlive),
                    trace: trace?.seed))
        }
    }

    private static let hidingFields = ["accept-encoding", "sec-websocket-extensions"].map { Array($0.utf8) }

    private static func forward(
        _ head: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer, host: String, adding fields: String,
        allowsWebSocket: Bool
    ) -> ByteBuffer? {
        var (host, fields) = (host, fields)
        return host.withUTF8 { host in
            fields.withUTF8 { fields in
                let writer = HTTP1RequestWriter(
                    host: UnsafeRawBufferPointer(host), addedFields: UnsafeRawBufferPointer(fields),
                    allowsWebSocket: allowsWebSocket)
                var buffer = ByteBufferAllocator().buffer(capacity: writer.byteBound(head))
                let written = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: writer.byteBound(head)) {
                    writer.write(head, message: bytes, into: $0) ?? 0
                }
                return written > 0 ? buffer : nil
            }
        }
    }
}
