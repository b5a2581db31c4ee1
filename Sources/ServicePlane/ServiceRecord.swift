// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Identity
import Transport

/// What the service plane writes into the audit tree.
enum ServiceRecord {
    /// The one decision record of a request.
    static func decision(_ exchange: ServiceExchange, time: Int64, duration: Int64) -> AuditEvent {
        var event: AuditEvent
        if let facts = exchange.facts {
            event = AuditEvent(about: facts, kind: .decision, time: time)
        } else {
            event = AuditEvent(kind: .decision, time: time)
            event.plane = Plane.service.rawValue
            event.source = exchange.caller.caller.source.recorded
        }
        event.describe(exchange.verdict, decision: exchange.decision, revision: exchange.revision)
        event.connection = exchange.id.description
        event.address = exchange.addresses?.first?.address.description
        event.argumentSHA256 = exchange.argumentDigest
        event.provenance = provenance(exchange.mediation?.provenance ?? [])
        event.duration = duration / 1000
        event.conceal(exchange.leaks.concealed)
        return event
    }

    /// Where the values of a call came from, one after the other.
    private static func provenance(_ records: [ProvenanceRecord]) -> String? {
        guard !records.isEmpty else { return nil }
        return records.prefix(32).map { "\($0.argument): \($0.origin)" }.joined(separator: "; ")
    }

    /// The end of an exchange that did not come to its end by itself.
    static func end(
        of exchange: ServiceExchange, _ reason: CutReason, time: Int64, duration: Int64
    ) -> AuditEvent {
        var event = about(exchange, .connectionEnd, time)
        event.cause = reason.code.rawValue
        event.detail = reason.detail
        event.bytesUp = Int64(exchange.bytesUp)
        event.bytesDown = Int64(exchange.bytesDown)
        event.duration = duration / 1000
        return event
    }

    /// What a server of the gate's own did; time, cause and detail are filled in at its end.
    static func run(of exchange: ServiceExchange) -> AuditEvent {
        var event = about(exchange, .observation, 0)
        event.tool = exchange.facts?.operation.tool
        event.argumentSHA256 = exchange.argumentDigest
        event.grant = exchange.verdict.grant?.description
        return event
    }

    /// Something that a mediation saw.
    static func event(_ seen: MediationEvent, of exchange: ServiceExchange, time: Int64) -> AuditEvent {
        var event = about(exchange, .observation, time)
        event.cause = seen.code
        event.detail = seen.detail
        return event
    }

    /// What became of a question to a person about the exchange's call.
    static func approval(
        _ id: ApprovalID, _ cause: String, of exchange: ServiceExchange, time: Int64
    ) -> AuditEvent {
        var event =
            exchange.facts.map { AuditEvent(about: $0, kind: .approval, time: time) }
            ?? about(exchange, .approval, time)
        event.decision = exchange.decision.description
        event.connection = exchange.id.description
        event.argumentSHA256 = exchange.argumentDigest
        event.cause = cause
        event.detail = "approval \(id)"
        event.conceal(exchange.leaks.concealed)
        return event
    }

    private static func about(_ exchange: ServiceExchange, _ kind: AuditKind, _ time: Int64) -> AuditEvent {
        var event = AuditEvent(kind: kind, time: time)
        event.plane = Plane.service.rawValue
        event.agent = exchange.identity?.id.description
        event.role = exchange.identity?.role
        event.task = exchange.task?.task.id
        event.service = exchange.service?.name
        event.decision = exchange.decision.description
        event.connection = exchange.id.description
        return event
    }
}
