// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads the tools that a request offers to a model.
struct ModelToolReader {
    /// The tools by who runs them.
    struct Tools {
        /// Those that the client runs.
        var names: [String] = []
        /// Those that the provider runs.
        var hosted: [String] = []
    }

    let limits: ModelLimits
    private static let known = MemberNames(["type", "name", "function", "custom"])

    func read(_ api: ModelAPI, _ object: JSONObject) throws(ModelRefusalReason) -> Tools {
        var tools = Tools()
        for tool in try list(object["tools"]) {
            guard !Self.known.hasLookalike(in: tool) else { throw .ambiguousName }
            switch api {
            case .chatCompletions: try addChat(tool, to: &tools)
            case .responses: try addResponses(tool, to: &tools)
            default: try addMessages(tool, to: &tools)
            }
        }
        if api == .chatCompletions {
            for function in try list(object["functions"]) { try add(function["name"], to: &tools) }
            if let search = object["web_search_options"], !search.isNull { tools.hosted.append("web_search") }
        }
        if api == .messages, !(try list(object["mcp_servers"])).isEmpty { tools.hosted.append("mcp") }
        guard tools.names.count &+ tools.hosted.count <= limits.tools else { throw .tooManyTools }
        guard Set(tools.names.map { Array($0.utf8) }).count == tools.names.count else { throw .duplicateTool }
        return tools
    }

    private func list(_ value: JSONValue?) throws(ModelRefusalReason) -> [JSONObject] {
        guard let value, !value.isNull else { return [] }
        guard let elements = value.array else { throw .tools }
        guard elements.count <= limits.tools else { throw .tooManyTools }
        let objects = elements.compactMap(\.object)
        guard objects.count == elements.count else { throw .tools }
        return objects
    }

    private func add(_ name: JSONValue?, to tools: inout Tools) throws(ModelRefusalReason) {
        guard let name = name?.string, MCPNames.isToolName(name) else { throw .toolName }
        tools.names.append(name)
    }

    private func addChat(_ tool: JSONObject, to tools: inout Tools) throws(ModelRefusalReason) {
        switch ModelText.word(tool["type"]) {
        case "function": try add(tool["function"]?["name"], to: &tools)
        case "custom": try add(tool["custom"]?["name"], to: &tools)
        default: throw .tools
        }
    }

    private func addResponses(_ tool: JSONObject, to tools: inout Tools) throws(ModelRefusalReason) {
        guard let type = ModelText.word(tool["type"]) else { throw .tools }
        switch type {
        case "function", "custom": try add(tool["name"], to: &tools)
        // What the provider asks the client to do without a name of the client's choice.
        case "computer", "computer_use_preview", "local_shell", "shell", "apply_patch": tools.names.append(type)
        default: tools.hosted.append(type)
        }
    }

    private func addMessages(_ tool: JSONObject, to tools: inout Tools) throws(ModelRefusalReason) {
        guard let type = tool["type"], !type.isNull else { return try add(tool["name"], to: &tools) }
        guard let type = ModelText.word(type) else { throw .tools }
        // Versions of tools that the provider defines end in a date; those of these families run at the client.
        let family = type.utf8.prefix { $0 &- 0x30 >= 10 }
        let isClients = ["custom", "bash_", "text_editor_", "computer_", "memory_"].contains {
            family.elementsEqual($0.utf8)
        }
        if isClients { try add(tool["name"], to: &tools) } else { tools.hosted.append(type) }
    }
}
