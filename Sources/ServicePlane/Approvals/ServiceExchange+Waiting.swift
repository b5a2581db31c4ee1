// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

/// Signs of life for a client that waits for a person, so that neither it nor what lies between takes the connection for a
/// dead one. They begin an event stream; whatever comes in the end is its last event.
extension ServiceExchange {
    /// Sends a sign when it is time for one, to clients that understand it.
    func keepAlive(now: Int64) {
        guard phase == .held, now >= held.nextSign, let stream, stream.isWritable,
            let sign = mediation?.waitingSign(held.signs)
        else { return }
        held.nextSign = now &+ loop.settings.approvalKeepAlive
        held.signs &+= 1
        if !held.isStreaming {
            send(status: 200, EventStream.fields, body: nil)
            guard !isOver else { return }
            // Nothing of the answer itself is out.
            isAnswerStarted = false
            held.isStreaming = true
        }
        stream.send(body: ByteBuffer(bytes: sign))
        stream.flush()
    }

    /// Ends the stream of signs with a whole answer.
    ///
    /// - Returns: False when none was begun.
    func completeStream(with body: [UInt8]) -> Bool {
        guard held.isStreaming else { return false }
        held.isStreaming = false
        if !body.isEmpty { stream?.send(body: ByteBuffer(bytes: EventStreamEvent(data: body).bytes)) }
        finish()
        return true
    }

    /// Goes on in the stream of signs with the events of the service.
    ///
    /// - Returns: False when none was begun.
    func continueStream() -> Bool {
        guard held.isStreaming else { return false }
        held.isStreaming = false
        return true
    }
}

/// What stands in front of events of the gate's own.
enum EventStream {
    static let fields = [
        MCPField("content-type", "text/event-stream"), MCPField("cache-control", "no-store"),
        MCPField("x-accel-buffering", "no"),
    ]
}
