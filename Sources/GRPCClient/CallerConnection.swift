// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOCore
package import NIOHTTP2

/// HTTP/2 of a connection whose streams are calls.
package enum CallerConnection {
    /// Sets a connection up. One that does not speak HTTP/2, or whose TLS fails, is closed.
    ///
    /// - Parameters:
    ///   - metadataBytes: The most that the headers of an answer may have, as HTTP/2 counts them.
    ///   - windowBytes: How much of an answer may be on its way; nil for what HTTP/2 begins with.
    package static func add(
        to channel: any Channel, metadataBytes: Int, windowBytes: Int? = nil
    ) throws -> NIOHTTP2Handler.StreamMultiplexer {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0),
            HTTP2Setting(parameter: .maxHeaderListSize, value: metadataBytes),
        ]
        connection.maximumBufferedControlFrames = 1000
        var stream = NIOHTTP2Handler.StreamConfiguration()
        if let windowBytes { stream.targetWindowSize = windowBytes }
        let handler = NIOHTTP2Handler(
            mode: .client, eventLoop: channel.eventLoop, connectionConfiguration: connection,
            streamConfiguration: stream
        ) { $0.close() }
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.pipeline.syncOperations.addHandler(ConnectionEnd())
        return try handler.syncMultiplexer()
    }
}

/// Closes a connection that fails.
private final class ConnectionEnd: ChannelInboundHandler {
    typealias InboundIn = Any

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
