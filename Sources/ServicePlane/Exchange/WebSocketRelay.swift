// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Identity
import NIOCore
import Protocols

/// A WebSocket through the gate: frames of both directions are judged before they pass.
struct WebSocketRelay {
    /// 16 bytes in base64, as the client sent them.
    private let key: [UInt8]
    private var up = WebSocketFrameReader(from: .client)
    private var down = WebSocketFrameReader(from: .server)
    private var heldUp = ByteBuffer()
    private var heldDown = ByteBuffer()

    /// RFC 6455 section 1.3.
    private static let suffix = Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)

    /// A close frame of the gate's own: the protocol was broken (1002).
    static let farewell = ByteBuffer(bytes: [0x88, 0x02, 0x03, 0xEA])

    /// - Returns: `nil` when the key is not 16 bytes in base64 (RFC 6455 section 4.1).
    init?(key: UnsafeRawBufferPointer) {
        let key = Array(key)
        guard StrictBase64.standard.decode(key)?.count == 16 else { return nil }
        self.key = key
    }

    /// Whether a value of `Sec-WebSocket-Accept` answers the key.
    func isAnswered(by accept: UnsafeRawBufferPointer) -> Bool {
        let digest = Array(Insecure.SHA1.hash(data: key + Self.suffix))
        return accept.elementsEqual(StrictBase64.standard.encode(digest))
    }

    /// What of the client's bytes passes; `nil` when they break the protocol.
    mutating func takeUp(_ bytes: ByteBuffer) -> ByteBuffer? { Self.take(bytes, &up, &heldUp) }

    /// What of the service's bytes passes; `nil` when they break the protocol.
    mutating func takeDown(_ bytes: ByteBuffer) -> ByteBuffer? { Self.take(bytes, &down, &heldDown) }

    private static func take(
        _ bytes: ByteBuffer, _ reader: inout WebSocketFrameReader, _ held: inout ByteBuffer
    ) -> ByteBuffer? {
        var bytes = bytes
        held.writeBuffer(&bytes)
        let step = held.withUnsafeReadableBytes { reader.read($0) }
        guard !step.isBroken else { return nil }
        let passed = held.readSlice(length: step.passed)
        held.discardReadBytes()
        return passed
    }
}
