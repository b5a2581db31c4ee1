// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protobufs
import Protocols
import SwiftProtobuf
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
    var removedFields: [String] {
        // They say nothing to a service, and a task's handle is a secret.
        var names = ["yett-task", "yett-approval"] + (verdict.changes?.removedFields.map { $0.lowercased() } ?? [])
        let added = Set(requestFields.map { $0.name.lowercased() })
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

extension Check.Outcome {
    /// The answer in Envoy's messages.
    var response: Envoy_Service_Auth_V3_CheckResponse {
        var response = Envoy_Service_Auth_V3_CheckResponse()
        var metadata = metadata.reduce(into: [String: Google_Protobuf_Value]()) {
            $0[$1.name] = .init(stringValue: $1.value)
        }
        if verdict.effect == .allow {
            allow(&response.okResponse)
            if observed != nil { metadata["would_deny"] = .init(boolValue: true) }
        } else {
            response.status.code = 7
            response.status.message = verdict.reason.rawValue
            let problem = problem
            response.deniedResponse.status.code = Int32(clamping: problem.status)
            let (fields, body) = problem.parts
            response.deniedResponse.headers = fields.map { Self.header($0.name, $0.value) }
            response.deniedResponse.body = body
        }
        // What the policy says stands beside what the gate says, which has the last word.
        let further = verdict.changes?.metadata ?? verdict.answer?.metadata
        for member in further?.members ?? [] where metadata[member.name] == nil {
            metadata[member.name] = Self.value(member.value)
        }
        response.dynamicMetadata = Google_Protobuf_Struct(fields: metadata)
        return response
    }

    private func allow(_ answer: inout Envoy_Service_Auth_V3_OkHttpResponse) {
        answer.headers = requestFields.map { Self.header($0.name, $0.value) }
        answer.headersToRemove = removedFields
        guard let changes = verdict.changes else { return }
        answer.responseHeadersToAdd = changes.responseFields.map { Self.header($0.name, $0.value) }
        answer.queryParametersToRemove = changes.removedQuery
        answer.queryParametersToSet = changes.query.map { parameter in
            var answer = Envoy_Service_Auth_V3_QueryParameter()
            answer.key = parameter.name
            answer.value = parameter.value
            return answer
        }
    }

    private static func header(_ name: String, _ value: String) -> Envoy_Service_Auth_V3_HeaderValueOption {
        var option = Envoy_Service_Auth_V3_HeaderValueOption()
        option.header.key = name
        option.header.value = value
        option.appendAction = 2
        return option
    }

    private static func value(_ value: JSONValue) -> Google_Protobuf_Value {
        switch value {
        case .null: return nil
        case .bool(let flag): return .init(boolValue: flag)
        case .string(let text): return .init(stringValue: text)
        case .array(let elements):
            var list = Google_Protobuf_ListValue()
            list.values = elements.map { Self.value($0) }
            return .init(listValue: list)
        case .object(let object):
            let fields = object.members.reduce(into: [String: Google_Protobuf_Value]()) {
                $0[$1.name] = Self.value($1.value)
            }
            return .init(structValue: Google_Protobuf_Struct(fields: fields))
        case .number(let number): return .init(numberValue: Double(number.text) ?? 0)
        }
    }
}
