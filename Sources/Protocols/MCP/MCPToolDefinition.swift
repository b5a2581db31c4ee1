// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A tool as a server describes it.
public struct MCPToolDefinition: Sendable {
    /// Why a definition is not shown to a client.
    public enum Defect: String, Error, Sendable, Hashable, CaseIterable {
        /// The name is missing or has characters that MCP does not recommend.
        case badName = "tool_bad_name"
        /// A string of it has characters that a person does not see.
        case hiddenText = "tool_hidden_text"
        /// Two names of members differ by case only.
        case ambiguousName = "tool_ambiguous_name"
        /// The input schema is missing or no object.
        case badSchema = "tool_bad_schema"
        /// A schema refers to another document, which a client might fetch.
        case externalReference = "tool_external_reference"
        /// An icon is neither an `https` nor a `data` URI.
        case badIcon = "tool_bad_icon"
        /// An `x-mcp-header` annotation breaks the rules for them.
        case badHeaderAnnotation = "tool_bad_header_annotation"
    }

    /// The name.
    public let name: String

    /// The definition.
    public let value: JSONObject

    /// The arguments that are repeated in header fields.
    public let parameters: [MCPParameterHeader]

    private static let known = MemberNames([
        "_meta", "annotations", "description", "execution", "icons", "inputSchema", "name", "outputSchema", "title",
    ])

    /// Reads a definition.
    public init(_ value: JSONObject) throws(Defect) {
        if Self.known.hasLookalike(in: value) { throw .ambiguousName }
        guard case .string(let name)? = value["name"], MCPNames.isToolName(name) else { throw .badName }
        if HiddenText.isPresent(in: .object(value)) { throw .hiddenText }
        guard case .object(let schema)? = value["inputSchema"] else { throw .badSchema }
        if let output = value["outputSchema"] {
            guard case .object = output else { throw .badSchema }
            if Self.refersElsewhere(output) { throw .externalReference }
        }
        if Self.refersElsewhere(.object(schema)) { throw .externalReference }
        if let icons = value["icons"] { guard Self.areSafe(icons) else { throw .badIcon } }
        guard let parameters = MCPParameterHeader.all(in: schema) else { throw .badHeaderAnnotation }
        self.name = name
        self.value = value
        self.parameters = parameters
    }

    /// Whether a schema has a reference that is not to a part of itself. Instance data in it is passed over.
    private static func refersElsewhere(_ schema: JSONValue) -> Bool {
        switch schema {
        case .array(let elements): return elements.contains(where: refersElsewhere)
        case .object(let object):
            return object.members.contains { member in
                switch (SchemaKeyword(member.name), member.value) {
                case (.instance, _): return false
                case (.reference, .string(let target)): return target.utf8.first != 0x23
                case (.namedSchemas, .object(let schemas)):
                    return schemas.members.contains { refersElsewhere($0.value) }
                default: return refersElsewhere(member.value)
                }
            }
        default: return false
        }
    }

    private static func areSafe(_ icons: JSONValue) -> Bool {
        guard case .array(let icons) = icons else { return false }
        return icons.allSatisfy { icon in
            guard case .string(let source)? = icon["src"] else { return false }
            let start = source.utf8.prefix(11).map(ByteScan.lowercase)
            return start.starts(with: "https://".utf8) || start.elementsEqual("data:image/".utf8)
        }
    }

    /// The form that is pinned: the same for every order of members and every way of escaping.
    public var canonicalBytes: [UInt8] { JSONValue.object(value).canonicalBytes }

    /// Parameters of the input schema whose names alone ask a model for secrets or for its conversation, by a list of
    /// telling words. A reason for a person to look, not proof.
    public var suspiciousParameters: [String] {
        guard let schema = value["inputSchema"] else { return [] }
        var names: [String] = []
        Self.collect(schema, &names)
        return names.filter(Self.isSuspicious)
    }

    private static func collect(_ schema: JSONValue, _ names: inout [String]) {
        switch schema {
        case .array(let elements): for element in elements { collect(element, &names) }
        case .object(let object):
            for member in object.members {
                if case .object(let properties) = member.value, member.name.utf8.elementsEqual("properties".utf8) {
                    names += properties.names
                }
                collect(member.value, &names)
            }
        default: break
        }
    }

    private static let tellingWords = [
        "id rsa", "id ed25519", "ssh key", "ssh private", "private key", "secret key", "env file", "dotenv",
        "etc passwd", "aws credentials", "content of", "contents of", "system prompt", "conversation history",
        "chat history", "previous messages", "all messages", "chain of thought", "model name", "tools list",
        "tool call history",
    ]

    private static func isSuspicious(_ name: String) -> Bool {
        var words: [UInt8] = [0x20]
        var followsLower = false
        for byte in name.utf8 {
            let isUpper = byte &- 0x41 < 26
            let isWord = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
            if !isWord || isUpper && followsLower, words.last != 0x20 { words.append(0x20) }
            if isWord { words.append(ByteScan.lowercase(byte)) }
            followsLower = isWord && !isUpper
        }
        words.append(0x20)
        let text = String(decoding: words, as: UTF8.self)
        return tellingWords.contains { text.contains(" \($0) ") }
    }
}
