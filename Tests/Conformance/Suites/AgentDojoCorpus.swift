// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Foundation
import Protocols

/// Recorded tasks of one suite of AgentDojo, and attacks on them.
struct AgentDojoCorpus {
    struct Call {
        let tool: String
        let arguments: JSONValue
        let output: String
        let isCritical: Bool
    }

    struct UserTask {
        let id: String
        let prompt: String
        let calls: [Call]
        let firstInjectableCall: Int
    }

    struct InjectionTask {
        let id: String
        let goal: String
        let calls: [Call]
    }

    let name: String
    let identity: [String]
    let tools: [String: ToolAnnotations]
    let userTasks: [UserTask]
    let injectionTasks: [InjectionTask]
    private let outputs: JSONValue
    private let template: String

    init(_ url: URL) throws {
        let limits = JSONLimits(bytes: 64 << 20, values: 4_000_000, stringBytes: 4 << 20)
        let root = try JSONValue(parsing: Array(try Data(contentsOf: url)), limits: limits)
        name = root["suite"]?.string ?? url.lastPathComponent
        identity = (root["identity"]?.object?.members ?? []).compactMap(\.value.string)
        let user = root["identity"]?["name"]?.string ?? ""
        template = (root["attack_template"]?.string ?? "{goal}").replacing("{user}", with: user)
            .replacing("{model}", with: "the model")
        outputs = root["outputs"] ?? .null
        let freeText = Set((root["free_text_fields"]?.array ?? []).compactMap(\.string))
        var tools: [String: ToolAnnotations] = [:]
        for tool in root["tools"]?.array ?? [] {
            tools[tool["name"]?.string ?? ""] = Self.annotations(tool, freeText)
        }
        self.tools = tools
        userTasks = (root["user_tasks"]?.array ?? []).map { task in
            UserTask(
                id: task["id"]?.string ?? "", prompt: task["prompt"]?.string ?? "", calls: Self.calls(task),
                firstInjectableCall: Int(task["first_injectable_call"]?.integer ?? 0))
        }
        injectionTasks = (root["injection_tasks"]?.array ?? []).map { task in
            InjectionTask(
                id: task["id"]?.string ?? "", goal: task["goal"]?.string ?? "", calls: Self.calls(task))
        }
    }

    /// What a call brings back; `goal` stands where an attacker can write.
    func result(_ call: Call, attackedWith goal: String?) -> JSONValue {
        let output = outputs[call.output] ?? .null
        let text = output["text"] ?? .string("")
        guard let goal else { return output["json"] ?? text }
        let attack = template.replacing("{goal}", with: goal)
        let attacked = output["json_with_placeholders"] ?? output["json"]
        return (attacked ?? output["text_with_placeholders"] ?? text).injecting(attack)
    }

    private static func annotations(_ tool: JSONValue, _ freeText: Set<String>) -> ToolAnnotations {
        var roles: [String: ArgumentRole] = [:]
        for member in tool["x-arg-roles"]?.object?.members ?? [] {
            let role = member.value.string ?? ""
            roles[member.name] = role == "dest" ? .destination : ArgumentRole(rawValue: role)
        }
        let effect = tool["x-effect"]?.string.flatMap(ToolEffect.init(rawValue:)) ?? .external
        return ToolAnnotations(effect: effect, roles: roles, freeTextFields: freeText)
    }

    private static func calls(_ task: JSONValue) -> [Call] {
        (task["calls"]?.array ?? []).map { call in
            Call(
                tool: call["tool"]?.string ?? "", arguments: call["args"] ?? .object(JSONObject()),
                output: call["output"]?.string ?? "", isCritical: call["critical"]?.bool ?? false)
        }
    }
}

extension JSONValue {
    /// The value with the text in place of every `{{INJECT:name}}`.
    fileprivate func injecting(_ text: String) -> JSONValue {
        switch self {
        case .string(let string):
            var rest = Substring(string)
            var whole = ""
            while let start = rest.firstRange(of: "{{INJECT:"),
                let end = rest[start.upperBound...].firstRange(of: "}}")
            {
                whole += rest[..<start.lowerBound] + text
                rest = rest[end.upperBound...]
            }
            return .string(whole + rest)
        case .array(let elements):
            return .array(elements.map { $0.injecting(text) })
        case .object(var object):
            for member in object.members { object[member.name] = member.value.injecting(text) }
            return .object(object)
        default:
            return self
        }
    }
}
