// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

@testable import ServicePlane

/// Writes down what comes, and answers as a test tells it.
final class ScriptedExchange: StreamExchange {
    enum Event: Equatable {
        /// The request line and the fields that a service would see, in lower case where the parser knows them.
        case begin(String)
        case body(String)
        case end([String])
        case refused(HTTP1RefusalReason)
        case closed
        case writable
    }

    let client: any ClientStream
    var events: [Event] = []
    var wantsBody = true
    var onBegin: (ScriptedExchange) -> Void = { _ in }
    var onBody: (ScriptedExchange, ByteBuffer) -> Void = { _, _ in }
    var onEnd: (ScriptedExchange) -> Void = { _ in }
    var onWritable: (ScriptedExchange) -> Void = { _ in }

    init(_ client: any ClientStream) { self.client = client }

    func begin(_ head: borrowing HTTP1RequestHead, in message: ByteBuffer) {
        let text = message.withUnsafeReadableBytes { String(decoding: $0.prefix(head.byteCount), as: UTF8.self) }
        events.append(.begin(text.replacing("\r\n", with: "|")))
        onBegin(self)
    }

    func receive(body: ByteBuffer) {
        if case .body(let before) = events.last {
            events[events.count - 1] = .body(before + String(buffer: body))
        } else {
            events.append(.body(String(buffer: body)))
        }
        onBody(self, body)
    }

    func receiveEnd(trailers: [TrailerField]) {
        events.append(.end(trailers.map { "\($0.name): \($0.value)" }))
        onEnd(self)
    }

    func refuse(_ refusal: HTTP1Refusal) {
        events.append(.refused(refusal.reason))
        answer("HTTP/1.1 \(refusal.status) Refused\r\ncontent-length: 0\r\n\r\n")
    }

    func clientClosed() { events.append(.closed) }

    func writabilityChanged() {
        events.append(.writable)
        onWritable(self)
    }

    // MARK: Answers

    /// Sends the head of a response.
    func send(head: String, method: HTTP1Method = .get) {
        let message = ByteBuffer(string: head)
        var parser = HTTP1ResponseParser()
        guard case .complete = message.withUnsafeReadableBytes({ parser.parse($0) }) else {
            preconditionFailure("a test sends a bad head")
        }
        client.send(parser.head, in: message, framing: parser.head.framing(forRequest: method), isOwn: false)
    }

    /// Sends a whole response.
    func answer(_ head: String, body: String = "", trailers: [TrailerField] = [], method: HTTP1Method = .get) {
        send(head: head, method: method)
        if !body.isEmpty { client.send(body: ByteBuffer(string: body)) }
        client.finish(trailers: trailers)
        client.flush()
    }

    static let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"

    /// Answers every request with two bytes as soon as it is complete.
    static func answering(_ client: any ClientStream) -> ScriptedExchange {
        let exchange = ScriptedExchange(client)
        exchange.onEnd = { $0.answer(ok, body: "ok") }
        return exchange
    }
}
