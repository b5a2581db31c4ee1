// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Identity

/// What the egress plane writes into the audit tree.
enum EgressRecord {
    /// The one decision record of a request.
    static func decision(
        _ request: ProxyRequest, connection: ConnectionID, time: Int64, duration: Int64
    ) -> AuditEvent {
        var event = about(request.facts, kind: .decision, time: time)
        let verdict = request.verdict
        event.decision = request.decision.description
        event.connection = connection.description
        event.verdict = verdict.effect == .allow ? .allow : verdict.effect == .hold ? .hold : .deny
        event.reasons = [verdict.reason.rawValue] + verdict.policyCodes
        event.grant = verdict.grant?.name
        event.revision = String(request.revision)
        event.obligations = verdict.obligations.names
        event.detail = verdict.detail
        event.address = request.addresses?.first?.address.description
        event.duration = duration / 1000
        return event
    }

    /// A request that was refused before there were facts to decide on.
    static func refusal(
        _ verdict: Verdict, decision: DecisionID, of connection: ProxyConnection, time: Int64
    ) -> AuditEvent {
        var event = AuditEvent(kind: .decision, time: time)
        event.plane = Plane.egress.rawValue
        event.decision = decision.description
        event.connection = connection.id.description
        event.source = connection.caller.source.text
        event.verdict = .deny
        event.reasons = [verdict.reason.rawValue]
        event.detail = verdict.detail
        return event
    }

    /// An allowed request that came to nothing.
    static func failure(
        _ request: ProxyRequest, connection: ConnectionID, reason: ReasonCode, detail: String, time: Int64,
        duration: Int64
    ) -> AuditEvent {
        var event = about(request.facts, kind: .connectionEnd, time: time)
        event.decision = request.decision.description
        event.connection = connection.description
        event.cause = reason.rawValue
        event.detail = detail
        event.duration = duration / 1000
        return event
    }

    /// The end of a connection that carried something.
    static func end(
        of connection: ProxyConnection, reason: CutReason, time: Int64, duration: Int64
    ) -> AuditEvent {
        var event: AuditEvent
        if let live = connection.live {
            event = AuditEvent(kind: .connectionEnd, time: time)
            event.plane = Plane.egress.rawValue
            event.agent = live.facts.identity?.id.description
            event.task = live.facts.task?.id
            event.host = live.facts.destination.host.description
            event.port = Int(live.facts.destination.port)
            event.decision = live.decision.description
            event.address = connection.upstream?.address?.description
        } else {
            event = AuditEvent(kind: .connectionEnd, time: time)
            event.plane = Plane.egress.rawValue
        }
        event.connection = connection.id.description
        event.cause = reason.code.rawValue
        event.detail = reason.detail
        event.bytesUp = Int64(connection.bytesUp)
        event.bytesDown = Int64(connection.bytesDown)
        event.duration = duration / 1000
        return event
    }

    private static func about(_ facts: borrowing Facts, kind: AuditKind, time: Int64) -> AuditEvent {
        var event = AuditEvent(kind: kind, time: time)
        event.plane = facts.plane.rawValue
        if let identity = facts.identity {
            event.agent = identity.id.description
            event.proof = identity.proof.description
            event.strength = identity.strength
        }
        event.task = facts.task?.id
        event.person = facts.person.map { "\($0.issuer)#\($0.subject)" }
        event.service = facts.service
        event.operation = facts.operation.name.rawValue
        event.method = facts.http?.method
        event.path = facts.http?.path
        event.host = facts.destination.host.description
        event.port = Int(facts.destination.port)
        event.source = facts.source.text
        return event
    }
}

extension Source {
    /// The source as it stands in records.
    var text: String? {
        switch self {
        case .tcp(let address, let port):
            "\(Host.address(address)):\(port)"
        case .process(let pid, let uid, _): "pid:\(pid) uid:\(uid)"
        case .unknown: nil
        }
    }
}
