// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// What one HTTP/2 connection to a service may hold and do.
struct UpstreamLimits: Sendable {
    /// Requests at one time before the service has said how many it takes, and in any case.
    var concurrentStreams = 100

    /// Bytes of an answer that are received ahead of what its client takes.
    var streamWindow = 256 << 10

    /// The same for all answers of a connection together.
    var connectionWindow = 4 << 20

    /// Bytes of a request's body that wait for the service, above which no more of it is taken from the client.
    var unsentBytes = 64 << 10

    /// WINDOW_UPDATE frames in ten seconds, besides one for every 64 bytes that are sent.
    var windowFrames = 10_000

    /// PING, SETTINGS and PRIORITY frames in ten seconds.
    var controlFrames = 256

    /// RST_STREAM frames, and frames that break the rules of a stream, in ten seconds.
    var resets = 200

    /// Nanoseconds until a connection that has nothing left to carry is closed in any case.
    var closing: Int64 = 5_000_000_000

    /// Nanoseconds without a single frame, after which a request that is given up takes its connection along.
    var silence: Int64 = 5_000_000_000

    /// Limits on heads and trailers.
    var heads = HTTP1Limits.standard
}
