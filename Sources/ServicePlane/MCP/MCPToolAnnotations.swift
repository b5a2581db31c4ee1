// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

extension MCPTool {
    /// What the definition itself says of the tool in `x-yett-` members of its input schema: `x-yett-effect`,
    /// `x-yett-free-text`, `x-yett-structured`, `x-yett-private` and `x-yett-untrusted`, and at each property
    /// `x-yett-role`. A server must not vouch for itself, so this counts as it is only once an operator approved the definition.
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

extension ToolAnnotations {
    /// What is known of a tool, made stricter by what its server says of it, and in no way looser.
    ///
    /// - Parameter known: `nil` when the values of its calls would not be judged at all; then its results vouch for
    ///   nothing either.
    static func stricter(_ known: ToolAnnotations?, _ own: ToolAnnotations) -> ToolAnnotations {
        var result = known ?? ToolAnnotations(effect: own.effect, readsUntrustedContent: true)
        // A read by another name would not be stricter, and of what removes or sends nothing stricter is known.
        if own.effect.isEffectful, !result.effect.isEffectful || result.effect == .write { result.effect = own.effect }
        for (name, role) in own.roles where role == .destination || role == .handle {
            switch result.roles[name] {
            case nil, .value, .content: result.roles[name] = role
            case .destination, .object, .secret, .handle: break
            }
        }
        result.freeTextFields.formUnion(own.freeTextFields)
        result.structuredFields.subtract(own.freeTextFields)
        result.readsPrivateData = result.readsPrivateData || own.readsPrivateData
        result.readsUntrustedContent = result.readsUntrustedContent || own.readsUntrustedContent
        return result
    }
}
