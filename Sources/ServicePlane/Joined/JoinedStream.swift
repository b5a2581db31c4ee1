// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

/// What members say by themselves, on one stream: `subscriptions/listen`, and the stream of a session.
final class JoinedStream: JoinedWork, MemberCall.Sink {
    private let run: JoinedRun
    private let request: MCPRequest
    private let deadline: Int64
    private var calls: [(call: MemberCall, events: EventStreamParser?)] = []
    /// What was granted of a subscription, and those of whom that is not known yet.
    private var granted: [(member: String, filter: JSONObject)] = []
    private var unknown: Set<String> = []
    private var isAcknowledged = false
    private var isStarting = false

    init(_ run: JoinedRun, _ request: MCPRequest) {
        self.run = run
        self.request = request
        deadline = run.exchange.loop.now &+ run.exchange.loop.settings.memberTime
    }

    private var isSubscription: Bool { request.id != nil }

    func start() {
        let known = run.session.flatMap { run.joined[$0]?.members } ?? [:]
        for member in run.endpoint.members {
            if isSubscription {
                guard let message = subscription(for: member) else { continue }
                calls.append((run.ask(member, message, sink: self), nil))
                unknown.insert(member)
            } else if let own = known[member] {
                calls.append((run.ask(member, nil, method: "GET", known: own, sink: self), nil))
            }
        }
        run.exchange.send(status: 200, EventStream.fields, body: nil)
        run.exchange.stream?.flush()
        isStarting = true
        run.send()
        isStarting = false
        acknowledgeIfKnown()
        finishIfDone()
    }

    private func subscription(for member: String) -> JSONRPCMessage? {
        guard case .request(let id, var call)? = request.message, var params = call.params,
            case .object(let filter)? = params["notifications"]
        else { return nil }
        let own = JoinedMessages.subscription(filter, for: member)
        guard !own.isEmpty else { return nil }
        params["notifications"] = .object(own)
        call.params = params
        return .request(id: id, call)
    }

    // MARK: Members

    func began(_ call: MemberCall, status: UInt16, type: String, session: String?) {
        guard status == 200, type.utf8.starts(with: "text/event-stream".utf8),
            let index = calls.firstIndex(where: { $0.call === call })
        else { return }
        calls[index].events = EventStreamParser()
    }

    func received(_ call: MemberCall, _ bytes: ByteBuffer) {
        guard let index = calls.firstIndex(where: { $0.call === call }), var parser = calls[index].events else {
            return
        }
        guard let found = try? parser.feed(Array(bytes.readableBytesView)) else {
            call.cancel()
            return ended(call, isComplete: false)
        }
        calls[index].events = parser
        for event in found where !event.data.isEmpty { take(event.data, of: call.member) }
        run.exchange.stream?.flush()
    }

    private func take(_ data: [UInt8], of member: String) {
        guard let value = try? JSONValue(parsing: data), let method = value["method"]?.string else { return }
        if method.utf8.elementsEqual(MCPMethod.acknowledged.rawValue.utf8) {
            guard unknown.remove(member) != nil else { return }
            if case .object(let filter)? = value["params"]?["notifications"] { granted.append((member, filter)) }
            return acknowledgeIfKnown()
        }
        // What nobody was told to expect yet is said again by the lists themselves.
        guard !isSubscription || isAcknowledged else { return }
        send(JoinedMessages.renamed(value, of: member, to: nil))
    }

    func ended(_ call: MemberCall, isComplete: Bool) {
        guard let index = calls.firstIndex(where: { $0.call === call }) else { return }
        calls.remove(at: index)
        unknown.remove(call.member)
        guard !isStarting else { return }
        acknowledgeIfKnown()
        finishIfDone()
    }

    private func acknowledgeIfKnown() {
        guard isSubscription, !isAcknowledged, !isStarting, unknown.isEmpty, let id = request.id else { return }
        isAcknowledged = true
        send(JoinedMessages.acknowledgement(granted, id: id))
        run.exchange.stream?.flush()
    }

    private func finishIfDone() {
        if calls.isEmpty { run.exchange.finish() }
    }

    private func send(_ message: JSONValue) {
        run.exchange.stream?.send(body: ByteBuffer(bytes: EventStreamEvent(data: message.bytes).bytes))
    }

    // MARK: Time and room

    var isWritable: Bool { run.exchange.stream?.isWritable ?? false }

    func flushed() { run.exchange.stream?.flush() }

    func writabilityChanged() { for (call, _) in calls { call.writabilityChanged() } }

    func sweep(now: Int64) {
        guard isSubscription, !isAcknowledged, now >= deadline else { return }
        let late = calls.map(\.call).filter { unknown.contains($0.member) }
        for call in late {
            call.cancel()
            ended(call, isComplete: false)
        }
    }

    func cancel() {
        let calls = calls
        self.calls = []
        for (call, _) in calls { call.cancel() }
    }
}
