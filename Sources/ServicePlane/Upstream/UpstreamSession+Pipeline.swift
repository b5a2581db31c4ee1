// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHTTP2
import Protocols
import Transport

extension UpstreamSession {
    /// Puts HTTP/2 on a connection, behind all handlers there are. On the connection's loop.
    func install(on channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandlers([makeFrames(), self])
    }

    /// What reads and writes frames, with limits on what costs more to receive than to send.
    private func makeFrames() -> NIOHTTP2Handler {
        HTTP2FrameSettings(
            streamWindow: limits.streamWindow, headBytes: limits.heads.headBytes,
            concurrentStreams: limits.concurrentStreams, controlFrames: limits.controlFrames,
            resets: limits.resets, streamErrors: limits.resets
        ).client(self)
    }
}
