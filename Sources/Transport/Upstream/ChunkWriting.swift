// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOCore
internal import Protocols

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

private enum ChunkBytes {
    static let end = ByteBuffer(string: "\r\n")
}
