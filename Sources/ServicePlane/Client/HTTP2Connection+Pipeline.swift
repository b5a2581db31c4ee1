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
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.concurrentStreams),
            HTTP2Setting(parameter: .initialWindowSize, value: limits.streamWindow),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.heads.headBytes),
        ]
        // Both are done here, for all requests by the rules of one parser, and refusals are then recorded as such.
        connection.headerBlockValidation = .disabled
        connection.contentLengthValidation = .disabled
        connection.maximumBufferedControlFrames = 1000
        connection.maximumRecentlyResetStreams = limits.concurrentStreams
        connection.controlFrameRateLimit.maximumCount = limits.controlFrames
        connection.controlFrameRateLimit.windowLength = .seconds(10)
        var stream = NIOHTTP2Handler.StreamConfiguration()
        // A second line: resets are counted against streams that ended well by `AbuseBudget`.
        stream.streamResetFrameRateLimit.maximumCount = limits.resets &* 2
        stream.streamResetFrameRateLimit.windowLength = .seconds(10)
        stream.streamErrorRateLimit.maximumCount = limits.resets
        stream.streamErrorRateLimit.windowLength = .seconds(10)
        return NIOHTTP2Handler(
            mode: .server, frameDelegate: self, connectionConfiguration: connection, streamConfiguration: stream)
    }
}
