// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where a client's connection stands. A request walks through the cases from top to bottom; each arrow is one method.
enum Phase: UInt8 {
    /// Collecting a request head or a SOCKS5 message.
    case head
    /// The verdict allowed; the name is being looked up.
    case resolving
    /// The tunnel was accepted; collecting the ClientHello that must name the same host.
    case clientHello
    /// Everything was judged; the record is being written.
    case recording
    /// The record is written; connecting to a judged address.
    case dialing
    /// Bytes pass both ways, uninspected.
    case tunnel
    /// One HTTP request is under way.
    case exchange
    /// A last answer was written; what is still read is dropped.
    case closing
}
