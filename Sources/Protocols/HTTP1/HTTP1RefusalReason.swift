// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why an HTTP/1 message is not forwarded. One case, one stable reason code, one status, one sentence.
///
/// The status is the one for a request. A refused response is always 502 towards the client, see ``HTTP1Refusal``.
public enum HTTP1RefusalReason: String, Error, Sendable, Hashable, CaseIterable {
    /// A line ends in LF without CR; only CRLF ends a line (RFC 9112 section 2.2).
    case bareLineFeed = "http_bare_lf"
    /// A CR is not followed by LF (RFC 9112 section 2.2).
    case bareCarriageReturn = "http_bare_cr"
    /// Too many empty lines stand before the request line.
    case tooManyEmptyLines = "http_too_many_empty_lines"
    /// The method is not a token (RFC 9110 section 9.1).
    case badMethod = "http_bad_method"
    /// The method is longer than any that is implemented.
    case methodTooLong = "http_method_too_long"
    /// The request-target is not in a form that RFC 9112 section 3.2 allows for this method.
    case badTarget = "http_bad_target"
    /// The path has a character or an encoding with more than one possible meaning.
    case badPath = "http_bad_path"
    /// The query has a character or an encoding that RFC 3986 does not allow.
    case badQuery = "http_bad_query"
    /// The target's scheme is not http.
    case badScheme = "http_bad_scheme"
    /// The target carries user information, which is not allowed (RFC 9110 section 4.2.4).
    case userInformation = "http_userinfo_in_target"
    /// The target's host is not valid.
    case badAuthority = "http_bad_authority"
    /// The target's port is missing or is not a decimal number from 1 to 65535 without leading zeros.
    case badPort = "http_bad_port"
    /// The request line is longer than the limit.
    case requestLineTooLong = "http_request_line_too_long"
    /// The request line does not end in HTTP/1.0 or HTTP/1.1.
    case badVersion = "http_bad_version"
    /// Only HTTP/1.0 and HTTP/1.1 are spoken here.
    case unsupportedVersion = "http_unsupported_version"
    /// The status line of the response is malformed.
    case badStatusLine = "http_bad_status_line"
    /// A header field is folded over two lines (RFC 9112 section 5.2).
    case obsoleteFold = "http_obs_fold"
    /// Whitespace stands between the start line and the first header field (RFC 9112 section 2.2).
    case whitespaceBeforeFirstField = "http_whitespace_before_first_header"
    /// Whitespace stands between a field name and its colon (RFC 9112 section 5.1).
    case whitespaceBeforeColon = "http_space_before_colon"
    /// A field name is empty, has no colon or is not a token (RFC 9110 section 5.1).
    case badFieldName = "http_bad_header_name"
    /// A field value holds a control character (RFC 9110 section 5.5).
    case badFieldValue = "http_bad_header_value"
    /// The head holds a NUL byte (RFC 9110 section 5.5).
    case nulByte = "http_nul"
    /// The head or one of its fields is larger than the limit.
    case headTooLarge = "http_header_too_large"
    /// The head has more fields than the limit.
    case tooManyFields = "http_too_many_headers"
    /// An HTTP/1.1 request has no Host field (RFC 9112 section 3.2).
    case missingHost = "http_missing_host"
    /// The request has more than one Host field (RFC 9112 section 3.2).
    case duplicateHost = "http_duplicate_host"
    /// The Host field is empty or not a valid host with an optional port.
    case badHost = "http_bad_host"
    /// The message has more than one Content-Length.
    case duplicateContentLength = "http_duplicate_content_length"
    /// The Content-Length is not a decimal number in range (RFC 9110 section 8.6).
    case badContentLength = "http_bad_content_length"
    /// The message has more than one Transfer-Encoding.
    case duplicateTransferEncoding = "http_duplicate_transfer_encoding"
    /// The Transfer-Encoding is not exactly chunked (RFC 9112 section 6.1).
    case badTransferEncoding = "http_bad_transfer_encoding"
    /// A transfer coding besides chunked is not implemented.
    case unsupportedTransferEncoding = "http_unsupported_transfer_encoding"
    /// The message has both Transfer-Encoding and Content-Length (RFC 9112 section 6.1).
    case transferEncodingAndContentLength = "http_te_and_cl"
    /// An HTTP/1.0 message has a Transfer-Encoding (RFC 9112 section 6.1).
    case transferEncodingInHTTP10 = "http_te_in_http10"
    /// A CONNECT request has a body (RFC 9110 section 9.3.6).
    case connectBody = "http_connect_body"
    /// A TRACE request has a body (RFC 9110 section 9.3.8).
    case traceBody = "http_trace_body"
    /// The Connection field is not a short list of tokens (RFC 9110 section 7.6.1).
    case badConnection = "http_bad_connection"
    /// A field that may stand once stands twice.
    case duplicateField = "http_duplicate_header"
    /// The only expectation that can be met is 100-continue (RFC 9110 section 10.1.1).
    case unknownExpectation = "http_unknown_expectation"
    /// A chunk is malformed (RFC 9112 section 7.1).
    case badChunk = "http_bad_chunk"
    /// A chunk size is out of range (RFC 9112 section 7.1).
    case chunkTooLarge = "http_chunk_too_large"
    /// A chunk-size line is longer than the limit.
    case chunkLineTooLong = "http_chunk_line_too_long"
    /// The chunk extensions of this body are larger than the limit (RFC 9112 section 7.1.1).
    case chunkExtensionsTooLarge = "http_chunk_extensions_too_large"
    /// The trailer section is larger than the limit.
    case trailerTooLarge = "http_trailer_too_large"
    /// The trailer section has a field that decides framing or routing (RFC 9110 section 6.5.1).
    case forbiddenTrailer = "http_forbidden_trailer"
    /// The connection ended before the message was complete (RFC 9112 section 8).
    case truncated = "http_truncated"
    /// What follows the request on the connection cannot begin another one.
    case garbageAfterRequest = "http_garbage_after_request"
    /// The upstream switched protocols without being asked (RFC 9110 section 15.2.2).
    case unexpectedSwitch = "http_unexpected_101"
    /// The upstream sent more informational responses than the limit.
    case tooManyInformational = "http_too_many_informational"
    /// A pseudo-header field of HTTP/2 is missing, repeated, unknown or out of place (RFC 9113 section 8.3).
    case badPseudoField = "http2_bad_pseudo_header"
    /// An HTTP/2 message has a field that is about one connection of HTTP/1 (RFC 9113 section 8.2.2).
    case connectionField = "http2_connection_header"
    /// The Host field of an HTTP/2 request names something else than its :authority (RFC 9113 section 8.3.1).
    case authorityMismatch = "http2_authority_mismatch"
    /// CONNECT is asked for over HTTP/2, where it is not offered.
    case connectNotOffered = "http2_connect_not_offered"

    /// The status code with which a request is answered.
    public var status: UInt16 {
        switch self {
        case .requestLineTooLong: 414
        case .unknownExpectation: 417
        case .headTooLarge,
            .tooManyFields,
            .trailerTooLarge:
            431
        case .connectNotOffered,
            .methodTooLong,
            .unsupportedTransferEncoding:
            501
        case .badStatusLine,
            .unexpectedSwitch,
            .tooManyInformational:
            502
        case .unsupportedVersion: 505
        default: 400
        }
    }
}
