// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// What is done to a destination.
public struct Operation: Sendable {
    /// The kind of operation.
    public var name: Name
    /// What is called, where it has a name: the MCP tool, the prompt, the URI of the resource, the model, the skill or the
    /// operation of an OpenAPI document.
    public var tool: String?
    /// The tool's arguments.
    public var arguments: JSONValue?
    /// What the tool does to the world, where that is known.
    public var effect: ToolEffect?
    /// Whether it gives back what not everybody may know.
    public var readsPrivateData = false
    /// Whether it gives back what anybody may have written.
    public var readsUntrustedContent = false
    /// Whether nothing is called, and it is only asked if a call with some arguments would be covered, as for a list of
    /// tools.
    public var isInquiry = false

    /// Names an operation.
    public init(_ name: Name, tool: String? = nil, arguments: JSONValue? = nil) {
        self.name = name
        self.tool = tool
        self.arguments = arguments
    }

    /// The kinds of operations; the raw value is `operation.name` in policies and records.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        /// An opaque tunnel: HTTP `CONNECT` or SOCKS5.
        case tunnel
        /// One HTTP request.
        case request
        /// A request that asks to become a WebSocket.
        case websocket
        /// Start of an agent by `yett exec`.
        case launch
        /// An MCP tool call.
        case toolCall = "tools/call"
        /// Reading a resource of an MCP server; its URI stands in the place of the tool.
        case resourceRead = "resources/read"
        /// Getting a prompt of an MCP server; its name stands in the place of the tool.
        case promptGet = "prompts/get"
        /// A call of a model; the model stands in the place of the tool.
        case modelCall = "models/call"
        /// A message to an agent for one of its skills, which stands in the place of the tool.
        case skillCall = "skills/call"
        /// A step of a service's protocol that does nothing by itself, such as a handshake or a filtered list.
        case session

        /// Whether the tools and operations of a grant list what is called, where that has a name.
        public var isCall: Bool {
            switch self {
            case .toolCall, .modelCall, .skillCall, .request: true
            case .tunnel, .websocket, .launch, .resourceRead, .promptGet, .session: false
            }
        }
    }
}

extension Facts {
    /// Whether the operation may change something or tell somebody something: everything but what is known to only read.
    public var hasEffect: Bool {
        switch operation.name {
        case .toolCall: operation.effect.map { $0 != .read } ?? true
        case .request: !["GET", "HEAD", "OPTIONS"].contains(http?.method ?? "")
        case .tunnel, .websocket, .skillCall: true
        case .modelCall, .resourceRead, .promptGet, .launch, .session: false
        }
    }
}

/// The parts of a request line that rules may read.
public struct HTTPFacts: Sendable, Hashable {
    /// The method, an RFC 9110 token, as sent.
    public var method: String
    /// The canonical path that was judged and is forwarded, or `nil` for `CONNECT`.
    public var path: String?
    /// The path as it is forwarded where its segments have parameters, which ``path`` lacks: servers differ in what they
    /// take them for, so that both must be allowed.
    public var sentPath: String?
    /// The query without its question mark, as sent.
    public var query: String?
    /// The header fields that are forwarded, in their order; `nil` unless the policy reads header fields.
    public var fields: [Field]?

    /// One header field.
    public struct Field: Sendable, Hashable {
        /// The name in lower case.
        public var name: String
        /// The value as sent.
        public var value: String

        /// Describes a field.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Collects the parts.
    public init(method: String, path: String?, query: String? = nil) {
        self.method = method
        self.path = path
        self.query = query
    }
}
