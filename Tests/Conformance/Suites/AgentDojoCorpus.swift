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

    /// A result as JSON, and the same with places where an attacker can write.
    private struct Output {
        let plain: String
        let attacked: String
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
    /// The tools as their server lists them.
    let definitions: [JSONValue]
    let userTasks: [UserTask]
    let injectionTasks: [InjectionTask]
    private let outputs: [String: Output]
    private let template: String

    init(_ url: URL) throws {
        let limits = JSONLimits(bytes: 64 << 20, values: 4_000_000, stringBytes: 4 << 20)
        let root = try JSONValue(parsing: Array(try Data(contentsOf: url)), limits: limits)
        name = root["suite"]?.string ?? url.lastPathComponent
        identity = (root["identity"]?.object?.members ?? []).compactMap(\.value.string)
        let user = root["identity"]?["name"]?.string ?? ""
        template = (root["attack_template"]?.string ?? "{goal}").replacing("{user}", with: user)
            .replacing("{model}", with: "the model")
        var outputs: [String: Output] = [:]
        for (name, output) in (root["outputs"]?.object?.members ?? []).map({ ($0.name, $0.value) }) {
            outputs[name] = Output(
                plain: Self.result(output["text"], output["json"]),
                attacked: Self.result(
                    output["text_with_placeholders"] ?? output["text"],
                    output["json_with_placeholders"] ?? output["json"]))
        }
        self.outputs = outputs
        let freeText = Set((root["free_text_fields"]?.array ?? []).compactMap(\.string))
        var tools: [String: ToolAnnotations] = [:]
        for tool in root["tools"]?.array ?? [] {
            tools[tool["name"]?.string ?? ""] = Self.annotations(tool, freeText)
        }
        self.tools = tools
        definitions = (root["tools"]?.array ?? []).map(Self.definition)
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

    /// What a call brings back, as an MCP server writes it; `goal` stands where an attacker can write.
    func result(_ call: Call, attackedWith goal: String?) -> String {
        guard let output = outputs[call.output] else { return "{}" }
        guard let goal else { return output.plain }
        let attack = JSONValue.string(template.replacing("{goal}", with: goal)).text
        return output.attacked.replacingPlaceholders(with: attack.dropFirst().dropLast())
    }

    /// The text that the agent sees and, where there are fields, the fields.
    private static func result(_ text: JSONValue?, _ fields: JSONValue?) -> String {
        var result = JSONObject()
        result["resultType"] = "complete"
        result["content"] = [["type": "text", "text": text ?? ""]]
        if let fields { result["structuredContent"] = fields.object == nil ? ["result": fields] : fields }
        return JSONValue.object(result).text
    }

    private static func definition(_ tool: JSONValue) -> JSONValue {
        var definition = JSONObject()
        for name in ["name", "description", "inputSchema", "annotations"] { definition[name] = tool[name] }
        return .object(definition)
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

extension String {
    /// The text with another in place of every `{{INJECT:name}}`.
    fileprivate func replacingPlaceholders(with text: Substring) -> String {
        var rest = Substring(self)
        var whole = ""
        while let start = rest.firstRange(of: "{{INJECT:"),
            let end = rest[start.upperBound...].firstRange(of: "}}")
        {
            whole += rest[..<start.lowerBound]
            whole += text
            rest = rest[end.upperBound...]
        }
        return whole + rest
    }
}
