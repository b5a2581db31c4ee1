// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// What becomes of members' messages on their way to the client: their names become the endpoint's.
enum JoinedMessages {
    /// The name of the member of `_meta` that says which servers did not answer.
    static let missingName = "io.yett/missing"

    /// The most bytes of instructions of all members.
    private static let instructionBytes = 16 << 10

    // MARK: Single messages

    /// One message of a member.
    ///
    /// - Parameter method: What the client asked.
    static func renamed(_ message: JSONValue, of member: String, to method: MCPMethod?) -> JSONValue {
        guard case .object(var object) = message else { return message }
        if let called = object["method"]?.string {
            if let id = object["id"].flatMap({ JSONRPCID($0) }) {
                object["id"] = JoinedNames.id(id, of: member).value
            } else if called.utf8.elementsEqual(MCPMethod.resourceUpdated.rawValue.utf8),
                case .object(var params)? = object["params"], let uri = params["uri"]?.string
            {
                params["uri"] = .string(JoinedNames.uri(uri, of: member))
                object["params"] = .object(params)
            }
        } else if case .object(let result)? = object["result"] {
            object["result"] = .object(renamed(result: result, of: member, to: method))
        }
        return .object(object)
    }

    private static func renamed(result: JSONObject, of member: String, to method: MCPMethod?) -> JSONObject {
        var result = result
        switch method {
        case .readResource: result["contents"] = result["contents"].map { each($0) { uri($0, member) } }
        case .callTool: result["content"] = result["content"].map { each($0) { block($0, member) } }
        case .getPrompt:
            result["messages"] = result["messages"].map { messages in
                each(messages) { message in
                    var message = message
                    if case .object(let content)? = message["content"] {
                        message["content"] = .object(block(content, member))
                    }
                    return message
                }
            }
        default: break
        }
        return result
    }

    private static func each(_ value: JSONValue, _ body: (JSONObject) -> JSONObject) -> JSONValue {
        guard case .array(let elements) = value else { return value }
        return .array(
            elements.map { element in
                guard case .object(let object) = element else { return element }
                return .object(body(object))
            })
    }

    private static func uri(_ object: JSONObject, _ member: String) -> JSONObject {
        var object = object
        if let uri = object["uri"]?.string { object["uri"] = .string(JoinedNames.uri(uri, of: member)) }
        return object
    }

    /// A piece of content that is a resource, or names one.
    private static func block(_ object: JSONObject, _ member: String) -> JSONObject {
        switch object["type"]?.string {
        case "resource_link": return uri(object, member)
        case "resource":
            guard case .object(let resource)? = object["resource"] else { return object }
            var object = object
            object["resource"] = .object(uri(resource, member))
            return object
        default: return object
        }
    }

    // MARK: Lists

    private static func keys(_ method: MCPMethod) -> (list: String, key: String)? {
        switch method {
        case .listTools: ("tools", "name")
        case .listPrompts: ("prompts", "name")
        case .listResources: ("resources", "uri")
        case .listResourceTemplates: ("resourceTemplates", "uriTemplate")
        default: nil
        }
    }

    /// One page of all members' lists.
    ///
    /// - Parameters:
    ///   - results: What the members said, in their order.
    ///   - missing: Those that did not answer, and why.
    static func list(
        _ results: [(member: String, result: JSONObject)], _ method: MCPMethod, missing: [(String, String)],
        cursor: String?, isStateless: Bool
    ) -> JSONObject {
        guard let (list, key) = keys(method) else { return JSONObject() }
        var items: [JSONValue] = []
        var age: Int64?
        for (member, result) in results {
            if let own = result["ttlMs"]?.integer { age = min(age ?? own, own) }
            for item in result[list]?.array ?? [] {
                guard case .object(var object) = item, let name = object[key]?.string else { continue }
                let isURI = method == .listResources || method == .listResourceTemplates
                let joined = isURI ? JoinedNames.uri(name, of: member) : JoinedNames.name(name, of: member)
                guard isURI || MCPNames.isToolName(joined) || method == .listPrompts else { continue }
                object[key] = .string(joined)
                items.append(.object(object))
            }
        }
        var joined = JSONObject()
        joined[list] = .array(items)
        joined["nextCursor"] = cursor.map { .string($0) }
        if isStateless {
            joined["resultType"] = "complete"
            joined["ttlMs"] = .integer(missing.isEmpty ? age ?? 0 : 0)
            joined["cacheScope"] = "private"
        }
        add(missing, to: &joined)
        return joined
    }

