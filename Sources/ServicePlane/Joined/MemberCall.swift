// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

/// One request to one member of an endpoint: an exchange of its own, which is judged as if the client had asked the member,
/// and whose answer goes to a sink in the place of a client.
final class MemberCall: ClientStream {
    /// What becomes of the answer.
    protocol Sink: AnyObject {
        /// The head of the answer.
        func began(_ call: MemberCall, status: UInt16, type: String, session: String?)
        /// A piece of its body.
        func received(_ call: MemberCall, _ bytes: ByteBuffer)
        /// The end.
        func ended(_ call: MemberCall, isComplete: Bool)
        /// What was received is to be sent now.
        func flushed()
        /// Whether more is taken at the moment.
        var isWritable: Bool { get }
    }

    let member: String
    private weak var sink: (any Sink)?
    private var exchange: ServiceExchange?
    private var isOver = false

    init(_ member: String, sink: any Sink) {
        self.member = member
        self.sink = sink
    }

    /// Asks. The answer may come before this returns.
    func start(_ method: String, _ fields: [MCPField], _ body: [UInt8], loop: ServiceLoop, caller: ServiceCaller) {
        let exchange = ServiceExchange(loop: loop, caller: caller, stream: self)
        self.exchange = exchange
        var head = ByteBuffer()
        head.writeString("\(method) /s/\(member)/ HTTP/1.1\r\nhost: servers.invalid\r\n")
        for field in fields { head.writeString("\(field.name): \(field.value)\r\n") }
        if !body.isEmpty { head.writeString("content-length: \(body.count)\r\n") }
        head.writeString("\r\n")
        var parser = HTTP1RequestParser(limits: loop.settings.http)
        guard case .complete = head.withUnsafeReadableBytes({ parser.parse($0) }) else {
            // Fields of the client that fit its own request may not fit this one.
            return fail()
        }
        exchange.begin(parser.head, in: head)
        guard !isOver else { return }
        if !body.isEmpty { exchange.receive(body: ByteBuffer(bytes: body)) }
        guard !isOver else { return }
        exchange.receiveEnd(trailers: [])
    }

    private func fail() {
        exchange = nil
        guard !isOver else { return }
        isOver = true
        sink?.ended(self, isComplete: false)
    }

    /// Nobody waits any more. The sink is not told.
    func cancel() {
        guard !isOver else { return }
        isOver = true
        let exchange = exchange
        self.exchange = nil
        exchange?.clientClosed()
    }

    func writabilityChanged() { exchange?.writabilityChanged() }

    // MARK: The member's answer

    var isWritable: Bool { !isOver && sink?.isWritable ?? false }

    func send(_ head: HTTP1ResponseHead, in message: ByteBuffer, framing: HTTP1Framing, isOwn: Bool) {
        guard !isOver, !head.isInformational else { return }
        let (type, session) = message.withUnsafeReadableBytes { bytes in
            (
                head.fields.first(named: "content-type", in: bytes)?.value.text(in: bytes) ?? "",
                head.fields.first(named: "mcp-session-id", in: bytes)?.value.text(in: bytes)
            )
        }
        sink?.began(self, status: head.status, type: type, session: session)
    }

    func send(body: ByteBuffer) {
        guard !isOver else { return }
        sink?.received(self, body)
    }

    func finish(trailers: [TrailerField]) {
        guard !isOver else { return }
        isOver = true
        exchange = nil
        sink?.ended(self, isComplete: true)
    }

    func flush() { if !isOver { sink?.flushed() } }

    /// The exchange that it is a part of is decided for itself.
    func endConnection() {}

    func resumeBody() {}

    func abort() { fail() }

    func startRelay() { abort() }
}

/// The whole answer of a member.
struct MemberAnswer {
    var status: UInt16 = 0
    var session: String?
    private var isStream = false
    private var body: [UInt8] = []
    private(set) var isTooLong = false

    /// The most bytes of one.
    static let limit = 8 << 20

    mutating func begin(status: UInt16, type: String, session: String?) {
        self.status = status
        self.session = session
        isStream = type.utf8.starts(with: "text/event-stream".utf8)
    }

    mutating func take(_ bytes: ByteBuffer) {
        guard body.count &+ bytes.readableBytes <= Self.limit else {
            isTooLong = true
            return
        }
        body.append(contentsOf: bytes.readableBytesView)
    }

    /// The answer to the request; `nil` when there is none.
    var message: JSONValue? {
        guard !isTooLong else { return nil }
        let limits = JSONLimits(bytes: Self.limit, values: 400_000, stringBytes: Self.limit)
        guard isStream else { return try? JSONValue(parsing: body, limits: limits) }
        var parser = EventStreamParser(limits: EventStreamLimits(eventBytes: Self.limit))
        let events = (try? parser.feed(body)) ?? []
        return events.lazy.compactMap { try? JSONValue(parsing: $0.data, limits: limits) }.first { $0["method"] == nil }
    }

    /// Why it is of no use, in a sentence without any of the server's own words.
    func failure(isComplete: Bool) -> String {
        if isTooLong { return "its answer is too long" }
        if !isComplete { return "the connection to it was ended" }
        guard let error = message?["error"] else { return "it does not answer (status \(status))" }
        return error["data"]?["reason"]?.string ?? "it answers with an error"
    }

    /// Whether the member said that it has no such thing, or the client may not ask it: nothing is missing then.
    var isRefusal: Bool {
        guard let code = message?["error"]?["code"]?.integer else { return false }
        return status == 200 && code == Int64(MCPAnswers.denied) || code == -32601
    }
}
