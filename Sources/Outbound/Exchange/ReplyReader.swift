// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore
internal import Protocols

/// Reads one answer strictly: heads one by one, then the body within its limit. A value that does no I/O.
struct ReplyReader {
    private enum State {
        case head
        case body(HTTP1BodyReader)
        case over
    }

    private let url: OutboundURL
    private let limits: OutboundLimits
    private var state = State.head
    private var parser: HTTP1ResponseParser
    private var exchange: HTTP1Exchange
    private var buffer = ByteBuffer()
    private var status: UInt16 = 0
    private var fields: [OutboundResponse.Field] = []
    private var body: [UInt8] = []

    init(url: OutboundURL, isGet: Bool, limits: OutboundLimits) {
        self.url = url
        self.limits = limits
        parser = HTTP1ResponseParser(limits: HTTP1Limits(headBytes: limits.headBytes))
        exchange = HTTP1Exchange(method: isGet ? .get : .post, clientVersion: .http11)
    }

    /// Reads on.
    ///
    /// - Returns: The answer when it is complete.
    mutating func read(_ bytes: inout ByteBuffer) throws(OutboundError) -> OutboundResponse? {
        buffer.writeBuffer(&bytes)
        while case .head = state {
            guard try readHead() else { return nil }
        }
        return try readBody()
    }

    /// The connection has ended.
    mutating func end(wasSent: Bool) throws(OutboundError) -> OutboundResponse? {
        switch state {
        case .over: return nil
        case .head:
            throw .unreachable(wasSent ? "it closed the connection without an answer" : "it closed the connection")
        case .body(var reader):
            if let refusal = reader.end() { throw .broken(refusal) }
            return finish()
        }
    }

    /// - Returns: Whether there was a whole head.
    private mutating func readHead() throws(OutboundError) -> Bool {
        let result = buffer.withUnsafeReadableBytes { bytes in parser.parse(bytes) }
        switch result {
        case .needMore: return false
        case .refused(let refusal): throw .broken(refusal)
        case .complete(let count):
            switch exchange.judge(parser.head) {
            case .informational:
                buffer.moveReaderIndex(forwardBy: count)
                parser.reset()
            case .switched: throw .broken(HTTP1Refusal(.unexpectedSwitch, in: .response))
            case .refused(let refusal): throw .broken(refusal)
            case .final(let framing, _):
                try keep(framing)
                buffer.moveReaderIndex(forwardBy: count)
                state = .body(HTTP1BodyReader(framing: framing, message: .response))
            }
            return true
        }
    }

    private mutating func keep(_ framing: HTTP1Framing) throws(OutboundError) {
        if case .contentLength(let length) = framing, length > UInt64(limits.bodyBytes) {
            throw .tooLarge(limit: limits.bodyBytes)
        }
        status = parser.head.status
        fields = buffer.withUnsafeReadableBytes { bytes in
            parser.head.fields.all.map { field in
                OutboundResponse.Field(
                    name: field.name.text(in: bytes).lowercased(), value: field.value.text(in: bytes))
            }
        }
        let codings = fields.filter { $0.name.utf8.elementsEqual("content-encoding".utf8) }
        guard codings.allSatisfy({ $0.value.lowercased().utf8.elementsEqual("identity".utf8) }) else { throw .coding }
    }

    private mutating func readBody() throws(OutboundError) -> OutboundResponse? {
        guard case .body(var reader) = state else { return nil }
        while true {
            switch buffer.withUnsafeReadableBytes({ reader.read($0) }) {
            case .payload(let consumed, let count):
                guard body.count &+ count <= limits.bodyBytes else { throw .tooLarge(limit: limits.bodyBytes) }
                buffer.moveReaderIndex(forwardBy: consumed &- count)
                body += buffer.readBytes(length: count) ?? []
            case .needMore(let consumed):
                buffer.moveReaderIndex(forwardBy: consumed)
                buffer.discardReadBytes()
                state = .body(reader)
                return nil
            case .done: return finish()
            case .refused(let refusal): throw .broken(refusal)
            }
        }
    }

    private mutating func finish() -> OutboundResponse {
        state = .over
        return OutboundResponse(status: status, fields: fields, body: body, url: url)
    }
}
