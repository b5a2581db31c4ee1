// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols

@testable import ServicePlane

/// A provider of models behind the gate and an agent before it.
final class ModelFixture {
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
        var isOver = false
        var usage: [ModelUsage] = []

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue? { try? JSONValue(parsing: body) }
        /// The code of an error in either provider's form.
        var code: String? { json?["error"]?["code"]?.string ?? json?["error"]?["type"]?.string }
        var message: String { json?["error"]?["message"]?.string ?? "" }
        var codes: [String] { events.map(\.code) }
        var sent: JSONValue? { forwarded.flatMap { try? JSONValue(parsing: $0.body) } }

        func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        func sentField(_ name: String) -> String? { forwarded?.fields.first { $0.name == name }?.value }
    }

    /// What a provider answers.
    struct Answer {
        var status: UInt16 = 200
        var type = "application/json"
        var fields: [MCPField] = []
        var body: String

        static func stream(_ body: String) -> Answer { Answer(type: "text/event-stream", body: body) }
    }

    private final class Context: MediationContext {
        var identity: VerifiedIdentity? { nil }
        var task: TaskContext? { nil }
        var decisionName: DecisionID? { DecisionID(rawValue: 7) }
        let allows: (Operation) -> Bool

        init(_ allows: @escaping (Operation) -> Bool) { self.allows = allows }

        func wouldAllow(_ operation: Operation) -> Bool { allows(operation) }

        private(set) var noted: [ModelUsage] = []

        func note(_ usage: ModelUsage, cost: Money) { noted.append(usage) }
    }

    /// What is known of the provider.
    var server = ModelServer()
    /// What the policy allows.
    var allows: (Operation) -> Bool = { _ in true }

    /// A fixture under whose policy tools need grants, all but these.
    static func granting(_ tools: Set<String>) -> ModelFixture {
        let fixture = ModelFixture()
        fixture.server.toolRule = .granted
        fixture.allows = { $0.name != .toolCall || tools.contains($0.tool ?? "") }
        return fixture
    }

    static let json = MCPField("content-type", "application/json")

    static func request(
        _ path: String, _ body: String = "", method: String = "POST", query: String? = nil,
        fields: [MCPField] = [json]
    ) -> MediatedRequest {
        MediatedRequest(method: method, path: path, query: query, fields: fields, body: Array(body.utf8))
    }

    /// Plays one exchange as the data path does.
    func play(
        _ request: MediatedRequest, answer: Answer? = nil, pieces: Int = 7, upTo: Int? = nil
    ) throws -> Outcome {
        var outcome = Outcome()
        let context = Context(allows)
        let mediation = ModelMediation(server: server, context: context)
        exchange(request, answer, pieces, upTo, mediation, &outcome, try Host(parsing: "llm.test"))
        mediation.close()
        mediation.close()
        outcome.usage = context.noted
        return outcome
    }

    private func exchange(
        _ request: MediatedRequest, _ answer: Answer?, _ pieces: Int, _ end: Int?, _ mediation: ModelMediation,
        _ outcome: inout Outcome, _ host: Host
    ) {
        switch mediation.read(request) {
        case .refused(let reason, let detail, let answer):
            (outcome.reason, outcome.detail) = (reason, detail)
            return outcome.take(answer)
        case .answered(let answer): return outcome.take(answer)
        case .operation(let operation, let forwarded):
            outcome.operation = operation
            outcome.forwarded = forwarded
            let facts = Facts(
                identity: nil, plane: .service, operation: operation,
                destination: Destination(host: host, port: 443, scheme: .https), time: 0, source: .unknown)
            let verdict = allows(operation) ? mediation.object(to: facts) : .deny(.toolNotGranted)
            if let verdict {
                outcome.reason = verdict.reason
                outcome.detail = verdict.detail
                let denial = MediatedDenial(
                    verdict: verdict, decision: DecisionID(rawValue: 7), missingGrant: nil)
                if let answer = mediation.refusal(denial) { outcome.take(answer) }
                return
            }
        }
        guard let answer else { return }
        let fields = answer.fields + [MCPField("content-type", answer.type)]
        switch mediation.begin(MediatedAnswerHead(status: answer.status, fields: fields)) {
        case .replace(let answer): outcome.take(answer)
        case .collect: outcome.take(mediation.answer(Array(answer.body.utf8)))
        case .stream(let fields):
            outcome.status = answer.status
            outcome.fields = fields
            var rest = Array(answer.body.utf8)[...]
            if let end { rest = rest.prefix(end) }
            while !rest.isEmpty, !outcome.isOver {
                outcome.take(mediation.stream(Array(rest.prefix(pieces))))
                rest = rest.dropFirst(pieces)
            }
            if end == nil, !outcome.isOver { outcome.take(mediation.endStream()) }
        }
    }
}

extension ModelFixture.Outcome {
    fileprivate mutating func take(_ answer: MediatedAnswer) {
        status = answer.status
        fields = answer.fields
        body = answer.body
        events += answer.events
    }

    fileprivate mutating func take(_ step: StreamStep) {
        body += step.bytes
        events += step.events
        failure = failure ?? step.failure
        isOver = isOver || step.isOver
    }
}
