// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes the response head that goes to the client, from the upstream's (RFC 9110 section 7.6, RFC 9112 section 6).
///
/// The status line and the framing fields are written anew, per-hop fields are gone, and `Yett-*` fields of the
/// upstream are gone too, since only the gate says those. Nothing is allocated: reserve ``byteBound(_:)`` bytes in
/// the outgoing buffer and let ``write(_:message:framing:into:)`` fill them.
public struct HTTP1ResponseWriter: Sendable {
    /// The method of the request.
    public let method: HTTP1Method

    /// The version the client speaks. An HTTP/1.0 client gets no chunks: the end of the connection ends the body.
    public let clientVersion: HTTP1Version

    /// Whether the connection to the client is closed after this response.
    public let closes: Bool

    /// Whether to write `Via: 1.1 yett`.
    public let announcesVia: Bool

    /// A writer of response heads for one request.
    public init(method: HTTP1Method, clientVersion: HTTP1Version, closes: Bool, announcesVia: Bool = true) {
        self.method = method
        self.clientVersion = clientVersion
        self.closes = closes
        self.announcesVia = announcesVia
    }

    /// How the body is framed towards the client when the upstream's is framed like this. A body that lasts until the
    /// upstream closes becomes chunked, so that the client can tell a complete one from a broken one.
    public func clientFraming(_ upstream: HTTP1Framing) -> HTTP1Framing {
        switch upstream {
        case .none, .contentLength: upstream
        case .chunked, .untilClose: clientVersion == .http11 ? .chunked : .untilClose
        }
    }

    /// The most bytes that the head can take.
    public func byteBound(_ head: HTTP1ResponseHead) -> Int {
        head.byteCount &+ head.fields.all.count &+ 256
    }

    /// Writes the head and returns how many bytes it took, or nil when `buffer` is too small. `message` is the bytes
    /// that were parsed into `head`; `framing` is the upstream's. For an informational response pass `.none`; for
    /// `101` the `Upgrade` field is kept. With `isOwn` the head is the gate's, and the fields that only the gate sets stay.
    public func write(
        _ head: HTTP1ResponseHead, message: UnsafeRawBufferPointer, framing: HTTP1Framing, isOwn: Bool = false,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var writer = ByteWriter(buffer)
        writer.append("HTTP/1.1 ")
        writer.append(decimal: UInt64(head.status))
        writer.append(" ")
        writer.append(head.reasonPhrase.slice(of: message))
        writer.append("\r\n")
        var dropped = HTTP1FieldGroups().dropped | HTTP1FieldName.expect.bit
        if isOwn { dropped &= ~HTTP1FieldName.gateway.bit }
        head.fields.write(to: &writer, from: message, dropping: dropped)
        if head.isInformational {
            if head.status == 101, let upgrade = head.fields.upgrade {
                writer.append("Connection: Upgrade\r\nUpgrade: ")
                writer.append(upgrade.slice(of: message))
                writer.append("\r\n")
            }
        } else {
            writeFraming(head, clientFraming(framing), to: &writer)
        }
        if announcesVia { writer.append(head.version == .http10 ? "Via: 1.0 yett\r\n" : "Via: 1.1 yett\r\n") }
        writer.append("\r\n")
        return writer.hasOverflowed ? nil : writer.count
    }

    private func writeFraming(_ head: HTTP1ResponseHead, _ framing: HTTP1Framing, to writer: inout ByteWriter) {
        switch framing {
        case .chunked: writer.append("Transfer-Encoding: chunked\r\n")
        case .contentLength(let length): writer.appendContentLength(length)
        case .untilClose: break
        case .none:
            // The length a GET would have had (HEAD, 304) is information; elsewhere it would be a lie or is zero. 204
            // must not have one (RFC 9110 section 8.6).
            if head.status == 204 || (method == .connect && head.status < 300) { break }
            if method == .head || head.status == 304 {
                if let length = head.fields.contentLength { writer.appendContentLength(length) }
            } else {
                writer.appendContentLength(0)
            }
        }
        if closes || framing == .untilClose { writer.append("Connection: close\r\n") }
    }
}
