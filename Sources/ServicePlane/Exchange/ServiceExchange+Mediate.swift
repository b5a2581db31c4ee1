// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Crypto
import Decision
import NIOCore
import Protocols
import Transport

/// Phase `collecting` at its end: a complete request becomes an operation, which may need questions of the gate's own.
extension ServiceExchange {
    /// The whole of a request was received: what does it ask for?
    func readDraft() {
        guard let draft = draft.take() else { return }
        interpret(
            MediatedRequest(
                method: draft.method, path: draft.path, query: draft.query, fields: draft.fields, body: draft.body),
            isPrepared: false)
    }

    func interpret(_ request: MediatedRequest, isPrepared: Bool) {
        guard let mediation else { return }
        switch mediation.read(request) {
        case .answered(let answer):
            // Nothing reaches the service, and yet it is for those only who may take steps there.
            facts?.operation = Operation(.session)
            verdict = facts.map { loop.shared.authorizer.foresee($0) } ?? verdict
            recordDecision(isWaitedFor: false)
            guard verdict.effect == .allow else { return refuse() }
            note(answer.events)
            complete(with: answer)
        case .refused(let reason, let detail, let answer):
            if !isPrepared, let preparation = mediation.preparation() {
                self.preparation = preparation
                waiting = request
                return ask()
            }
            verdict = .deny(reason, detail: detail)
            recordDecision(isWaitedFor: false)
            note(answer.events)
            complete(with: answer)
        case .operation(let operation, let forwarded):
            if let handle = forwarded.taskHandle {
                guard join(handle: handle) else { return }
                if var facts {
                    task?.apply(to: &facts)
                    self.facts = facts
                }
            }
            facts?.operation = operation
            held.patience = Preference.wait(in: request.fields)
            argumentDigest = operation.arguments.map { Hexadecimal.encode(Array(SHA256.hash(data: $0.bytes))) }
            write(forwarded, of: request)
            if loop.shared.leaks.isOn { leaks.request = request }
            decide()
        }
    }

    /// Asks the next question of the gate's own; when there is none left, reads the request once more.
    private func ask() {
        guard let request = waiting else { return }
        guard let question = preparation?.next() else {
            preparation = nil
            waiting = nil
            return interpret(request, isPrepared: true)
        }
        facts?.operation = Operation(.session)
        argumentDigest = nil
        write(question, of: request)
        decide()
    }

    /// Takes the answer to a question of the gate's own.
    func takeAnswer(_ body: [UInt8]) {
        guard let preparation, let head = preparedHead.take() else { return }
        note(preparation.take(head, body))
        finishLive()
        renew()
        ask()
    }

    /// Writes the head of a request that was made anew.
    private func write(_ forwarded: ForwardedRequest, of request: MediatedRequest) {
        guard let service else { return }
        let method = forwarded.method ?? request.method
        let path = forwarded.path ?? request.path
        var target = service.base
        if !path.isEmpty, !(path.utf8.elementsEqual("/".utf8) && !target.isEmpty) { target += Array(path.utf8) }
        if target.isEmpty { target = [0x2F] }
        head = ByteBufferAllocator().buffer(capacity: 512)
        head.writeString("\(method) ")
        head.writeBytes(target)
        head.writeString(" HTTP/1.1\r\nHost: ")
        head.writeBytes(service.authority)
        head.writeString("\r\n")
        for field in forwarded.fields { head.writeString("\(field.name): \(field.value)\r\n") }
        isTraceWritten = false
        let known = HTTP1Method(method)
        if !forwarded.body.isEmpty || known == .post { head.writeString("Content-Length: \(forwarded.body.count)\r\n") }
        head.writeString("Via: 1.1 yett\r\n")
        framing = forwarded.body.isEmpty ? .none : .contentLength(UInt64(forwarded.body.count))
        body = forwarded.body.isEmpty ? nil : ByteBuffer(bytes: forwarded.body)
        // What the client of this exchange asked with says nothing of this request.
        state = HTTP1Exchange(method: known, clientVersion: .http11)
    }
}
