// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Credentials
import Decision
import NIOCore
import Transport

/// One question on its way: decided, given what it needs, recorded, answered. Used on its loop only.
final class CheckRun: RecordWaiter {
    private let question: Result<MeshQuestion, Check.Refusal>
    private let connection: MeshConnection
    private let decision: DecisionID
    private var outcome: Check.Outcome?
    /// Of what was decided by.
    private var generation: UInt64 = 0
    private var isObtaining = false
    private var answer: ((Check.Outcome) -> Void)?

    /// - Parameters:
    ///   - question: The question, or why there is none that can be decided.
    ///   - answer: Told what it came to, once; never after ``abandon()``.
    init(
        _ question: Result<MeshQuestion, Check.Refusal>, on connection: MeshConnection,
        then answer: @escaping (Check.Outcome) -> Void
    ) {
        self.question = question
        self.connection = connection
        decision = connection.context.nextDecision()
        self.answer = answer
    }

    /// Decides, and answers when it is recorded.
    func start() {
        generation = connection.core.authorizer.generation
        let outcome = judge()
        self.outcome = outcome
        guard let facts = outcome.facts, let service = facts.service else { return record() }
        var message: CarriedMessage?
        switch (outcome.credential, question) {
        case (.obtained, _): break
        case (.signed, .success(let question)):
            // Nothing of a client's own signature is left beside the gate's.
            self.outcome?.withheld += SigV4Signer.fieldNames
            message = CarriedMessage(question, outcome)
        default: return record()
        }
        isObtaining = true
        let bound = LoopBound(self, on: connection.context.eventLoop)
        connection.core.services.obtain(service, facts, decision, message) { result in
            bound.run { $0.obtained(result) }
        }
    }

    private func judge() -> Check.Outcome {
        switch question {
        case .success(let question):
            Check(question: question, core: connection.core, decision: decision, time: connection.time).judge()
        case .failure(let refusal):
            Check.Outcome(
                refusal.verdict, decision, facts: refusal.facts, snapshot: connection.core.authorizer.snapshot)
        }
    }

    /// Envoy waits no longer.
    func abandon() {
        answer = nil
        if isObtaining { obtained(.failure(CarriedFailure("what the service needs did not come while Envoy waited"))) }
    }

    private func obtained(_ result: Result<[(name: String, value: [UInt8])], CarriedFailure>) {
        guard isObtaining else { return }
        isObtaining = false
        switch result {
        case .success(let fields):
            outcome?.obtained = fields.compactMap { field in
                String(validating: field.value, as: UTF8.self).map { (name: field.name, value: $0) }
            }
        case .failure(let failure):
            if let outcome, let facts = outcome.facts {
                connection.core.authorizer.returnCall(of: outcome.verdict.grant, facts)
            }
            outcome?.refuse(.credentialUnavailable, failure.detail)
        }
        record()
    }

    private func record() {
        guard let outcome else { return }
        let now = connection.context.clock.wall()
        for observation in outcome.observations(at: now) { connection.context.record(observation) }
        connection.context.record(outcome.record(at: now), then: self)
    }

    func recorded(_ isRecorded: Bool) {
        guard let outcome = outcome.take() else { return }
        if isRecorded, let request = outcome.allowed(under: generation, connection.core.settings) {
            connection.core.allowed.note(request, as: decision, at: connection.context.clock.monotonic())
        }
        answer.take()?(isRecorded ? outcome : .unrecorded(decision))
    }
}
