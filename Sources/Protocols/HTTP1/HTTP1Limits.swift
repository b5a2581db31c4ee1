// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Limits on the size of HTTP/1 messages. Every one is checked before the bytes it bounds are kept.
public struct HTTP1Limits: Sendable, Hashable {
    /// Bytes of the request line or status line with its CRLF. Reached: 414 `http_request_line_too_long`.
    public let requestLineBytes: Int

    /// Bytes of a whole head, from its first byte to the empty line. Reached: 431 `http_header_too_large`.
    public let headBytes: Int

    /// Header fields in a head. Reached: 431 `http_too_many_headers`.
    public let headerCount: Int

    /// Bytes of one field line with its CRLF. Reached: 431 `http_header_too_large`.
    public let fieldLineBytes: Int

    /// Bytes of a method token. Reached: 501 `http_method_too_long`.
    public let methodBytes: Int

    /// Names that a `Connection` field may nominate. Reached: 400 `http_bad_connection`.
    public let connectionOptions: Int

    /// Empty lines before a request line that are passed over (RFC 9112 section 2.2 asks for at least one).
    public let leadingEmptyLines: Int

    /// Bytes of one chunk-size line with its CRLF. Reached: 400 `http_chunk_line_too_long`.
    public let chunkLineBytes: Int

    /// Bytes of chunk extensions in one body, all chunks together. Reached: 400 `http_chunk_extensions_too_large`.
    public let chunkExtensionBytes: Int

    /// Bytes of a trailer section. Reached: 431 `http_trailer_too_large`.
    public let trailerBytes: Int

    /// Informational (1xx) responses before the final one. Reached: 502 `http_too_many_informational`.
    public let informationalResponses: Int

    /// Limits with the given values; each is clamped to the range in which offsets stay exact (fields and lines at most
    /// 64 KiB, a head at most 1 MiB).
    public init(
        requestLineBytes: Int = 8 << 10, headBytes: Int = 32 << 10, headerCount: Int = 100,
        fieldLineBytes: Int = 8 << 10, methodBytes: Int = 32, connectionOptions: Int = 16, leadingEmptyLines: Int = 2,
        chunkLineBytes: Int = 256, chunkExtensionBytes: Int = 4 << 10, trailerBytes: Int = 8 << 10,
        informationalResponses: Int = 8
    ) {
        self.requestLineBytes = min(max(requestLineBytes, 16), 64 << 10)
        self.headBytes = min(max(headBytes, 64), 1 << 20)
        self.headerCount = min(max(headerCount, 1), 4096)
        self.fieldLineBytes = min(max(fieldLineBytes, 16), 64 << 10)
        self.methodBytes = min(max(methodBytes, 1), 256)
        self.connectionOptions = min(max(connectionOptions, 1), 256)
        self.leadingEmptyLines = min(max(leadingEmptyLines, 0), 16)
        self.chunkLineBytes = min(max(chunkLineBytes, 8), 64 << 10)
        self.chunkExtensionBytes = min(max(chunkExtensionBytes, 0), 1 << 20)
        self.trailerBytes = min(max(trailerBytes, 16), 1 << 20)
        self.informationalResponses = min(max(informationalResponses, 0), 1024)
    }

    /// The default limits.
    public static let standard = HTTP1Limits()
}
