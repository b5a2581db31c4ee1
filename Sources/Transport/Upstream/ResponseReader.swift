// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import NIOCore
internal import Protocols

/// Reads the responses of one upstream connection and hands them, re-framed, to the client they belong to.
final class ResponseReader {
    private var parser: HTTP1ResponseParser
    private let limits: HTTP1Limits
    private var body: HTTP1BodyReader?
    private var framing = HTTP1Framing.none
    private var isReusable = false
    private var isFinished = false

    init(limits: HTTP1Limits) {
        self.limits = limits
        parser = HTTP1ResponseParser(limits: limits)
    }

    func reset() {
        parser.reset()
        body = nil
        isFinished = false
    }

    /// Where reading stopped.
    enum Outcome {
        /// More bytes are needed.
        case needMore
        /// The response is complete.
        case finished(framing: HTTP1Framing, isReusable: Bool)
        /// The upstream agreed to the upgrade; what follows belongs to the new protocol.
        case switched
        /// The response must not be forwarded further.
        case failed(ReasonCode, String)
    }

    /// Reads as far as the bytes go and forwards what they hold. Bytes after the end of a response make the connection
    /// unusable.
    func read(_ bytes: inout ByteBuffer, client: any UpstreamClient) -> Outcome {
        while bytes.readableBytes > 0 {
            if let stop = body == nil ? readHead(&bytes, client) : readBody(&bytes, client) { return stop }
            if isFinished {
                return .finished(framing: framing, isReusable: isReusable && bytes.readableBytes == 0)
            }
        }
        return .needMore
    }

    /// The upstream sends nothing more.
    func ended() -> Outcome {
        guard !isFinished else { return .needMore }
        guard var body else { return .failed(.upstreamUnreachable, "the destination closed before it answered") }
        if let refusal = body.end() { return .failed(.upstreamInvalid, "\(refusal.code): \(refusal)") }
        isFinished = true
        return .finished(framing: framing, isReusable: false)
    }

    private func readHead(_ bytes: inout ByteBuffer, _ client: any UpstreamClient) -> Outcome? {
        switch bytes.withUnsafeReadableBytes({ parser.parse($0) }) {
        case .needMore:
            return .needMore
        case .refused(let refusal):
            return .failed(.upstreamInvalid, "\(refusal.code): \(refusal)")
        case .complete(let count):
            let stop = judge(bytes, client)
            bytes.moveReaderIndex(forwardBy: count)
            if stop == nil, body == nil { parser.reset() }
            return stop
        }
    }

    /// Judges the head that was just parsed.
    ///
    /// - Returns: Why reading stops, or `nil` to read on.
    private func judge(_ bytes: ByteBuffer, _ client: any UpstreamClient) -> Outcome? {
        guard let verdict = client.judge(parser.head, limits: limits) else {
            return .failed(.upstreamInvalid, "the destination answered before it was asked")
        }
        switch verdict {
        case .informational(let forward):
            if forward { client.responseHead(parser.head, in: bytes, framing: .none) }
            return nil
        case .final(let framing, let reusable):
            self.framing = framing
            isReusable = reusable
            client.responseHead(parser.head, in: bytes, framing: framing)
            let body = HTTP1BodyReader(framing: framing, limits: limits, message: .response)
            self.body = body
            isFinished = body.isDone
            return nil
        case .switched:
            client.responseHead(parser.head, in: bytes, framing: .none)
            return .switched
        case .refused(let refusal):
            return .failed(.upstreamInvalid, "\(refusal.code): \(refusal)")
        }
    }

    private func readBody(_ bytes: inout ByteBuffer, _ client: any UpstreamClient) -> Outcome? {
        guard var body else { return .needMore }
        let step = bytes.withUnsafeReadableBytes { body.read($0) }
        self.body = body
        switch step {
        case .payload(let consumed, let count):
            bytes.moveReaderIndex(forwardBy: consumed - count)
            if let payload = bytes.readSlice(length: count) {
                client.responseBody(payload, framing: framing)
            }
            isFinished = body.isDone
            return nil
        case .needMore(let consumed):
            bytes.moveReaderIndex(forwardBy: consumed)
            return .needMore
        case .done(let consumed):
            let trailers = bytes.withUnsafeReadableBytes { body.trailers(in: $0, consumed: consumed) }
            bytes.moveReaderIndex(forwardBy: consumed)
            isFinished = true
            if !trailers.isEmpty { client.responseTrailers(trailers) }
            return nil
        case .refused(let refusal):
            return .failed(.upstreamInvalid, "\(refusal.code): \(refusal)")
        }
    }
}
