// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHPACK
import NIOHTTP2
import Transport

/// One HTTP/2 stream of an Envoy: what all kinds of them do alike. All of it on the connection's loop.
class EnvoyStream {
    let connection: MeshConnection
    private let id: HTTP2StreamID
    private let openedAt: Int64
    /// Who sends what is answered; `nil` when the stream is over.
    private var frames: MeshFrames?
    /// Bytes that were received and are still needed.
    var heldBytes = 0
    private var countedBytes = 0
    /// Whether Envoy has sent all that it will.
    private(set) var isComplete = false
    /// Whether nothing more is said.
    private(set) var isDone = false

    init(_ id: HTTP2StreamID, of frames: MeshFrames) {
        self.id = id
        self.frames = frames
        connection = frames.connection
        openedAt = frames.now
    }

    // MARK: What a kind of stream does

    /// Reads the head.
    func read(_ headers: HPACKHeaders) throws(CallStatus) {}

    /// Reads a piece of the body.
    func read(_ bytes: ByteBuffer) throws(CallStatus) {}

    /// Envoy has sent everything.
    func readEnd() throws(CallStatus) {}

    /// Answers with a status and nothing else, if nothing was answered yet.
    func finish(_ status: CallStatus) {}

    /// The stream has ended, or nothing more will be said on it.
    func leave() {}

    /// Whether it waits for something that should have come in ``MeshLimits/request``.
    var isWaiting: Bool { !isDone }

    // MARK: What happens to it

    /// Takes the head.
    func receive(_ headers: HPACKHeaders, endStream: Bool) {
        isComplete = endStream
        do throws(CallStatus) {
            try read(headers)
            if endStream, !isDone { try readEnd() }
        } catch { finish(error) }
    }

    /// Takes a piece of the body.
    func receive(_ bytes: ByteBuffer, endStream: Bool) {
        isComplete = endStream
        guard !isDone else { return }
        do throws(CallStatus) {
            try read(bytes)
            if endStream, !isDone { try readEnd() }
        } catch { finish(error) }
    }

    /// Takes trailers, which say nothing here.
    func receive(trailersEnding endStream: Bool) {
        isComplete = endStream
        guard endStream, !isDone else { return }
        do throws(CallStatus) { try readEnd() } catch { finish(error) }
    }

    /// The stream is over, whoever ended it.
    func end() {
        frames = nil
        heldBytes = 0
        isDone = true
        leave()
    }

    /// Answers that it took too long, where it did.
    func sweep(_ now: Int64) {
        guard isWaiting, now &- openedAt > MeshLimits.request.nanoseconds else { return }
        finish(CallStatus(.deadlineExceeded, "the call is not complete"))
    }

    /// Whether more of it is to come.
    var awaitsMore: Bool { !isComplete && !isDone }

    /// How many more bytes the stream holds than when this was asked last.
    func countHeld() -> Int {
        defer { countedBytes = heldBytes }
        return heldBytes &- countedBytes
    }

    /// Refuses what is not complete, because all of the connection together is too large.
    func refuseTooMuch() {
        guard awaitsMore else { return }
        finish(CallStatus(.resourceExhausted, Self.tooMuch))
    }

    static let tooMuch = "what waits for an answer has at most \(MeshLimits.bytesOfConnection) bytes together"

    // MARK: What it says

    /// Writes a frame; it is sent at the end of the turn.
    func write(_ payload: HTTP2Frame.FramePayload) {
        guard let frames, !isDone else { return }
        frames.write(payload, on: id)
        frames.requestFlush()
    }

    /// Writes a message of gRPC.
    func write(message bytes: [UInt8]) {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bytes.count &+ 5)
        MessageReader.writePrefix(length: bytes.count, to: &buffer)
        buffer.writeBytes(bytes)
        write(.data(.init(data: .byteBuffer(buffer))))
    }

    /// Writes the last frame.
    ///
    /// - Parameter isReset: Whether what Envoy has still to send is refused.
    func end(with last: HTTP2Frame.FramePayload, isReset: Bool) {
        guard let frames, !isDone else { return }
        write(last)
        if isReset, !isComplete { frames.reset(id) }
        isDone = true
        leave()
    }
}
