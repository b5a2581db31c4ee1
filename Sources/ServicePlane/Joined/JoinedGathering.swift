// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols

/// Asks several members at the same time for whole answers. Who takes too long is missing.
class JoinedGathering: JoinedWork, MemberCall.Sink {
    let run: JoinedRun
    let request: MCPRequest
    private let deadline: Int64
    private var calls: [(call: MemberCall, answer: MemberAnswer)] = []
    private var open = 0
    private var isOver = false

    init(_ run: JoinedRun, _ request: MCPRequest) {
        self.run = run
        self.request = request
        deadline = run.exchange.loop.now &+ run.exchange.loop.settings.memberTime
    }

    /// Adds the questions with ``ask(_:_:method:known:)``.
    func prepare() {}

    /// A member answered; more may be asked of it.
    func answered(_ member: String, _ answer: MemberAnswer, isComplete: Bool) {}

    /// Everybody has answered, or is too late.
    func gathered(missing: [String]) {}

    final func ask(
        _ member: String, _ message: JSONRPCMessage?, method: String = "POST", known: JoinedSessions.Member? = nil
    ) {
        let call = run.ask(member, message, method: method, known: known, sink: self)
        calls.append((call, MemberAnswer()))
        open &+= 1
    }

    final func start() {
        prepare()
        send()
    }

    private func send() {
        // A member that answers at once must not look like the last one.
        open &+= 1
        run.send()
        open &-= 1
        finishIfDone()
    }

    private func finishIfDone() {
        guard open == 0, !isOver else { return }
        isOver = true
        gathered(missing: [])
    }

    final func began(_ call: MemberCall, status: UInt16, type: String, session: String?) {
        guard let index = calls.firstIndex(where: { $0.call === call }) else { return }
        calls[index].answer.begin(status: status, type: type, session: session)
    }

    final func received(_ call: MemberCall, _ bytes: ByteBuffer) {
        guard let index = calls.firstIndex(where: { $0.call === call }) else { return }
        calls[index].answer.take(bytes)
    }

    final func ended(_ call: MemberCall, isComplete: Bool) {
        guard !isOver, let index = calls.firstIndex(where: { $0.call === call }) else { return }
        let answer = calls.remove(at: index).answer
        answered(call.member, answer, isComplete: isComplete)
        open &-= 1
        send()
    }

    final func flushed() {}
    final var isWritable: Bool { true }
    final func writabilityChanged() {}

    final func sweep(now: Int64) {
        guard now >= deadline, !isOver else { return }
        isOver = true
        let late = calls.map(\.call)
        calls = []
        for call in late { call.cancel() }
        gathered(missing: late.map(\.member))
    }

    final func cancel() {
        isOver = true
        let calls = calls
        self.calls = []
        for (call, _) in calls { call.cancel() }
    }
}

/// Why a member is missing that took too long.
let memberTimeIsOver = "it did not answer within service_proxy.limits.member_time"

/// `initialize` and `server/discover`: what all members can do.
final class JoinedIntroduction: JoinedGathering {
    private var results: [String: JSONObject] = [:]
    private var missing: [(String, String)] = []
    private var refusal: JSONValue?
    private var session: String?

    override func prepare() {
        if !request.revision.isStateless, case .request(_, let call)? = request.message {
            session = run.joined.begin(call.params ?? JSONObject())
        }
        for member in run.endpoint.members { ask(member, request.message) }
    }

    override func answered(_ member: String, _ answer: MemberAnswer, isComplete: Bool) {
        guard results[member] == nil else { return }
        let message = answer.message
        guard isComplete, answer.status == 200, case .object(let result)? = message?["result"] else {
            if answer.isRefusal {
                refusal = refusal ?? message?["error"]
            } else {
                missing.append((member, answer.failure(isComplete: isComplete)))
            }
            return
        }
        results[member] = result
        guard let session, let revision = result["protocolVersion"]?.string.flatMap(MCPRevision.init(version:)) else {
            return
        }
        let known = JoinedSessions.Member(id: answer.session, revision: revision)
        run.joined.set(known, of: member, in: session)
        ask(member, .notification(JSONRPCCall(method: MCPMethod.initialized.rawValue)), known: known)
    }

    override func gathered(missing late: [String]) {
        // Who was only late to hear of the beginning has begun.
        missing += late.filter { results[$0] == nil }.map { ($0, memberTimeIsOver) }
        guard !results.isEmpty || !missing.isEmpty || refusal == nil else {
            guard let error = refusal, let id = request.id else { return run.result(JSONObject()) }
            var object = JSONObject()
            object["jsonrpc"] = "2.0"
            object["id"] = id.value
            object["error"] = error
            return run.exchange.complete(
                with: MediatedAnswer(status: 200, fields: MCPAnswers.fields, body: JSONValue.object(object).bytes))
        }
        let ordered = run.endpoint.members.compactMap { member in results[member].map { (member, $0) } }
        run.result(
            JoinedMessages.introduction(
                ordered, of: run.endpoint.name, revision: request.revision, missing: missing), opening: session)
    }
}

