// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

extension MCPTool {
    /// What the definition itself says of the tool in `x-yett-` members of its input schema: `x-yett-effect`,
    /// `x-yett-free-text`, `x-yett-structured`, `x-yett-private` and `x-yett-untrusted`, and at each property
    /// `x-yett-role`. A server must not vouch for itself, so this counts only once an operator approved the definition.
    static func annotations(in definition: MCPToolDefinition) -> ToolAnnotations? {
        guard let schema = definition.value["inputSchema"],
            let effect = schema["x-yett-effect"]?.string.flatMap(ToolEffect.init(rawValue:))
        else { return nil }
        var roles: [String: ArgumentRole] = [:]
        Self.collect(schema, "", 0, &roles)
        return ToolAnnotations(
            effect: effect, roles: roles, freeTextFields: Self.names(schema["x-yett-free-text"]),
            structuredFields: Self.names(schema["x-yett-structured"]),
            readsPrivateData: schema["x-yett-private"]?.bool ?? false,
            readsUntrustedContent: schema["x-yett-untrusted"]?.bool)
    }

    private static func names(_ value: JSONValue?) -> Set<String> { Set((value?.array ?? []).compactMap(\.string)) }

    private static func collect(
        _ schema: JSONValue, _ path: String, _ depth: Int, _ roles: inout [String: ArgumentRole]
    ) {
        guard depth < 16, roles.count < 1024 else { return }
        for member in schema["properties"]?.object?.members ?? [] {
            let name = path.isEmpty ? member.name : "\(path).\(member.name)"
            if let role = member.value["x-yett-role"]?.string.flatMap(ArgumentRole.init(rawValue:)) {
                roles[name] = role
            }
            collect(member.value, name, depth &+ 1, &roles)
            if let items = member.value["items"] { collect(items, name, depth &+ 1, &roles) }
        }
    }
}
