// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How far an HTTP/2 connection has come, on either side of the gate.
enum HTTP2Phase {
    /// Streams are taken.
    case open
    /// No more streams are taken; those there are come to their end.
    case draining
    /// The last GOAWAY is on its way, and nothing more is carried.
    case closing
}
