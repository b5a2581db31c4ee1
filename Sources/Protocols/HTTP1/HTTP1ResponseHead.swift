// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A response head that passed the parser: offsets into the bytes that were parsed, and what they say.
public struct HTTP1ResponseHead: Sendable {
    /// The version of the response.
    public internal(set) var version = HTTP1Version.http11

    /// The status code, 100 to 599.
    public internal(set) var status: UInt16 = 0

    /// Where the reason phrase is; may be empty.
    public internal(set) var reasonPhrase = ByteRange.empty

    /// The fields.
    public internal(set) var fields = HTTP1Fields()

    /// Bytes of the head, from the first byte handed to the parser to the end of the empty line.
    public internal(set) var byteCount = 0

    /// True for 1xx.
    public var isInformational: Bool { status < 200 }

    /// Whether the upstream means to keep the connection open after this response.
    public var allowsKeepAlive: Bool { version == .http11 && !fields.signals.contains(.close) }

    /// How the body ends when this is the final response to a request with `method` (RFC 9112 section 6.3).
    public func framing(forRequest method: HTTP1Method) -> HTTP1Framing {
        if method == .head || status < 200 || status == 204 || status == 304 { return .none }
        if method == .connect, status < 300 { return .none }
        if fields.isChunked { return .chunked }
        guard let length = fields.contentLength else { return .untilClose }
        return length == 0 ? .none : .contentLength(length)
    }

    init() {}
}
