// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Protocols

/// Reads the responses of one upstream connection and hands them, re-framed, to the client they belong to.
final class ResponseReader {
    private var parser: HTTP1ResponseParser
    private let limits: HTTP1Limits
    private var body: HTTP1BodyReader?
    private var framing = HTTP1Framing.none
    private var isReusable = false
    private var isFinished = false
    private var isSwitched = false

    init(limits: HTTP1Limits) {
        self.limits = limits
        parser = HTTP1ResponseParser(limits: limits)
    }

    func reset() {
        parser.reset()
        body = nil
        isFinished = false
    }

    /// Reads as far as the bytes go. Bytes after the end of a response make the connection unusable.
    func read(_ received: inout ByteBuffer?, client: ProxyConnection) {
        while !isFinished, var bytes = received, bytes.readableBytes > 0 {
            let goesOn = body == nil ? readHead(&bytes, client) : readBody(&bytes, client)
            received = bytes.readableBytes > 0 ? bytes : nil
            if isSwitched {
                client.responseSwitched()
                return
            }
            if isFinished { finish(client, hasSurplus: received != nil) }
            guard goesOn else { return }
        }
    }

    /// The upstream sends nothing more.
    func ended(client: ProxyConnection) {
        guard !isFinished else { return }
        guard var body else {
            client.responseFailed(.upstreamUnreachable, detail: "the destination closed before it answered")
            return
        }
        if let refusal = body.end() {
            client.responseFailed(.upstreamInvalid, detail: "\(refusal.code): \(refusal)")
            return
        }
        isFinished = true
        isReusable = false
        finish(client, hasSurplus: false)
    }

    private func finish(_ client: ProxyConnection, hasSurplus: Bool) {
        client.responseFinished(
            framing: client.clientFraming(of: framing), isReusable: isReusable && !hasSurplus)
    }

    private func readHead(_ bytes: inout ByteBuffer, _ client: ProxyConnection) -> Bool {
        switch bytes.withUnsafeReadableBytes({ parser.parse($0) }) {
        case .needMore:
            return false
        case .refused(let refusal):
            client.responseFailed(.upstreamInvalid, detail: "\(refusal.code): \(refusal)")
            return false
        case .complete(let count):
            let isOpen = judge(bytes, client)
            bytes.moveReaderIndex(forwardBy: count)
            if isOpen, body == nil { parser.reset() }
            return isOpen
        }
    }

    /// Judges the head that was just parsed.
    ///
    /// - Returns: Whether to read on.
    private func judge(_ bytes: ByteBuffer, _ client: ProxyConnection) -> Bool {
        guard let verdict = client.request?.exchange?.state.judge(parser.head, limits: limits) else { return false }
        switch verdict {
        case .informational(let forward):
            if forward { client.responseHead(parser.head, in: bytes, framing: .none) }
            return true
        case .final(let framing, let reusable):
            self.framing = framing
            isReusable = reusable
            client.responseHead(parser.head, in: bytes, framing: framing)
            let body = HTTP1BodyReader(framing: framing, limits: limits, message: .response)
            self.body = body
            isFinished = body.isDone
            return true
        case .switched:
            client.responseHead(parser.head, in: bytes, framing: .none)
            isSwitched = true
            return false
        case .refused(let refusal):
            client.responseFailed(.upstreamInvalid, detail: "\(refusal.code): \(refusal)")
            return false
        }
    }

    private func readBody(_ bytes: inout ByteBuffer, _ client: ProxyConnection) -> Bool {
        guard var body else { return false }
        let step = bytes.withUnsafeReadableBytes { body.read($0) }
        self.body = body
        switch step {
        case .payload(let consumed, let count):
            bytes.moveReaderIndex(forwardBy: consumed - count)
            guard let payload = bytes.readSlice(length: count) else { return false }
            client.responseBody(payload, framing: client.clientFraming(of: framing))
            isFinished = body.isDone
            return true
        case .needMore(let consumed):
            bytes.moveReaderIndex(forwardBy: consumed)
            return false
        case .done(let consumed):
            bytes.moveReaderIndex(forwardBy: consumed)
            isFinished = true
            return true
        case .refused(let refusal):
            client.responseFailed(.upstreamInvalid, detail: "\(refusal.code): \(refusal)")
            return false
        }
    }
}
