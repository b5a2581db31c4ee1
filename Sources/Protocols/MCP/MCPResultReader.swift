// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads the result of a request.
struct MCPResultReader {
    let exchange: MCPExchange

    /// Members that clients read; a look-alike of one could carry what was filtered out of the other.
    private static let known = MemberNames([
        "_meta", "cacheScope", "capabilities", "completion", "content", "contents", "inputRequests", "instructions",
        "isError", "messages", "nextCursor", "prompts", "protocolVersion", "requestState", "resourceTemplates",
        "resources", "resultType", "serverInfo", "structuredContent", "supportedVersions", "task", "tasks", "tools",
        "ttlMs",
    ])

    func read(_ value: JSONValue) throws(MCPResponseRefusalReason) -> MCPServerMessage.Kind {
        guard case .object(let result) = value else { throw .badResult }
        if Self.known.hasLookalike(in: result) { throw .ambiguousName }
        if let meta = result["_meta"] { guard case .object = meta else { throw .badResult } }
        if exchange.revision.isStateless {
            switch result["resultType"] {
            case nil: break
            case .string(let type) where type.utf8.elementsEqual("complete".utf8): break
            case .string(let type) where type.utf8.elementsEqual("input_required".utf8):
                return .inputRequired(try input(result), result)
            default: throw .unknownResultType
            }
            guard result["inputRequests"] == nil else { throw .inputNotAllowed }
        }
        if exchange.method == .callTool { try judgeToolResult(result) }
        if exchange.method == .initialize {
            guard let version = result["protocolVersion"]?.string, let revision = MCPRevision(version: version),
                !revision.isStateless
            else { throw .badVersion }
        }
        return .result(result)
    }

    private func judgeToolResult(_ result: JSONObject) throws(MCPResponseRefusalReason) {
        if let content = result["content"] {
            guard case .array(let items) = content, items.allSatisfy({ $0["type"]?.string != nil }) else {
                throw .badResult
            }
        }
        if let isError = result["isError"] { guard case .bool = isError else { throw .badResult } }
    }

    /// The methods by which input is wanted: only those that MCP defines and the client said it has.
    private func input(_ result: JSONObject) throws(MCPResponseRefusalReason) -> [MCPMethod] {
        guard exchange.method?.takesInput == true else { throw .inputNotAllowed }
        if let state = result["requestState"] { guard state.string != nil else { throw .badResult } }
        guard let requests = result["inputRequests"] else {
            guard result["requestState"] != nil else { throw .inputNotAllowed }
            return []
        }
        guard case .object(let requests) = requests, requests.count <= 64 else { throw .inputNotAllowed }
        if MemberNames.hasAmbiguity(.object(requests)) { throw .ambiguousName }
        var methods: [MCPMethod] = []
        for request in requests.members {
            guard case .string(let name)? = request.value["method"], let method = MCPMethod(name: name) else {
                throw .inputNotAllowed
            }
            let capability: String
            switch method {
            case .elicit: capability = "elicitation"
            case .createMessage: capability = "sampling"
            case .listRoots: capability = "roots"
            default: throw .inputNotAllowed
            }
            guard exchange.meta.capabilities?[capability] != nil else { throw .undeclaredCapability }
            methods.append(method)
        }
        return methods
    }
}
