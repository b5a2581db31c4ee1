// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// A task of a person with a mailbox, and tools to act with.
struct ProvenanceFixture {
    static let send = ToolAnnotations(
        effect: .external, roles: ["to": .destination, "body": .content, "attachments": .content])
    static let remove = ToolAnnotations(effect: .destructive, roles: ["id": .object])
    static let change = ToolAnnotations(effect: .write, roles: ["id": .object, "password": .secret, "street": .value])
    static let fetch = ToolAnnotations(effect: .egressRead, roles: ["url": .destination])
    static let list = ToolAnnotations(effect: .read, freeTextFields: ["body", "subject"])

    var task: TaskProvenance

    init(_ request: String = "Answer my mail.", settings: ProvenanceSettings = ProvenanceSettings()) {
        task = TaskProvenance(request: request, identity: ["emma@example.org"], settings: settings)
    }

    /// Takes a result as JSON text.
    mutating func note(_ json: String, arguments: String = "{}", of annotations: ToolAnnotations = list) throws {
        task.note(
            result: try JSONValue(parsing: json), of: "list", arguments: try JSONValue(parsing: arguments),
            annotations: annotations)
    }

    /// The refusal of a call, or nil.
    mutating func refusal(
        _ annotations: ToolAnnotations, _ arguments: JSONValue, tool: String = "tool", tools: TaskTools? = nil
    ) -> ProvenanceDenial? {
        guard
            case .denied(let denial) = task.admit(
                tool, arguments: arguments, annotations: annotations, tools: tools)
        else { return nil }
        return denial
    }

    /// The rule that refuses to send to this destination.
    mutating func sending(to destination: String) -> ProvenanceRule? {
        refusal(Self.send, Self.object(["to": .string(destination)]))?.rule
    }

    /// The rule that refuses this content to a trusted destination.
    mutating func sending(_ body: String) -> ProvenanceRule? {
        refusal(Self.send, Self.object(["to": .string("emma@example.org"), "body": .string(body)]))?.rule
    }

    static func object(_ members: [String: JSONValue]) -> JSONValue {
        .object(JSONObject(members.map { (name: $0.key, value: $0.value) }) ?? JSONObject())
    }
}
