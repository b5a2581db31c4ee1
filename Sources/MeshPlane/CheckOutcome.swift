// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Crypto
import Decision
import Identity
import Protocols
import Transport

extension Check {
    /// What a question came to: a verdict and its records.
    final class Outcome {
        /// The verdict.
        private(set) var verdict: Verdict
        /// What would have been said, where it is only watched.
        private(set) var observed: Verdict?
        /// What Envoy adds to a request that is allowed.
        var credential = MeshCredential.none
        /// Fields that are obtained for the request.
        var obtained: [(name: String, value: String)] = []
        /// Names of fields that the service does not get.
        var withheld: [String] = []
        /// What is recorded besides.
        var notes: [CarriedNote] = []
        var provenance: [String] = []
        var concealed = ConcealedParts()
        let decision: DecisionID
        let facts: Facts?
        private let snapshot: Snapshot?
        private let revision: UInt64
        private var service: String?

        init(
            _ verdict: Verdict, _ decision: DecisionID, facts: Facts? = nil, snapshot: Snapshot? = nil,
            revision: UInt64? = nil
        ) {
            self.verdict = verdict
            self.decision = decision
            self.facts = facts
            self.snapshot = snapshot
            self.revision = revision ?? snapshot?.revision ?? 0
            service = facts?.service
        }

        /// The gate's answer when nothing can be written down.
        static func unrecorded(_ decision: DecisionID) -> Outcome {
            Outcome(
                .deny(.auditUnavailable, detail: "the audit log cannot be written, so nothing is allowed"), decision)
        }

        // MARK: Changes of mind

        /// Denials that hold where others are only watched: what an operator stopped, and what nobody could account for.
        private static let neverObserved: Set<ReasonCode> = [
            .agentRevoked, .auditUnavailable, .draining, .keyRevoked, .personRevoked, .quarantined, .taskRevoked,
            .tokenRevoked,
        ]

        /// Lets a request pass that would be refused, and says so. It is shown nothing that the gate keeps.
        func observe(_ service: MeshService) {
            guard verdict.effect != .allow, !Self.neverObserved.contains(verdict.reason) else { return }
            observed = verdict
            self.service = service.name
            verdict = Verdict(.allow, verdict.reason, detail: verdict.detail, grant: verdict.grant)
            verdict.policyCodes = observed?.policyCodes ?? []
            credential = .none
        }

        /// Refuses a request that was allowed, because what its service needs cannot be had.
        func refuse(_ reason: ReasonCode, _ detail: String) {
            verdict = .deny(reason, detail: detail, grant: verdict.grant)
            credential = .none
        }

        /// What is followed, where it was allowed and its service is one of those that are.
        ///
        /// - Parameter generation: Of what it was decided by.
        func allowed(under generation: UInt64, _ settings: @autoclosure () -> MeshSettings) -> AllowedRequest? {
            guard verdict.effect == .allow, let service else { return nil }
            let followed = settings().followed
            guard !followed.isEmpty, followed.contains(Array(service.utf8)) else { return nil }
            return AllowedRequest(
                facts: observed == nil ? facts : nil, grant: verdict.grant, generation: generation)
        }

        // MARK: Records

        /// How a record says that a refusal was only watched.
        static let observedObligation = "observed"

        /// The decision record.
        func record(at time: Int64) -> AuditEvent {
            var event: AuditEvent
            if let facts {
                event = AuditEvent(about: facts, kind: .decision, time: time)
            } else {
                event = AuditEvent(kind: .decision, time: time)
                event.plane = Plane.mesh.rawValue
                event.service = service
            }
            event.describe(verdict, decision: decision, revision: revision)
            if observed != nil { event.obligations.append(Self.observedObligation) }
            event.provenance = provenance.isEmpty ? nil : provenance.prefix(32).joined(separator: "; ")
            event.argumentSHA256 = facts?.operation.arguments.map {
                Hexadecimal.encode(Array(SHA256.hash(data: $0.bytes)))
            }
            event.conceal(concealed)
            return event
        }

        /// What was seen besides, one record each.
        func observations(at time: Int64) -> [AuditEvent] {
            notes.map { note in
                var event = AuditEvent(kind: .observation, time: time)
                event.plane = Plane.mesh.rawValue
                event.agent = facts?.identity?.id.description
                event.role = facts?.identity?.role
                event.task = facts?.task?.id
                event.service = service
                event.decision = decision.description
                event.cause = note.cause
                event.detail = note.detail
                return event
            }
        }

        // MARK: What is told

        /// The denial as a document.
        var problem: Problem {
            guard let facts, let snapshot else {
                return Problem(verdict, decision: decision, status: verdict.reason.status)
            }
            return Problem(verdict, decision: decision, facts: facts, snapshot: snapshot)
        }

        /// For Envoy's access log: names of bounded variety and the decision.
        var metadata: [(name: String, value: String)] {
            var fields = [
                (name: "decision", value: decision.description), (name: "reason", value: verdict.reason.rawValue),
            ]
            if let grant = verdict.grant { fields.append((name: "grant", value: grant.description)) }
            if let agent = facts?.identity?.id { fields.append((name: "agent", value: agent.description)) }
            if let service { fields.append((name: "service", value: service)) }
            return fields
        }
    }
}
