// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHTTP2

/// What `NIOHTTP2Handler` is told on both sides of the gate: windows, and limits on what costs more to receive than to send.
struct HTTP2FrameSettings {
    /// Bytes of a body that are received ahead of what is taken.
    var streamWindow: Int
    /// Bytes of a header list.
    var headBytes: Int
    /// Streams that are open at once.
    var concurrentStreams: Int
    /// PING, SETTINGS and PRIORITY frames in ten seconds.
    var controlFrames: Int
    /// RST_STREAM frames in ten seconds.
    var resets: Int
    /// Frames that break the rules of a stream, in ten seconds.
    var streamErrors: Int

    /// Names them all.
    init(
        streamWindow: Int, headBytes: Int, concurrentStreams: Int, controlFrames: Int, resets: Int, streamErrors: Int
    ) {
        self.streamWindow = streamWindow
        self.headBytes = headBytes
        self.concurrentStreams = concurrentStreams
        self.controlFrames = controlFrames
        self.resets = resets
        self.streamErrors = streamErrors
    }

    /// What reads and writes frames towards a client.
    func server(_ delegate: any NIOHTTP2FrameDelegate) -> NIOHTTP2Handler {
        handler(.server, [HTTP2Setting(parameter: .maxConcurrentStreams, value: concurrentStreams)], delegate)
    }

    /// What reads and writes frames towards a service, which may begin nothing by itself.
    func client(_ delegate: any NIOHTTP2FrameDelegate) -> NIOHTTP2Handler {
        handler(
            .client,
            [HTTP2Setting(parameter: .enablePush, value: 0), HTTP2Setting(parameter: .maxConcurrentStreams, value: 0)],
            delegate)
    }

    private func handler(
        _ mode: NIOHTTP2Handler.ParserMode, _ settings: HTTP2Settings, _ delegate: any NIOHTTP2FrameDelegate
    ) -> NIOHTTP2Handler {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings =
            settings + [
                HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
                HTTP2Setting(parameter: .maxHeaderListSize, value: headBytes),
            ]
        // Both are done by the rules of one parser for both versions, and refusals are then recorded as such.
        connection.headerBlockValidation = .disabled
        connection.contentLengthValidation = .disabled
        connection.maximumBufferedControlFrames = 1000
        connection.maximumRecentlyResetStreams = concurrentStreams
        connection.controlFrameRateLimit.maximumCount = controlFrames
        connection.controlFrameRateLimit.windowLength = .seconds(10)
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.streamResetFrameRateLimit.maximumCount = resets
        stream.streamResetFrameRateLimit.windowLength = .seconds(10)
        stream.streamErrorRateLimit.maximumCount = streamErrors
        stream.streamErrorRateLimit.windowLength = .seconds(10)
        return NIOHTTP2Handler(
            mode: mode, frameDelegate: delegate, connectionConfiguration: connection, streamConfiguration: stream)
    }
}
