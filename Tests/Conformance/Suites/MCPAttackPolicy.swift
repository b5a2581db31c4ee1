// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Foundation
import Identity
import Protocols
import ServicePlane

/// What the operator of a case configured: grants, and what is known of the tools.
struct MCPAttackPolicy {
    /// Why a case cannot be run.
    struct Unknown: Error {
        let what: String
    }

    let test: MCPAttackCase

    static func isApproval(_ text: String) -> Bool { text.hasPrefix("approve") }

    // MARK: Grants

    /// The grant of every agent.
    func grant() throws -> Grant {
        var grant = Grant(
            name: "tools", hosts: try test.services.map { try HostPattern(parsing: "\($0).test") })
        grant.ports = PortSet([80...80])
        for step in test.steps {
            guard case .admin(let text) = step, !Self.isApproval(text) else { continue }
            let pattern = try Self.pattern(text)
            grant.tools = try test.calls.map { call in
                let limit: JSONValue = ["type": "string", "pattern": .string(pattern)]
                let properties = (call.arguments.object?.members ?? []).filter { $0.value.string != nil }
                    .map { (name: $0.name, value: limit) }
                return ToolGrant(
                    name: call.tool,
                    arguments: try ArgumentConstraint(parsing: [
                        "type": "object", "properties": .object(JSONObject(properties) ?? JSONObject()),
                        "additionalProperties": false,
                    ]))
            }
        }
        return grant
    }

    /// The policies that a case can ask for, as what an argument must look like.
    private static func pattern(_ text: String) throws -> String {
        if let match = text.firstMatch(of: /under (\/[A-Za-z0-9_\/-]+)/) {
            // Each segment below begins with a letter, so that none leads up again.
            return "^\(match.1)(/[A-Za-z0-9_][A-Za-z0-9_. -]*)*/?$"
        }
        if text.contains("read-only"), let match = text.firstMatch(of: /tables: ([a-z_]+(?:, ?[a-z_]+)*)/) {
            let tables = match.1.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            let condition = "( where [a-z_]+ ?(=|<|>) ?('[^';]*'|[0-9]+))?"
            return "^select [a-z0-9_, *]+ from (\(tables.joined(separator: "|")))\(condition)$"
        }
        throw Unknown(what: "a way to say «\(text)»")
    }

    // MARK: Tools

    /// What is known of tools. A case tells it in passing: what it says of each call, which argument names a recipient,
    /// and which one is a handle.
    func annotations() -> [String: ToolAnnotations] {
        var known: [String: ToolAnnotations] = [:]
        for member in test.expect.members where member.name.hasSuffix("_call") {
            guard let text = member.value.string?.split(separator: ":").last, text.contains("+") else { continue }
            for (call, words) in zip(test.calls, text.split(separator: "+")) {
                known[call.tool] = ToolAnnotations(
                    effect: words.contains("write") ? .external : .read,
                    readsPrivateData: words.contains("private"), readsUntrustedContent: words.contains("untrusted"))
            }
        }
        if let text = test.expect["tool_call"]?.string, text.contains("recipient"), let call = test.calls.last {
            known[call.tool] = ToolAnnotations(
                effect: .external, roles: Self.roles(.destination, call.arguments) { _ in true })
        }
        for call in test.calls {
            let roles = Self.roles(.handle, call.arguments) { Self.owner(of: $0) != nil }
            if !roles.isEmpty { known[call.tool] = ToolAnnotations(effect: .read, roles: roles) }
        }
        if !handles.isEmpty { known[Self.mint] = ToolAnnotations(effect: .read) }
        return known
    }

    private static func roles(
        _ role: ArgumentRole, _ arguments: JSONValue, where isOne: (String) -> Bool
    ) -> [String: ArgumentRole] {
        var roles: [String: ArgumentRole] = [:]
        for member in arguments.object?.members ?? [] where member.value.string.map(isOne) ?? false {
            roles[member.name] = role
        }
        return roles
    }

    /// The tools of servers whose lists the case does not give.
    func catalogue() -> [JSONValue] {
        guard !test.hasLists else { return [] }
        let names = Set(test.calls.map(\.tool) + (handles.isEmpty ? [] : [Self.mint]) + [Self.default])
        return names.sorted().map {
            ["name": .string($0), "description": "A tool.", "inputSchema": ["type": "object"]]
        }
    }

    /// The tool that is called where a case does not say which.
    static let `default` = "get_weather"

    // MARK: Placeholders

    /// The tool that gives out handles.
    static let mint = "open_handle"

    /// The handles in the arguments of calls: the argument, and the agent for whom it was made.
    var handles: [(call: (tool: String, arguments: JSONValue), argument: String, owner: String)] {
        test.calls.flatMap { call in
            (call.arguments.object?.members ?? []).compactMap { member in
                member.value.string.flatMap(Self.owner).map { (call, member.name, $0) }
            }
        }
    }

    private static func owner(of text: String) -> String? {
        text.wholeMatch(of: /<handle minted for agent (\w+)>/).map { String($0.1) }
    }

    /// The agent whose session stands here.
    static func ownerOfSession(_ text: String) -> String? {
        guard text.wholeMatch(of: /<[^<>]*session[^<>]*>/) != nil else { return nil }
        return text.firstMatch(of: /agent (\w+)/).map { String($0.1) } ?? "a"
    }

    /// A token that is well-formed and signed, for the gate or with the fault that the words name, by nobody whom the gate
    /// knows.
    private static func foreignToken(_ words: String) throws -> String {
        var claims = JSONObject()
        claims["iss"] = "https://issuer.test"
        claims["sub"] = "agent-a"
        claims["aud"] = "https://gate.test"
        claims["exp"] = 4_102_444_800
        for name in claims.names where words.contains("without \(name)") { claims[name] = nil }
        let token = try KeySigner(SigningKey.generate()).sign(JSONValue.object(claims).bytes, type: "at+jwt")
        return String(decoding: token, as: UTF8.self)
    }

    /// A text of a step with what the driver makes in place of what stands for it.
    static func filled(_ text: String, token: String) throws -> String {
        if owner(of: text) != nil { return MCPAttackServer.minted }
        guard let match = text.firstMatch(of: /^(Bearer )?<([^<>]+)>$/) else { return text }
        if match.2 == "valid for gateway" { return text.replacing(/<[^<>]+>/, with: token) }
        guard match.2.hasPrefix("token ") else { throw Unknown(what: "a \(match.2)") }
        return text.replacing(/<[^<>]+>/, with: try foreignToken(String(match.2)))
    }

    static func filled(_ value: JSONValue, token: String) throws -> JSONValue {
        switch value {
        case .string(let text): return .string(try filled(text, token: token))
        case .array(let elements): return .array(try elements.map { try filled($0, token: token) })
        case .object(var object):
            for member in object.members { object[member.name] = try filled(member.value, token: token) }
            return .object(object)
        default: return value
        }
    }
}
