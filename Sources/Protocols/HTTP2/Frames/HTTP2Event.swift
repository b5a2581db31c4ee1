// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the next frame of a client's HTTP/2 connection says.
public enum HTTP2Event: Sendable, Equatable {
    /// There is no whole frame.
    case needMore
    /// A part of something that is not complete.
    case nothing
    /// A frame that asks for nothing. Reading it costs more than sending it.
    case idle
    /// A header section; ``HTTP2FrameReader/fields`` has it, unless it is larger than it may be.
    case head(stream: UInt32, endStream: Bool, isTooLarge: Bool)
    /// A piece of a body. `payload` is where it lies in the bytes that were handed over; `size` counts in the windows.
    case data(stream: UInt32, payload: ByteRange, size: Int, endStream: Bool)
    /// The client ends a stream.
    case reset(stream: UInt32)
    /// What the client wants to be sent; an acknowledgement is due.
    case settings(HTTP2PeerSettings)
    /// An answer with the same eight bytes is due.
    case ping(UInt64)
    /// The client begins no more streams.
    case goAway
    /// So many more bytes may be sent, on a stream or, for stream 0, on the connection.
    case windowUpdate(stream: UInt32, increment: Int)
    /// A stream has to be ended.
    case streamFailure(stream: UInt32, HTTP2Code)
    /// The connection has to be ended; nothing more is read.
    case failure(HTTP2Code)
}

/// What a SETTINGS frame asks of who sends to its sender (RFC 9113 section 6.5.2); `nil` where it says nothing.
public struct HTTP2PeerSettings: Sendable, Equatable {
    /// Bytes that may be sent ahead on each stream.
    public internal(set) var initialWindow: Int?
    /// Bytes of the table that header compression may use.
    public internal(set) var tableBytes: Int?
}
