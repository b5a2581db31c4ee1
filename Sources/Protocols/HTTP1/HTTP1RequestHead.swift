// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A request head that passed the parser: offsets into the bytes that were parsed, and what they say.
public struct HTTP1RequestHead: Sendable {
    /// The method.
    public internal(set) var method = HTTP1Method.other

    /// Where the method's bytes are.
    public internal(set) var methodRange = ByteRange.empty

    /// The version of the request.
    public internal(set) var version = HTTP1Version.http11

    /// Where the request-target is.
    public internal(set) var targetRange = ByteRange.empty

    /// The request-target in its parts.
    public internal(set) var target = RequestTarget()

    /// The path to judge and to forward: `*` in asterisk-form, `/` when an absolute target has none and in CONNECT.
    public internal(set) var path = CanonicalPath.root

    /// The fields.
    public var fields = HTTP1Fields()

    /// Bytes of the head, from the first byte handed to the parser to the end of the empty line.
    public internal(set) var byteCount = 0

    /// How the body ends. A request without framing fields has none.
    public var framing: HTTP1Framing {
        if fields.isChunked { return .chunked }
        guard let length = fields.contentLength, length > 0 else { return .none }
        return .contentLength(length)
    }

    /// Whether the client may send another request on this connection. HTTP/1.0 clients never may: a proxy must not
    /// keep a connection to them open (RFC 9112 section 9.3).
    public var allowsKeepAlive: Bool { version == .http11 && !fields.signals.contains(.close) }

    /// Whether the client waits for `100 Continue` before it sends the body (ignored in HTTP/1.0, RFC 9110 section
    /// 10.1.1).
    public var awaitsContinue: Bool {
        version == .http11 && fields.signals.contains(.expectContinue) && framing != .none
    }

    /// Whether this request offers to change the connection to WebSocket: HTTP/1.1, `GET`, no body, `Upgrade:
    /// websocket`.
    public func offersWebSocket(in bytes: UnsafeRawBufferPointer) -> Bool {
        method == .get && version == .http11 && framing == .none && fields.asksForWebSocket(in: bytes)
    }

    /// Looks at what already stands behind a request without body, before it is forwarded: nil when it may begin the
    /// next request (RFC 9112 section 9.3.2), else why the connection is refused. Bytes that cannot begin a request
    /// mean that the client and the gate disagree about where this one ends. After CONNECT and an offer to upgrade
    /// anything may follow.
    ///
    /// `bytes` begins with the first byte of this head. What has not arrived yet is judged when it is parsed.
    public func judgeRest(of bytes: UnsafeRawBufferPointer) -> HTTP1Refusal? {
        guard byteCount < bytes.count, framing == .none, method != .connect, allowsKeepAlive, fields.upgrade == nil
        else {
            return nil
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[byteCount...])
        let isLineEnd = rest[0] == 0x0d && (rest.count == 1 || rest[1] == 0x0a)
        return isLineEnd || ByteSet.token.contains(rest[0]) ? nil : HTTP1Refusal(.garbageAfterRequest)
    }

    /// A head with nothing in it.
    init() {}
}
