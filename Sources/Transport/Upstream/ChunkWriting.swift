// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOCore
package import Protocols

/// Writes one chunk: size line, payload, CRLF.
package func writeChunk(_ payload: ByteBuffer, to write: (ByteBuffer) -> Void) {
    guard payload.readableBytes > 0 else { return }
    var head = ByteBufferAllocator().buffer(capacity: HTTP1ChunkEncoder.headByteCount)
    head.writeWithUnsafeMutableBytes(minimumWritableBytes: HTTP1ChunkEncoder.headByteCount) {
        HTTP1ChunkEncoder.writeHead(of: payload.readableBytes, into: $0)
    }
    write(head)
    write(payload)
    write(ChunkBytes.end)
}

/// The end of a chunked body, with the fields that follow it.
package func lastChunk(with trailers: [TrailerField]) -> ByteBuffer {
    guard !trailers.isEmpty else { return ChunkBytes.last }
    var bytes = ByteBuffer(string: "0\r\n")
    for field in trailers { bytes.writeString("\(field.name): \(field.value)\r\n") }
    bytes.writeString("\r\n")
    return bytes
}

private enum ChunkBytes {
    static let last = ByteBuffer(string: "0\r\n\r\n")
    static let end = ByteBuffer(string: "\r\n")
}
