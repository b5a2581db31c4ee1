// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols
import Transport

/// One HTTP/2 stream of an Envoy: what all kinds of them do alike. All of it on the connection's loop.
class EnvoyStream {
    let connection: MeshConnection
    let id: UInt32
    private let openedAt: Int64
    /// Who sends what is answered; `nil` when the stream is over.
    private var frames: MeshFrames?
    /// Bytes that were received and are still needed.
    var heldBytes = 0
    private var countedBytes = 0
    /// How many more bytes Envoy may send, and take.
    private var receiveWindow = HTTP2Window(size: MeshLimits.streamWindow, target: MeshLimits.streamWindow)
    var sendWindow: Int
    /// Bytes of the answer that wait for a window.
    var outgoing = ByteBuffer()
    private var ending: Ending?
    /// Whether Envoy has sent all that it will.
    private(set) var isComplete = false
    /// Whether nothing more is said.
    private(set) var isDone = false

    private struct Ending {
        let trailers: [UInt8]?
        let isReset: Bool
        var isSent = false
    }

    init(_ id: UInt32, of frames: MeshFrames) {
        self.id = id
        self.frames = frames
        connection = frames.connection
        openedAt = frames.now
        sendWindow = frames.output.initialWindow
    }

    // MARK: What a kind of stream does

    /// Reads the head.
    func read(_ head: HTTP2HeaderList) throws(CallStatus) {}

    /// Refuses a head that is larger than any may be.
    func refuseHead() {}

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

    /// Takes the head; `nil` for one that is too large.
    func receive(_ head: HTTP2HeaderList?, endStream: Bool) {
        isComplete = endStream
        guard let head else { return refuseHead() }
        do throws(CallStatus) {
            try read(head)
            if endStream, !isDone { try readEnd() }
        } catch { finish(error) }
    }

    /// Takes a piece of the body.
    func receive(_ bytes: ByteBuffer, endStream: Bool) {
        isComplete = endStream
        guard !isDone else { return closeIfOver() }
        do throws(CallStatus) {
            try read(bytes)
            if endStream, !isDone { try readEnd() }
        } catch { finish(error) }
    }

    /// Takes trailers, which say nothing here.
    func receiveTrailers() {
        isComplete = true
        guard !isDone else { return closeIfOver() }
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

    // MARK: Windows

    /// Whether that many bytes were allowed.
    func takeWindow(_ size: Int) -> Bool {
        receiveWindow.size &-= size
        return receiveWindow.size >= 0
    }

    /// How many bytes more Envoy may send from now on; `nil` for none.
    func openWindow() -> Int? {
        // A question may have more bytes than the window of its stream, and is looked at when it is complete.
        guard let increment = receiveWindow.increment(holding: 0) else { return nil }
        receiveWindow.size &+= increment
        return increment
    }

    /// Whether the window of what is sent can be that much wider.
    func widen(by increment: Int) -> Bool { FrameOutput.widen(&sendWindow, by: increment) }

    // MARK: What it says

    /// Writes a header section; it is sent at the end of the turn.
    func write(head block: [UInt8]) {
        guard let frames, !isDone else { return }
        frames.output.write(head: block, on: id, endStream: false)
        frames.requestFlush()
    }

    /// Writes a message of gRPC.
    func write(message bytes: [UInt8]) {
        guard let frames, !isDone else { return }
        if outgoing.readableBytes > 0 || !frames.output.write(message: bytes, on: self) {
            MessageReader.writePrefix(length: bytes.count, to: &outgoing)
            write(body: bytes)
        }
        frames.requestFlush()
    }

    /// Writes a part of a body.
    func write(body bytes: [UInt8]) {
        guard let frames, !isDone else { return }
        outgoing.writeBytes(bytes)
        frames.send(self)
        frames.requestFlush()
    }

    /// Ends what is said.
    ///
    /// - Parameters:
    ///   - trailers: The last header section, where there is one.
    ///   - isReset: Whether what Envoy has still to send is refused.
    func end(trailers: [UInt8]? = nil, isReset: Bool) {
        guard let frames, !isDone else { return }
        isDone = true
        ending = Ending(trailers: trailers, isReset: isReset)
        sendEnd(frames)
        leave()
    }

    /// Goes on where a window was in the way.
    func sendRest() {
        guard let frames else { return }
        frames.send(self)
        frames.requestFlush()
        sendEnd(frames)
    }

    private func sendEnd(_ frames: MeshFrames) {
        guard outgoing.readableBytes == 0, let ending, !ending.isSent else { return }
        self.ending?.isSent = true
        frames.output.writeEnd(of: id, trailers: ending.trailers)
        frames.requestFlush()
        if isComplete {
            frames.forget(id)
        } else if ending.isReset {
            frames.output.writeReset(id, .noError)
            frames.forget(id)
        }
    }

    private func closeIfOver() {
        if isComplete, ending?.isSent == true { frames?.forget(id) }
    }
}
