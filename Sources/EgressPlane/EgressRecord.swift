// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Identity
import Protocols
import Transport

/// What the egress plane writes into the audit tree.
enum EgressRecord {
    /// The one decision record of a request.
    static func decision(
        _ request: ProxyRequest, connection: ConnectionID, time: Int64, duration: Int64
    ) -> AuditEvent {
        var event = AuditEvent(about: request.facts, kind: .decision, time: time)
        event.describe(request.verdict, decision: request.decision, revision: request.revision)
        event.connection = connection.description
        event.address = request.addresses?.first?.address.description
        event.duration = duration / 1000
        describeStrangers(request, &event)
        event.conceal(request.concealed)
        return event
    }

    /// Adds what a destination means that is one of many: it is not known who reads there, and who writes.
    private static func describeStrangers(_ request: ProxyRequest, _ event: inout AuditEvent) {
        guard request.verdict.effect == .allow, !request.verdict.isDestinationNamed else { return }
        event.labels.append(DataLabel.untrustedRead.rawValue)
        // What goes through a tunnel is not seen; how much does, counts by itself.
        if request.facts.operation.name != .tunnel, request.facts.hasEffect {
            event.labels.append(DataLabel.externalWrite.rawValue)
        }
        guard let http = request.facts.http else { return }
        let bits = ShannonEntropy.bits(of: ((http.sentPath ?? http.path ?? "") + (http.query ?? "")).utf8)
        if bits > 0 { event.outboundBits = bits }
    }

    /// A request that was refused before there were facts to decide on.
    static func refusal(
        _ verdict: Verdict, decision: DecisionID, of connection: ProxyConnection, time: Int64
    ) -> AuditEvent {
        var event = AuditEvent(kind: .decision, time: time)
        event.plane = Plane.egress.rawValue
        event.decision = decision.description
        event.connection = connection.id.description
        event.source = connection.caller.source.recorded
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
        var event = AuditEvent(about: request.facts, kind: .connectionEnd, time: time)
        event.decision = request.decision.description
        event.connection = connection.description
        event.cause = reason.rawValue
        event.detail = detail
        event.duration = duration / 1000
        event.conceal(request.concealed)
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
            event.role = live.facts.identity?.role
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
        if let request = connection.request { event.conceal(request.concealed) }
        return event
    }
}
