// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// What one HTTP/2 connection of a client may hold and ask for.
struct HTTP2Limits: Sendable {
    /// Streams that are open at once. More are refused before anybody looks at them.
    var concurrentStreams = 128

    /// Bytes of a request's body that are received ahead of what the exchange takes.
    var streamWindow = 256 << 10

    /// The same for all streams together: the most memory that bodies of requests take.
    var connectionWindow = 1 << 20

    /// Bytes of a response's body that wait for the client, above which the stream is not writable.
    var unsentBytesOfStream = 64 << 10

    /// Bytes that wait in all streams together, above which each one gets an eighth of its own limit.
    var unsentBytesOfConnection = 1 << 20

    /// Streams that the client may give up, less those that came to an end, in ten seconds.
    var resets = 100

    /// WINDOW_UPDATE frames in ten seconds, besides one for every 64 bytes that are sent.
    var windowFrames = 10_000

    /// PING, SETTINGS and PRIORITY frames in ten seconds.
    var controlFrames = 256

    /// Nanoseconds until the first request.
    var firstRequest: Int64 = 10_000_000_000

    /// Nanoseconds without any stream, after which the connection is closed.
    var idle: Int64 = 300_000_000_000

    /// Nanoseconds in which nothing more of a request's body comes although it is wanted and nothing was answered.
    var bodyStall: Int64 = 300_000_000_000

    /// Nanoseconds in which the client takes nothing of what waits for it, in a stream or on the connection.
    var sendStall: Int64 = 60_000_000_000

    /// Bytes of a body that are still received and dropped after a response that did not wait for it, so that clients which
    /// first send and then read see the response.
    var lingeringBytes = 4 << 20

    /// Nanoseconds in which more of such a body must come.
    var lingeringPause: Int64 = 5_000_000_000

    /// Nanoseconds for all of it.
    var lingering: Int64 = 30_000_000_000

    /// Nanoseconds from the last GOAWAY until the connection is closed in any case.
    var closing: Int64 = 5_000_000_000

    /// Limits on heads and trailers; header lists take no more than a head of HTTP/1.
    var heads = HTTP1Limits.standard

    /// What `:scheme` may be.
    var schemes = HTTP2Schemes.all
}
