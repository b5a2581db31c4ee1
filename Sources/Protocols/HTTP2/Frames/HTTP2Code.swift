// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a stream or a connection of HTTP/2 is ended (RFC 9113 section 7).
public enum HTTP2Code: UInt32, Sendable {
    /// Nothing is wrong.
    case noError = 0
    /// A rule was broken for which there is no other code.
    case protocolError = 1
    /// Something went wrong at this end.
    case internalError = 2
    /// More was sent than the windows allow.
    case flowControlError = 3
    /// A frame came for a stream that its sender had ended.
    case streamClosed = 5
    /// A frame has a length that its type cannot have, or is longer than was agreed.
    case frameSizeError = 6
    /// Nothing was done for the stream.
    case refusedStream = 7
    /// The table of header compression is out of step.
    case compressionError = 9
    /// The other end does too much of what costs more to receive than to send.
    case enhanceYourCalm = 11
}
