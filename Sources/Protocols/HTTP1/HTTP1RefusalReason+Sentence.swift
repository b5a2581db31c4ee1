// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension HTTP1RefusalReason {
    /// What is wrong, as a sentence for the client and the log. It never repeats bytes of the message.
    public var sentence: String {
        switch self {
        case .bareLineFeed:
            "A line ends in LF without CR; only CRLF ends a line (RFC 9112 section 2.2)."
        case .bareCarriageReturn:
            "A CR is not followed by LF (RFC 9112 section 2.2)."
        case .tooManyEmptyLines:
            "Too many empty lines stand before the request line."
        case .badMethod:
            "The method is not a token (RFC 9110 section 9.1)."
        case .methodTooLong:
            "The method is longer than any that is implemented."
        case .badTarget:
            "The request-target is not in a form that RFC 9112 section 3.2 allows for this method."
        case .badPath:
            "The path has a character or an encoding with more than one possible meaning."
        case .badQuery:
            "The query has a character or an encoding that RFC 3986 does not allow."
        case .badScheme:
            "The target's scheme is not http."
        case .userInformation:
            "The target carries user information, which is not allowed (RFC 9110 section 4.2.4)."
        case .badAuthority:
            "The target's host is not valid."
        case .badPort:
            "The target's port is missing or is not a decimal number from 1 to 65535 without leading zeros."
        case .requestLineTooLong:
            "The request line is longer than the limit."
        case .badVersion:
            "The request line does not end in HTTP/1.0 or HTTP/1.1."
        case .unsupportedVersion:
            "Only HTTP/1.0 and HTTP/1.1 are spoken here."
        case .badStatusLine:
            "The status line of the response is malformed."
        case .obsoleteFold:
            "A header field is folded over two lines (RFC 9112 section 5.2)."
        case .whitespaceBeforeFirstField:
            "Whitespace stands between the start line and the first header field (RFC 9112 section 2.2)."
        case .whitespaceBeforeColon:
            "Whitespace stands between a field name and its colon (RFC 9112 section 5.1)."
        case .badFieldName:
            "A field name is empty, has no colon or is not a token (RFC 9110 section 5.1)."
        case .badFieldValue:
            "A field value holds a control character (RFC 9110 section 5.5)."
        case .nulByte:
            "The head holds a NUL byte (RFC 9110 section 5.5)."
        case .headTooLarge:
            "The head or one of its fields is larger than the limit."
        case .tooManyFields:
            "The head has more fields than the limit."
        case .missingHost:
            "An HTTP/1.1 request has no Host field (RFC 9112 section 3.2)."
        case .duplicateHost:
            "The request has more than one Host field (RFC 9112 section 3.2)."
        case .badHost:
            "The Host field is empty or not a valid host with an optional port."
        case .duplicateContentLength:
            "The message has more than one Content-Length."
        case .badContentLength:
            "The Content-Length is not a decimal number in range (RFC 9110 section 8.6)."
        case .duplicateTransferEncoding:
            "The message has more than one Transfer-Encoding."
        case .badTransferEncoding:
            "The Transfer-Encoding is not exactly chunked (RFC 9112 section 6.1)."
        case .unsupportedTransferEncoding:
            "A transfer coding besides chunked is not implemented."
        case .transferEncodingAndContentLength:
            "The message has both Transfer-Encoding and Content-Length (RFC 9112 section 6.1)."
        case .transferEncodingInHTTP10:
            "An HTTP/1.0 message has a Transfer-Encoding (RFC 9112 section 6.1)."
        case .connectBody:
            "A CONNECT request has a body (RFC 9110 section 9.3.6)."
        case .traceBody:
            "A TRACE request has a body (RFC 9110 section 9.3.8)."
        case .badConnection:
            "The Connection field is not a short list of tokens (RFC 9110 section 7.6.1)."
        case .duplicateField:
            "A field that may stand once stands twice."
        case .unknownExpectation:
            "The only expectation that can be met is 100-continue (RFC 9110 section 10.1.1)."
        case .badChunk:
            "A chunk is malformed (RFC 9112 section 7.1)."
        case .chunkTooLarge:
            "A chunk size is out of range (RFC 9112 section 7.1)."
        case .chunkLineTooLong:
            "A chunk-size line is longer than the limit."
        case .chunkExtensionsTooLarge:
            "The chunk extensions of this body are larger than the limit (RFC 9112 section 7.1.1)."
        case .trailerTooLarge:
            "The trailer section is larger than the limit."
        case .forbiddenTrailer:
            "The trailer section has a field that decides framing or routing (RFC 9110 section 6.5.1)."
        case .truncated:
            "The connection ended before the message was complete (RFC 9112 section 8)."
        case .garbageAfterRequest:
            "What follows the request on the connection cannot begin another one."
        case .unexpectedSwitch:
            "The upstream switched protocols without being asked (RFC 9110 section 15.2.2)."
        case .tooManyInformational:
            "The upstream sent more informational responses than the limit."
        case .badPseudoField:
            "A pseudo-header field of HTTP/2 is missing, repeated, unknown or out of place (RFC 9113 section 8.3)."
        case .connectionField:
            "An HTTP/2 message has a field that is about one connection of HTTP/1 (RFC 9113 section 8.2.2)."
        case .authorityMismatch:
            "The Host field of an HTTP/2 request names something else than its :authority (RFC 9113 section 8.3.1)."
        case .connectNotOffered:
            "CONNECT is asked for over HTTP/2, where it is not offered."
        }
    }
}