/// The lists of all members, page by page.
final class JoinedList: JoinedGathering {
    private let method: MCPMethod
    private let pages: [String: String]?
    private var results: [String: JSONObject] = [:]
    private var missing: [(String, String)] = []

    /// - Parameter cursor: The members that are asked, and where they go on; `nil` for all from the start.
    init(_ run: JoinedRun, _ request: MCPRequest, _ method: MCPMethod, cursor: [String: String]?) {
        self.method = method
        pages = cursor
        super.init(run, request)
    }

    override func prepare() {
        for member in run.endpoint.members {
            if let pages, pages[member] == nil { continue }
            guard let opening = JoinedOpening.message(of: member, in: run) else {
                list(member)
                continue
            }
            ask(member, opening)
        }
    }

    private func list(_ member: String) {
        guard case .request(let id, var call)? = request.message else { return }
        var params = call.params ?? JSONObject()
        params["cursor"] = pages?[member].map { .string($0) }
        call.params = params.isEmpty ? nil : params
        ask(member, .request(id: id, call), known: run.session.flatMap { run.joined[$0]?.members[member] })
    }

    override func answered(_ member: String, _ answer: MemberAnswer, isComplete: Bool) {
        guard results[member] == nil else { return }
        let message = answer.message
        if JoinedOpening.isAnswer(message) {
            guard isComplete, JoinedOpening.take(answer, of: member, in: run) else {
                if !answer.isRefusal { missing.append((member, answer.failure(isComplete: isComplete))) }
                return
            }
            let known = run.session.flatMap { run.joined[$0]?.members[member] }
            ask(member, .notification(JSONRPCCall(method: MCPMethod.initialized.rawValue)), known: known)
            return list(member)
        }
        // The answer to a notification.
        if message == nil, answer.status == 202 { return }
        guard isComplete, answer.status == 200, case .object(let result)? = message?["result"] else {
            if answer.status == 404, let session = run.session { run.joined.set(nil, of: member, in: session) }
            if !answer.isRefusal { missing.append((member, answer.failure(isComplete: isComplete))) }
            return
        }
        results[member] = result
    }

    override func gathered(missing late: [String]) {
        missing += late.map { ($0, memberTimeIsOver) }
        missing.removeAll { results[$0.0] != nil }
        let ordered = run.endpoint.members.compactMap { member in results[member].map { (member, $0) } }
        let more = ordered.compactMap { member, result in
            result["nextCursor"]?.string.map { (member: member, cursor: $0) }
        }
        run.result(
            JoinedMessages.list(
                ordered, method, missing: missing, cursor: run.cursor(more, method),
                isStateless: request.revision.isStateless))
    }
}

/// What all members with a session are told, and nobody's answer to it is told.
final class JoinedNotice: JoinedGathering {
    override func prepare() {
        let known = run.session.flatMap { run.joined[$0]?.members } ?? [:]
        for member in run.endpoint.members {
            guard let own = known[member] else { continue }
            ask(member, request.message, method: request.message == nil ? "DELETE" : "POST", known: own)
        }
    }

    override func gathered(missing: [String]) {
        guard case .endSession = request.operation else { return run.result(JSONObject()) }
        if let session = run.session { run.joined.end(session) }
        run.exchange.complete(with: MediatedAnswer(status: 200))
    }
}

/// The beginning of a session with a member that has none yet, or not any more.
enum JoinedOpening {
    /// The identifier of the gate's own request.
    private static let id = JSONRPCID.string("yett-session")

    /// What begins a session; `nil` where there is one, or none is needed.
    static func message(of member: String, in run: JoinedRun) -> JSONRPCMessage? {
        guard let session = run.session, let known = run.joined[session], known.members[member] == nil else {
            return nil
        }
        return .request(id: id, JSONRPCCall(method: MCPMethod.initialize.rawValue, params: known.opening))
    }

    /// Whether a message answers the gate's own request.
    static func isAnswer(_ message: JSONValue?) -> Bool {
        message?["id"].flatMap { JSONRPCID($0) } == id
    }

    /// Takes note of the session that began; false when none did.
    static func take(_ answer: MemberAnswer, of member: String, in run: JoinedRun) -> Bool {
        guard answer.status == 200, let session = run.session,
            let version = answer.message?["result"]?["protocolVersion"]?.string,
            let revision = MCPRevision(version: version)
        else { return false }
        run.joined.set(JoinedSessions.Member(id: answer.session, revision: revision), of: member, in: session)
        return true
    }
}
