// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// What a call begins with: its head and its first message.
package struct CallRequest: Sendable {
    private let headers: HPACKHeaders
    private let message: [UInt8]
    private let isLast: Bool

    /// Describes a call.
    ///
    /// - Parameters:
    ///   - path: `/Service/Method`.
    ///   - scheme: `http` or `https`.
    ///   - metadata: What follows the fields that every call has.
    ///   - isLast: Whether the caller sends nothing more.
    package init(
        _ path: String, scheme: String, authority: String, metadata: [(name: String, value: String)] = [],
        message: [UInt8], isLast: Bool = true
    ) {
        var headers: HPACKHeaders = [
            ":method": "POST", ":scheme": scheme, ":path": path, ":authority": authority, "te": "trailers",
            "content-type": "application/grpc",
        ]
        for field in metadata { headers.add(name: field.name, value: field.value) }
        self.headers = headers
        self.message = message
        self.isLast = isLast
    }

    /// Sends it on a stream of its own.
    package func send(on stream: any Channel) {
        stream.write(HTTP2Frame.FramePayload.headers(.init(headers: headers)), promise: nil)
        let body = HTTP2Frame.FramePayload.Data(data: .byteBuffer(ReplyReader.framed(message)), endStream: isLast)
        stream.writeAndFlush(HTTP2Frame.FramePayload.data(body), promise: nil)
    }
}
