// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Protocols

/// Endpoints that join several servers.
extension ServiceExchange {
    /// Reads a request to such an endpoint as a whole.
    func collectJoined(
        _ endpoint: JoinedEndpoint, _ head: HTTP1RequestHead, below path: String, in bytes: UnsafeRawBufferPointer
    ) {
        let limit = loop.settings.requestBody
        if case .contentLength(let length) = head.framing, length > UInt64(limit) {
            return refuseEarly(.requestTooLarge, "service_proxy.limits.request_body is reached")
        }
        guard head.fields.upgrade == nil else {
            return refuseEarly(.protocolViolation, "the service takes no switch of protocols")
        }
        joined = JoinedRun(self, endpoint, identification: Self.identification(head, in: bytes))
        draft = MediatedDraft(
            method: facts?.http?.method ?? "", path: path, query: facts?.http?.query,
            fields: head.passingFields(in: bytes) + traceFields)
        state = HTTP1Exchange(method: head.method, clientVersion: .http11)
        phase = .collecting
        deadline = loop.now &+ loop.settings.idleTime
        if head.awaitsContinue { send(status: 100, [], body: nil) }
        stream?.resumeBody()
    }

    /// Who asks, within which task and with whose consent: members are asked with the same.
    private static func identification(_ head: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer) -> [MCPField] {
        let names = ["authorization", "yett-task", "yett-approval", "prefer", "origin"]
        return head.fields.all.compactMap { field in
            let name = field.name.text(in: bytes).lowercased()
            guard names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else { return nil }
            return MCPField(name, field.value.text(in: bytes))
        }
    }

    /// The whole of the request is there; `false` when it is none to such an endpoint.
    func runJoined() -> Bool {
        guard let joined, let draft = draft.take() else { return false }
        phase = .joined
        deadline = Int64.max
        joined.start(draft)
        return true
    }
}
