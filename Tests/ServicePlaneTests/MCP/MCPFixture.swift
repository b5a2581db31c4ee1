// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Synchronization

@testable import ServicePlane

/// One MCP server behind the gate, agents before it, and a clock that stands still until it is moved.
final class MCPFixture {
    final class Clock: Sendable {
        let time = Mutex<Int64>(1_790_000_000)
        var now: Int64 { time.withLock { $0 } }
        func advance(_ seconds: Int64) { time.withLock { $0 += seconds } }
    }

    /// What an exchange came to.
    struct Outcome {
        var status: UInt16 = 0
        var fields: [MCPField] = []
        var body: [UInt8] = []
        var forwarded: ForwardedRequest?
        var operation: Operation?
        var reason: ReasonCode?
        var detail: String?
        var events: [MediationEvent] = []
        var failure: String?
        var provenance: [ProvenanceRecord] = []

        var json: JSONValue? { try? JSONValue(parsing: body) }
        var result: JSONValue? { json?["result"] }
        var errorCode: Int64? { json?["error"]?["code"]?.integer }
        var sent: JSONValue? { forwarded.flatMap { try? JSONValue(parsing: $0.body) } }
        var codes: [String] { events.map(\.code) }
        /// Whether the server got the request.
        var isForwarded: Bool { forwarded != nil && reason == nil }

        func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        func sentField(_ name: String) -> String? { forwarded?.fields.first { $0.name == name }?.value }
    }

    /// What a server answers.
    struct Answer {
        var status: UInt16 = 200
        var fields = [MCPField("content-type", "application/json")]
        var body: [UInt8] = []

        static func json(_ value: JSONValue, status: UInt16 = 200) -> Answer {
            Answer(status: status, body: value.bytes)
        }

        static func result(_ result: JSONValue, id: JSONValue = 1) -> Answer {
            .json(["jsonrpc": "2.0", "id": id, "result": result])
        }

        static func stream(_ messages: [JSONValue]) -> Answer {
            var body: [UInt8] = []
            for message in messages { body += EventStreamEvent(data: message.bytes).bytes }
            return Answer(fields: [MCPField("content-type", "text/event-stream")], body: body)
        }
    }

    let clock = Clock()
    let service: MCPServiceState
    let sessions: MCPSessions
    let book: ProvenanceBook
    let domain: TrustDomain
    /// What the policy allows.
    var allows: (Operation) -> Bool = { _ in true }
    /// The task of the next exchanges, and those above it.
    var links: [AgentTask] = []
    var person: [String] = []

    init(
        _ settings: MCPServiceSettings = MCPServiceSettings(), name: String = "tools", names: MCPToolNames? = nil,
        records: [MCPToolRecord] = [], keeper: (any MCPToolKeeper)? = nil, book: ProvenanceBook? = nil
    ) throws {
        service = MCPServiceState(name: name, settings: settings, names: names, records: records, keeper: keeper)
        let clock = clock
        sessions = MCPSessions { clock.now }
        self.book = book ?? ProvenanceBook()
        domain = try TrustDomain(parsing: "techresolve.local")
    }

    private final class Context: MediationContext {
        let identity: VerifiedIdentity?
        let taskLinks: [AgentTask]
        let personValues: [String]
        let allows: (Operation) -> Bool

        init(
            _ identity: VerifiedIdentity, _ links: [AgentTask], _ person: [String],
            _ allows: @escaping (Operation) -> Bool
        ) {
            self.identity = identity
            taskLinks = links
            personValues = person
            self.allows = allows
        }

        var task: TaskContext? {
            TaskContext.test(taskLinks)
        }

        func wouldAllow(_ operation: Operation) -> Bool { allows(operation) }
    }

    func mediation(_ agent: String = "bot") throws -> MCPMediation {
        let identity = VerifiedIdentity(proved: try SPIFFEID(agent: agent, in: domain), by: .x509SVID)
        let context = Context(identity, links, person, allows)
        contexts.append(context)
        return MCPMediation(service: service, sessions: sessions, book: book, context: context)
    }

    private var contexts: [Context] = []

    /// Plays one exchange as the data path does.
    func play(
        _ request: MediatedRequest, as agent: String = "bot", answer: Answer? = nil, pieces: Int = 7
    ) throws -> Outcome {
        let mediation = try mediation(agent)
        var outcome = Outcome()
        func take(_ answer: MediatedAnswer) {
            outcome.status = answer.status
            outcome.fields = answer.fields
            outcome.body = answer.body
            outcome.events += answer.events
        }
        func deny(_ verdict: Verdict) {
            outcome.reason = verdict.reason
            outcome.detail = verdict.detail
            let denial = MediatedDenial(verdict: verdict, decision: DecisionID(rawValue: 1), missingGrant: nil)
            if let answer = mediation.refusal(denial) { take(answer) } else { outcome.status = 403 }
        }
        switch mediation.read(request) {
        case .refused(let reason, let detail, let answer):
            outcome.reason = reason
            outcome.detail = detail
            take(answer)
            return outcome
        case .answered(let answer):
            take(answer)
            return outcome
        case .operation(let operation, let forwarded):
            outcome.operation = operation
            outcome.forwarded = forwarded
            guard allows(operation) else {
                deny(.deny(.toolNotGranted))
                return outcome
            }
            let facts = Facts(
                identity: nil, plane: .service, operation: operation,
                destination: Destination(host: try Host(parsing: "tools.test"), port: 443, scheme: .https),
                time: clock.now, source: .unknown)
            if let verdict = mediation.object(to: facts) {
                deny(verdict)
                return outcome
            }
            outcome.provenance = mediation.provenance
        }
        guard let answer else { return outcome }
        switch mediation.begin(MediatedAnswerHead(status: answer.status, fields: answer.fields)) {
        case .replace(let answer): take(answer)
        case .collect(let limit):
            guard answer.body.count <= limit else { break }
            take(mediation.answer(answer.body))
        case .stream(let fields):
            outcome.status = answer.status
            outcome.fields = fields
            var rest = answer.body[...]
            while !rest.isEmpty, outcome.failure == nil {
                let step = mediation.stream(Array(rest.prefix(pieces)))
                rest = rest.dropFirst(pieces)
                outcome.body += step.bytes
                outcome.events += step.events
                outcome.failure = step.failure
            }
            if outcome.failure == nil {
                let step = mediation.endStream()
                outcome.body += step.bytes
                outcome.events += step.events
                outcome.failure = step.failure
            }
        }
        return outcome
    }
}

extension TaskContext {
    /// The context that a task book gives for a task.
    fileprivate static func test(_ links: [AgentTask]) -> TaskContext? {
        var book = TaskBook([])
        for task in links { book.insert(task) }
        return links.first.flatMap { book.context(of: $0.id) }
    }
}
