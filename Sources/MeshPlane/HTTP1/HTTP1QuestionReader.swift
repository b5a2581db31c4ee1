// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

/// Reads questions of the HTTP variant from the bytes of an HTTP/1.1 connection, one after the other, as strictly as the
/// gate's own listeners read requests. What cannot be read ends the connection: nobody knows where the next one begins.
struct HTTP1QuestionReader {
    /// What the bytes hold.
    enum Step {
        /// The next question is not complete.
        case needMore
        /// The next question.
        case question(HTTPQuestionHead, body: [UInt8], isLast: Bool)
        /// No question, and none after it.
        case refused(String)
    }

    /// The path of the request stands behind the prefix, and the certificate that Envoy passes on in one field.
    static let limits = HTTP1Limits(
        requestLineBytes: 10 << 10, headBytes: 32 << 10, fieldLineBytes: 24 << 10)

    private var parser = HTTP1RequestParser(limits: limits)
    private var received = ByteBuffer()
    private var head: (head: HTTPQuestionHead, isLast: Bool)?
    private var framing = HTTP1BodyReader(framing: .none)
    private var body: [UInt8] = []

    /// Whether nothing of a further question has come.
    var isEmpty: Bool { received.readableBytes == 0 && head == nil }

    /// Takes what was received.
    mutating func append(_ bytes: inout ByteBuffer) {
        if received.readableBytes == 0 {
            received = bytes
            bytes = ByteBuffer()
        } else {
            received.discardReadBytes()
            received.writeBuffer(&bytes)
        }
    }

    /// Reads on. A refusal is the last thing that is read.
    mutating func next() -> Step {
        if head == nil, let step = readHead() { return step }
        while !framing.isDone {
            let bytes = received
            switch bytes.withUnsafeReadableBytes({ framing.read($0) }) {
            case .payload(let consumed, let count):
                guard body.count &+ count <= MeshLimits.requestBytes else { return Self.tooLarge }
                received.moveReaderIndex(forwardBy: consumed &- count)
                if let payload = received.readBytes(length: count) { body += payload }
            case .needMore(let consumed):
                received.moveReaderIndex(forwardBy: consumed)
                return .needMore
            case .done(let consumed): received.moveReaderIndex(forwardBy: consumed)
            case .refused(let refusal): return Self.refused(refusal)
            }
        }
        guard let (head, isLast) = head.take() else { return .needMore }
        defer { body = [] }
        return .question(head, body: body, isLast: isLast)
    }

    /// - Returns: `nil` when the head is complete.
    private mutating func readHead() -> Step? {
        let bytes = received
        let step = bytes.withUnsafeReadableBytes { bytes -> Step? in
            switch parser.parse(bytes) {
            case .needMore: return .needMore
            case .refused(let refusal): return Self.refused(refusal)
            case .complete:
                if let refusal = parser.head.judgeRest(of: bytes) { return Self.refused(refusal) }
                if let length = parser.head.fields.contentLength, length > UInt64(MeshLimits.requestBytes) {
                    return Self.tooLarge
                }
                guard let head = HTTPQuestionHead(parser.head, in: bytes) else {
                    return .refused("a field is not UTF-8, or Connection names one")
                }
                self.head = (head, !parser.head.allowsKeepAlive)
                framing = HTTP1BodyReader(framing: parser.head.framing, limits: Self.limits)
                return nil
            }
        }
        guard step == nil else { return step }
        received.moveReaderIndex(forwardBy: parser.head.byteCount)
        parser.reset()
        return nil
    }

    private static var tooLarge: Step {
        .refused("a question has at most \(MeshLimits.requestBytes) bytes")
    }

    private static func refused(_ refusal: HTTP1Refusal) -> Step {
        .refused("\(refusal.code): \(refusal)")
    }
}