    /// Says which members did not answer.
    private static func add(_ missing: [(String, String)], to result: inout JSONObject) {
        guard !missing.isEmpty else { return }
        var meta = result["_meta"]?.object ?? JSONObject()
        meta[missingName] = .array(
            missing.map { ["service": .string($0.0), "why": .string($0.1)] })
        result["_meta"] = .object(meta)
    }

    // MARK: What servers can do

    private static let known = ["completions", "logging", "prompts", "resources", "tools"]

    /// The answer to `initialize` or `server/discover` for all members.
    static func introduction(
        _ results: [(member: String, result: JSONObject)], of endpoint: String, revision: MCPRevision,
        missing: [(String, String)]
    ) -> JSONObject {
        var capabilities = JSONObject()
        var texts: [String] = []
        var length = 0
        for (member, result) in results {
            for name in known {
                guard case .object(let own)? = result["capabilities"]?[name] else { continue }
                var merged = capabilities[name]?.object ?? JSONObject()
                for flag in own.members where flag.value.bool == true { merged[flag.name] = true }
                capabilities[name] = .object(merged)
            }
            if let text = result["instructions"]?.string, !text.isEmpty {
                let whole = "\(member): \(text)"
                length &+= whole.utf8.count
                if length <= instructionBytes { texts.append(whole) }
            }
        }
        var joined = JSONObject()
        joined["capabilities"] = .object(capabilities)
        let server: JSONValue = ["name": .string(endpoint), "version": "1"]
        if !texts.isEmpty { joined["instructions"] = .string(texts.joined(separator: "\n\n")) }
        if revision.isStateless {
            joined["resultType"] = "complete"
            joined["ttlMs"] = 0
            joined["cacheScope"] = "private"
            let versions = results.flatMap { $0.result["supportedVersions"]?.array ?? [] }.compactMap(\.string)
            joined["supportedVersions"] = .array(
                MCPRevision.allCases.map(\.rawValue).filter { own in
                    versions.contains { $0.utf8.elementsEqual(own.utf8) }
                }
                .map { .string($0) })
            joined["_meta"] = ["io.modelcontextprotocol/serverInfo": server]
        } else {
            joined["serverInfo"] = server
            joined["protocolVersion"] = .string(revision.rawValue)
        }
        add(missing, to: &joined)
        return joined
    }

    /// What is granted of a subscription by all members.
    static func acknowledgement(_ granted: [(member: String, filter: JSONObject)], id: JSONRPCID) -> JSONValue {
        var joined = JSONObject()
        for (member, filter) in granted {
            for entry in filter.members {
                if entry.value.bool == true {
                    joined[entry.name] = true
                } else if case .array(let uris) = entry.value {
                    let own = uris.compactMap(\.string).map { JSONValue.string(JoinedNames.uri($0, of: member)) }
                    joined[entry.name] = .array((joined[entry.name]?.array ?? []) + own)
                }
            }
        }
        return JSONRPCMessage.notification(
            JSONRPCCall(
                method: MCPMethod.acknowledged.rawValue,
                params: JSONObject([
                    ("_meta", ["io.modelcontextprotocol/subscriptionId": id.value]),
                    ("notifications", .object(joined)),
                ]))
        ).value
    }

    /// What a member is asked of a subscription.
    static func subscription(_ filter: JSONObject, for member: String) -> JSONObject {
        var own = JSONObject()
        for entry in filter.members {
            guard case .array(let uris) = entry.value else {
                own[entry.name] = entry.value
                continue
            }
            let mine = uris.compactMap(\.string).compactMap { JoinedNames.split(uri: $0) }
                .filter { $0.member.utf8.elementsEqual(member.utf8) }.map { JSONValue.string($0.uri) }
            if !mine.isEmpty { own[entry.name] = .array(mine) }
        }
        return own
    }
}
