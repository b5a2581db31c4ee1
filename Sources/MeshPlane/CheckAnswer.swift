// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Transport

extension Check {
    /// Where Envoy keeps what it was told with a decision, and tells of it again.
    static let filter = "envoy.filters.http.ext_authz"
}

/// What Envoy is to do, in one form for both variants.
extension Check.Outcome {
    /// Fields that the service gets, whatever the client sent under their names.
    var requestFields: [(name: String, value: String)] {
        var fields = verdict.changes?.requestFields.map { (name: $0.name, value: $0.value) } ?? []
        fields.append((name: "yett-decision", value: decision.description))
        if case .field(let name, let secret) = credential {
            fields.append((name: name, value: String(decoding: secret, as: UTF8.self)))
        }
        return fields + obtained
    }

    /// Names of fields that the service does not get.
    ///
    /// - Parameter fields: What it gets, ``requestFields``.
    func removedFields(besides fields: [(name: String, value: String)]) -> [String] {
        // They say nothing to a service, and a task's handle is a secret.
        var names = ["yett-task", "yett-approval"] + (verdict.changes?.removedFields.map { $0.lowercased() } ?? [])
        guard !withheld.isEmpty else { return names }
        let added = Set(fields.map { $0.name.lowercased() })
        for name in withheld where !Self.isOfTransport(name) && !added.contains(name) && !names.contains(name) {
            names.append(name)
        }
        return names
    }

    private static let transportFields: Set<String> = [
        "accept", "accept-encoding", "connection", "content-length", "content-type", "expect", "forwarded", "host",
        "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "via",
    ]
    private static let transportPrefixes = ["x-forwarded-", "x-envoy-", "x-request-id", "x-b3-", "trace", "yett-", ":"]

    /// Whether a field belongs to those who carry the request, and not to the service.
    private static func isOfTransport(_ name: String) -> Bool {
        transportFields.contains(name) || transportPrefixes.contains { name.utf8.starts(with: $0.utf8) }
    }
}

/// The answer as a `CheckResponse` of `envoy.service.auth.v3`. The numbers are those of the definitions in
/// `Tests/MeshPlaneTests`, from which code is generated that the tests compare with.
extension Check.Outcome {
    /// The bytes of the message.
    var response: [UInt8] {
        var response = ProtobufWriter(capacity: 512)
        if verdict.effect == .allow {
            response.write(as: 3, writeAllowed)
        } else {
            response.write(as: 1) { status in
                status.write(7, as: 1)
                status.write(verdict.reason.rawValue, as: 2)
            }
            response.write(as: 2, writeDenied)
        }
        response.write(as: 4, writeMetadata)
        return response.bytes
    }

    private func writeAllowed(_ answer: inout ProtobufWriter) {
        let fields = requestFields
        for field in fields { Self.write(field, as: 2, to: &answer) }
        for name in removedFields(besides: fields) { answer.write(name, as: 5) }
        guard let changes = verdict.changes else { return }
        for field in changes.responseFields { Self.write((field.name, field.value), as: 6, to: &answer) }
        for parameter in changes.query {
            answer.write(as: 7) { answer in
                answer.write(parameter.name, as: 1)
                answer.write(parameter.value, as: 2)
            }
        }
        for name in changes.removedQuery { answer.write(name, as: 8) }
    }

    private func writeDenied(_ answer: inout ProtobufWriter) {
        let problem = problem
        let (fields, body) = problem.parts
        answer.write(as: 1) { $0.write(Int64(problem.status), as: 1) }
        for field in fields { Self.write((field.name, field.value), as: 2, to: &answer) }
        answer.write(body, as: 3)
    }

    /// Writes a field of a message that Envoy sets whether there was one of that name or not.
    private static func write(_ field: (name: String, value: String), as number: Int, to answer: inout ProtobufWriter) {
        answer.write(as: number) { option in
            option.write(as: 1) { header in
                header.write(field.name, as: 1)
                header.write(field.value, as: 2)
            }
            option.write(2, as: 3)
        }
    }

    // MARK: Metadata, a `google.protobuf.Struct`

    private func writeMetadata(_ metadata: inout ProtobufWriter) {
        let own = self.metadata
        for (name, text) in own { Self.write(name, .string(text), to: &metadata) }
        let isObserved = verdict.effect == .allow && observed != nil
        if isObserved { Self.write(Self.wouldDeny, .bool(true), to: &metadata) }
        // What the policy says stands beside what the gate says, which has the last word.
        guard let further = verdict.changes?.metadata ?? verdict.answer?.metadata else { return }
        let taken = Set(own.map(\.name) + (isObserved ? [Self.wouldDeny] : []))
        for member in further.members where !taken.contains(member.name) {
            Self.write(member.name, member.value, to: &metadata)
        }
    }

    private static let wouldDeny = "would_deny"

    private static func write(_ name: String, _ value: JSONValue, to object: inout ProtobufWriter) {
        object.write(as: 1) { entry in
            entry.write(name, as: 1)
            entry.write(as: 2) { write(value, to: &$0) }
        }
    }

    private static func write(_ value: JSONValue, to answer: inout ProtobufWriter) {
        switch value {
        case .null: answer.write(0, as: 1)
        case .number(let number): answer.write(double: Double(number.text) ?? 0, as: 2)
        case .string(let text): answer.write(text, as: 3)
        case .bool(let flag): answer.write(flag ? 1 : 0, as: 4)
        case .object(let object):
            answer.write(as: 5) { answer in
                for member in object.members { write(member.name, member.value, to: &answer) }
            }
        case .array(let elements):
            answer.write(as: 6) { list in
                for element in elements { list.write(as: 1) { write(element, to: &$0) } }
            }
        }
    }
}
