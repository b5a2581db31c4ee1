// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHTTP2
import Protocols
import Transport

extension HTTP2Connection {
    /// Puts HTTP/2 on a connection whose client chose it, behind all handlers there are. On the connection's loop.
    ///
    /// - Parameters:
    ///   - loop: Who looks at the deadlines; `nil` when the caller does so itself.
    ///   - makeExchange: Makes what answers a stream's request, or `nil` to refuse the stream.
    @discardableResult
    static func install(
        on channel: any Channel, limits: HTTP2Limits = HTTP2Limits(), loop: LoopContext?, clock: Clock,
        makeExchange: @escaping (HTTP2Stream) -> (any StreamExchange)?
    ) throws -> HTTP2Connection {
        let connection = HTTP2Connection(limits: limits, loop: loop, clock: clock, makeExchange: makeExchange)
        try channel.pipeline.syncOperations.addHandlers([connection.makeFrames(), connection])
        return connection
    }

    /// What reads and writes frames, with limits on what costs more to receive than to send.
    private func makeFrames() -> NIOHTTP2Handler {
        // The limit of resets is a second line: they are counted against streams that ended well by `AbuseBudget`.
        HTTP2FrameSettings(
            streamWindow: limits.streamWindow, headBytes: limits.heads.headBytes,
            concurrentStreams: limits.concurrentStreams, controlFrames: limits.controlFrames,
            resets: limits.resets &* 2, streamErrors: limits.resets
        ).server(self)
    }
}
