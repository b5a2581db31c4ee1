// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore

/// The options of every connection that carries bytes, on either side of the gate.
enum RelayOptions {
    /// Sets the options at once, on the connection's loop. The bootstraps' own way takes a future for each.
    static func set(on channel: any Channel) {
        guard let options = channel.syncOptions else { return }
        // Fails on a Unix socket, which has no such delay.
        try? options.setOption(.tcpOption(.tcp_nodelay), value: 1)
        // The end of one direction is passed on while the other still carries bytes.
        try? options.setOption(.allowRemoteHalfClosure, value: true)
        try? options.setOption(.recvAllocator, value: RelayReadSizer())
    }
}
