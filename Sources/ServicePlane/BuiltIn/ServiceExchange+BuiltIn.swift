// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import NIOCore
import Protocols
import Transport

/// Phase `running`: a server of the gate's own does what was asked of it.
extension ServiceExchange {
    /// In the place of looking a name up and judging its addresses: there is none.
    func findBuiltIn() {
        addresses = []
        phase = .recording
        deadline = Int64.max
        recordDecision(isWaitedFor: true)
    }

    /// In the place of connecting.
    func askBuiltIn(_ server: any BuiltInServer) {
        permit = nil
        let message = body.take().map { Array($0.readableBytesView) } ?? []
        isBodySent = true
        phase = .running
        deadline = Int64.max
        guard carry(up: message.count), let mediation = mediation as? BuiltInMediation else { return }
        guard preparation == nil, let call = mediation.call else {
            return take(mediation.messages.answer(message, limits: mediation.limits))
        }
        let terms = verdict.sandbox
        let bound = LoopBound(self, on: loop.eventLoop)
        let record = ServiceRecord.run(of: self)
        var listener: BuiltInListener?
        if mediation.isStreamed {
            listener = { @Sendable name, bytes in bound.run { exchange in exchange.ranOn(name, bytes) } }
        }
        running = Task { [listener] in
            let result: Result<BuiltInOutcome, BuiltInRefusal>
            do throws(BuiltInRefusal) {
                result = .success(try await server.run(call, under: terms, listener: listener))
            } catch {
                result = .failure(error)
            }
            bound.run { $0.ran(result, record) }
        }
    }

    /// A piece of output came.
    private func ranOn(_ name: String, _ bytes: [UInt8]) {
        guard phase == .running, carry(down: bytes.count), let bytes = screen(output: bytes, of: name) else { return }
        tellOutput(name, bytes)
    }

    private func tellOutput(_ name: String, _ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        if !isAnswerStarted { send(status: 200, EventStream.fields, body: nil) }
        stream?.send(body: ByteBuffer(bytes: BuiltInEvents.piece(name, bytes)))
        stream?.flush()
    }

    /// The call is over, and nothing of it is left. What it came to is recorded whether or not anybody still waits for it.
    private func ran(_ result: Result<BuiltInOutcome, BuiltInRefusal>, _ record: AuditEvent) {
        switch result {
        case .success(let outcome):
            var event = record
            event.time = loop.context.clock.wall()
            event.cause = outcome.cause
            event.detail = outcome.summary
            guard phase == .running else { return loop.context.record(event) }
            loop.context.record(event, then: RunRecord(self, outcome))
        case .failure(let refusal):
            guard phase == .running else { return }
            refuseLate(refusal.reason, detail: refusal.detail)
        }
    }

    /// What the call came to is recorded.
    fileprivate func recordedRun(_ outcome: BuiltInOutcome, _ isRecorded: Bool) {
        guard phase == .running, let mediation = mediation as? BuiltInMediation else { return }
        guard isRecorded else {
            return refuseLate(
                .auditUnavailable, detail: "the audit log cannot be written, so what the code did is not told")
        }
        take(mediation.messages.answer(outcome, to: mediation.id))
    }

    /// Reads what the server says as what any server says.
    private func take(_ said: MediatedAnswer) {
        guard let mediation, carry(down: said.body.count) else { return }
        let head = MediatedAnswerHead(status: said.status, fields: said.fields)
        if preparation != nil {
            preparedHead = head
            return takeAnswer(said.body)
        }
        switch mediation.begin(head) {
        case .collect:
            let answer = mediation.answer(said.body)
            note(answer.events)
            guard let answer = screen(answer) else { return }
            tell(answer)
        case .replace(let answer):
            note(answer.events)
            tell(answer)
        case .stream: refuseLate(.upstreamInvalid, detail: "a server of the gate's own does not stream")
        }
    }

    private func tell(_ answer: MediatedAnswer) {
        guard (mediation as? BuiltInMediation)?.isStreamed ?? false, answer.status == 200 else {
            return complete(with: answer)
        }
        for (name, rest) in screenEndOfOutput() { tellOutput(name, rest) }
        guard !isOver else { return }
        if !isAnswerStarted { send(status: 200, EventStream.fields, body: nil) }
        stream?.send(body: ByteBuffer(bytes: BuiltInEvents.result(answer.body)))
        finish()
    }
}

/// Waits for the record about a call.
private final class RunRecord: RecordWaiter {
    private let exchange: ServiceExchange
    private let outcome: BuiltInOutcome

    init(_ exchange: ServiceExchange, _ outcome: BuiltInOutcome) {
        self.exchange = exchange
        self.outcome = outcome
    }

    func recorded(_ isRecorded: Bool) { exchange.recordedRun(outcome, isRecorded) }
}

/// What a client is told of a call while it runs, as an event stream.
enum BuiltInEvents {
    /// A piece of output: as text where it is one, else in Base64.
    static func piece(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let data: JSONValue =
            String(validating: bytes, as: UTF8.self).map { ["text": .string($0)] } ?? [
                "base64": .string(Base64.encode(bytes))
            ]
        return event(name, data.bytes)
    }

    /// The result, which ends the stream.
    static func result(_ bytes: [UInt8]) -> [UInt8] { event("result", bytes) }

    /// JSON as it is written here has no line breaks.
    private static func event(_ name: String, _ data: [UInt8]) -> [UInt8] {
        Array("event: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8)
    }
}
