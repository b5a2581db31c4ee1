// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AuditTree
internal import Decision
internal import Identity
internal import Protobufs
internal import SwiftProtobuf
internal import Transport

extension Check {
    /// What a question came to: a verdict, its record and what Envoy is told.
    struct Outcome {
        /// The verdict.
        let verdict: Verdict
        /// What Envoy adds to a request that is allowed.
        var credential = MeshCredential.none
        private let decision: DecisionID
        private let facts: Facts?
        private let snapshot: Snapshot?
        private let revision: UInt64

        init(
            _ verdict: Verdict, _ decision: DecisionID, facts: Facts? = nil, snapshot: Snapshot? = nil,
            revision: UInt64? = nil
        ) {
            self.verdict = verdict
            self.decision = decision
            self.facts = facts
            self.snapshot = snapshot
            self.revision = revision ?? snapshot?.revision ?? 0
        }

        /// The decision record.
        func record(at time: Int64) -> AuditEvent {
            var event: AuditEvent
            if let facts {
                event = AuditEvent(about: facts, kind: .decision, time: time)
            } else {
                event = AuditEvent(kind: .decision, time: time)
                event.plane = Plane.mesh.rawValue
            }
            event.describe(verdict, decision: decision, revision: revision)
            return event
        }

        /// What Envoy is told.
        var response: Envoy_Service_Auth_V3_CheckResponse {
            var response = Envoy_Service_Auth_V3_CheckResponse()
            if verdict.effect == .allow {
                response.okResponse.headers = [Self.header("yett-decision", decision.description)]
                if case .field(let name, let secret) = credential {
                    response.okResponse.headers.append(
                        Self.header(name, String(decoding: secret, as: UTF8.self)))
                }
                // They say nothing to a service, and a task's handle is a secret.
                response.okResponse.headersToRemove = ["yett-task", "yett-approval"]
            } else {
                response.status.code = 7
                response.status.message = verdict.reason.rawValue
                let problem = problem
                response.deniedResponse.status.code = Int32(clamping: problem.status)
                let (fields, body) = problem.parts
                response.deniedResponse.headers = fields.map { Self.header($0.name, $0.value) }
                response.deniedResponse.body = body
            }
            response.dynamicMetadata = metadata
            return response
        }

        private var problem: Problem {
            guard let facts, let snapshot else {
                return Problem(verdict, decision: decision, status: verdict.reason.status)
            }
            return Problem(verdict, decision: decision, facts: facts, snapshot: snapshot)
        }

        /// For Envoy's access log: names of bounded variety and the decision.
        private var metadata: Google_Protobuf_Struct {
            var fields: [String: Google_Protobuf_Value] = [
                "decision": .init(stringValue: decision.description),
                "reason": .init(stringValue: verdict.reason.rawValue),
            ]
            if let grant = verdict.grant { fields["grant"] = .init(stringValue: grant.description) }
            if let agent = facts?.identity?.id { fields["agent"] = .init(stringValue: agent.description) }
            if let service = facts?.service { fields["service"] = .init(stringValue: service) }
            return Google_Protobuf_Struct(fields: fields)
        }

        private static func header(_ name: String, _ value: String) -> Envoy_Service_Auth_V3_HeaderValueOption {
            var option = Envoy_Service_Auth_V3_HeaderValueOption()
            option.header.key = name
            option.header.value = value
            option.appendAction = 2
            return option
        }
    }
}
