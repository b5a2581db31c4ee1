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
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0),
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 0),
            HTTP2Setting(parameter: .initialWindowSize, value: limits.streamWindow),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.heads.headBytes),
        ]
        // Both are done by the rules of one parser for both versions.
        connection.headerBlockValidation = .disabled
        connection.contentLengthValidation = .disabled
        connection.maximumBufferedControlFrames = 1000
        connection.maximumRecentlyResetStreams = limits.concurrentStreams
        connection.controlFrameRateLimit.maximumCount = limits.controlFrames
        connection.controlFrameRateLimit.windowLength = .seconds(10)
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.streamResetFrameRateLimit.maximumCount = limits.resets
        stream.streamResetFrameRateLimit.windowLength = .seconds(10)
        stream.streamErrorRateLimit.maximumCount = limits.resets
        stream.streamErrorRateLimit.windowLength = .seconds(10)
        return NIOHTTP2Handler(
            mode: .client, frameDelegate: self, connectionConfiguration: connection, streamConfiguration: stream)
    }
}
