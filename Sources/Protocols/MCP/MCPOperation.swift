// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a client asks of an MCP server: the part of a request that is decided on.
public enum MCPOperation: Sendable {
    /// Begins a session of the asked revision.
    case initialize(MCPRevision)
    /// Asks what the server can do.
    case discover
    /// Asks whether the server lives.
    case ping
    /// Reads a page of a list; the method says which.
    case list(MCPMethod, cursor: String?)
    /// Calls a tool.
    case callTool(name: String, arguments: JSONObject)
    /// Reads a prompt with its arguments, which are strings.
    case getPrompt(name: String, arguments: JSONObject)
    /// Reads a resource.
    case readResource(uri: String)
    /// Subscribes to a resource, or ends that.
    case subscription(MCPMethod, uri: String)
    /// Opens a stream of notifications.
    case listen(MCPSubscription)
    /// Asks for completions of an argument of a prompt or of a resource template.
    case complete(MCPCompletionTarget, argument: String)
    /// Sets the level of log messages.
    case setLogLevel(String)
    /// Asks about a task or ends it.
    case task(MCPMethod, id: String)
    /// Tells the server something.
    case notify(MCPMethod, params: JSONObject)
    /// Answers a request of the server.
    case respond(JSONRPCResponse)
    /// Opens the session's event stream with GET, behind the named event.
    case openStream(after: String?)
    /// Ends the session with DELETE.
    case endSession

    /// The operation's name in policies and records: the MCP method, or `response`, `stream` and `session/end` for what
    /// has none.
    public var name: String {
        switch self {
        case .initialize: MCPMethod.initialize.rawValue
        case .discover: MCPMethod.discover.rawValue
        case .ping: MCPMethod.ping.rawValue
        case .callTool: MCPMethod.callTool.rawValue
        case .getPrompt: MCPMethod.getPrompt.rawValue
        case .readResource: MCPMethod.readResource.rawValue
        case .listen: MCPMethod.listen.rawValue
        case .complete: MCPMethod.complete.rawValue
        case .setLogLevel: MCPMethod.setLogLevel.rawValue
        case .list(let method, _), .subscription(let method, _), .task(let method, _), .notify(let method, _):
            method.rawValue
        case .respond: "response"
        case .openStream: "stream"
        case .endSession: "session/end"
        }
    }

    /// The tool, prompt or URI that is asked for.
    public var subject: String? {
        switch self {
        case .callTool(let name, _), .getPrompt(let name, _): name
        case .readResource(let uri), .subscription(_, let uri): uri
        default: nil
        }
    }

    /// The arguments of a tool or a prompt.
    public var arguments: JSONObject? {
        switch self {
        case .callTool(_, let arguments), .getPrompt(_, let arguments): arguments
        default: nil
        }
    }
}

/// The notifications that a `subscriptions/listen` request opts in to.
public struct MCPSubscription: Sendable {
    /// The changes of lists: any of the three `list_changed` notifications.
    public let changes: Set<MCPMethod>

    /// The resources whose updates are wanted.
    public let resources: [String]

    /// A subscription.
    public init(changes: Set<MCPMethod>, resources: [String]) {
        self.changes = changes
        self.resources = resources
    }
}

/// What a completion is asked for.
public enum MCPCompletionTarget: Sendable {
    /// An argument of this prompt.
    case prompt(String)
    /// A variable of this resource template.
    case resource(String)
}
