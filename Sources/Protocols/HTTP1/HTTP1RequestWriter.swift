// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes the request head that goes upstream, from the head that was judged (RFC 9110 section 7.6, RFC 9112 section
/// 3.2).
///
/// The target is origin-form with the canonical path, `Host` is the host that was judged and never the client's,
/// framing is written anew from what was parsed, and per-hop fields are gone. Nothing is allocated: reserve
/// ``byteBound(_:)`` bytes in the outgoing buffer and let ``write(_:message:into:)`` fill them.
public struct HTTP1RequestWriter {
    /// The value of `Host`: the canonical host, with `:port` unless it is 80.
    public let host: UnsafeRawBufferPointer

    /// Field lines of the gate's own, each `Name: value CRLF`; may be empty.
    public let addedFields: UnsafeRawBufferPointer

    /// Groups of fields that are kept from the upstream.
    public let dropping: HTTP1FieldGroups

    /// Whether to write `Via: 1.1 yett`, as RFC 9110 section 7.6.3 demands of proxies.
    public let announcesVia: Bool

    /// Whether to pass on an offer to upgrade to WebSocket.
    public let allowsWebSocket: Bool

    /// Whether to ask the upstream to close the connection after its response.
    public let closes: Bool

    /// The path to forward in place of the request's own, in canonical form.
    public let path: UnsafeRawBufferPointer?

    /// A writer of one request head. The buffers must stay valid while it is used.
    public init(
        host: UnsafeRawBufferPointer,
        addedFields: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        dropping: HTTP1FieldGroups = .all, announcesVia: Bool = true, allowsWebSocket: Bool = false,
        closes: Bool = false, path: UnsafeRawBufferPointer? = nil
    ) {
        self.host = host
        self.addedFields = addedFields
        self.dropping = dropping
        self.announcesVia = announcesVia
        self.allowsWebSocket = allowsWebSocket
        self.closes = closes
        self.path = path
    }

    /// The most bytes that the head can take.
    public func byteBound(_ head: HTTP1RequestHead) -> Int {
        // A line that is not yet in its final form grows by at most one space; the rest is what this file writes.
        head.byteCount &+ head.fields.all.count &+ host.count &+ addedFields.count &+ (path?.count ?? 0) &+ 256
    }

    /// Writes the head and returns how many bytes it took, or nil when `buffer` is too small (nothing of use is in it
    /// then). `message` is the bytes that were parsed into `head`.
    public func write(
        _ head: HTTP1RequestHead, message: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var writer = ByteWriter(buffer)
        writer.append(head.methodRange.slice(of: message))
        writer.append(" ")
        if let path {
            writer.append(path)
        } else {
            head.path.withForwardBytes(in: message) { writer.append($0) }
        }
        if let query = head.target.query {
            writer.append("?")
            writer.append(query.slice(of: message))
        }
        writer.append(" HTTP/1.1\r\nHost: ")
        writer.append(host)
        writer.append("\r\n")
        head.fields.write(to: &writer, from: message, dropping: dropped(head))
        switch head.framing {
        case .chunked: writer.append("Transfer-Encoding: chunked\r\n")
        case .contentLength(let length): writer.appendContentLength(length)
        case .none where head.fields.contentLength != nil: writer.appendContentLength(0)
        case .none, .untilClose: break
        }
        if allowsWebSocket, head.offersWebSocket(in: message) {
            writer.append("Connection: Upgrade\r\nUpgrade: websocket\r\n")
        } else if closes {
            writer.append("Connection: close\r\n")
        }
        if announcesVia { writer.append(head.version == .http10 ? "Via: 1.0 yett\r\n" : "Via: 1.1 yett\r\n") }
        writer.append(addedFields)
        writer.append("\r\n")
        return writer.hasOverflowed ? nil : writer.count
    }

    /// `Expect` is for a body that follows and for HTTP/1.1 (RFC 9110 section 10.1.1).
    private func dropped(_ head: HTTP1RequestHead) -> UInt32 {
        head.awaitsContinue ? dropping.dropped : dropping.dropped | HTTP1FieldName.expect.bit
    }
}

extension ByteWriter {
    /// Writes a `Content-Length` line.
    mutating func appendContentLength(_ length: UInt64) {
        append("Content-Length: ")
        append(decimal: length)
        append("\r\n")
    }
}
