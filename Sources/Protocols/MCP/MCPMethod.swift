// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Every method of the Model Context Protocol that is known here, in either direction. The raw value is what stands in
/// messages, in policies and in records.
public enum MCPMethod: String, Sendable, Hashable, CaseIterable {
    /// Begins a session (until 2025-11-25).
    case initialize
    /// Asks what a server can do (since 2026-07-28).
    case discover = "server/discover"
    /// Asks whether the peer lives (until 2025-11-25, both directions).
    case ping
    /// Lists tools.
    case listTools = "tools/list"
    /// Calls a tool.
    case callTool = "tools/call"
    /// Lists prompts.
    case listPrompts = "prompts/list"
    /// Reads a prompt.
    case getPrompt = "prompts/get"
    /// Lists resources.
    case listResources = "resources/list"
    /// Lists templates of resources.
    case listResourceTemplates = "resources/templates/list"
    /// Reads a resource.
    case readResource = "resources/read"
    /// Subscribes to a resource (until 2025-11-25).
    case subscribe = "resources/subscribe"
    /// Ends a subscription (until 2025-11-25).
    case unsubscribe = "resources/unsubscribe"
    /// Opens a stream of notifications (since 2026-07-28).
    case listen = "subscriptions/listen"
    /// Asks for completions of an argument.
    case complete = "completion/complete"
    /// Sets the level of log messages (until 2025-11-25).
    case setLogLevel = "logging/setLevel"
    /// Asks for a task's state (2025-11-25, both directions).
    case getTask = "tasks/get"
    /// Asks for a task's result (2025-11-25, both directions).
    case taskResult = "tasks/result"
    /// Lists tasks (2025-11-25, both directions).
    case listTasks = "tasks/list"
    /// Ends a task (2025-11-25, both directions).
    case cancelTask = "tasks/cancel"
    /// A server asks the client's model.
    case createMessage = "sampling/createMessage"
    /// A server asks the person.
    case elicit = "elicitation/create"
    /// A server asks which folders it may use.
    case listRoots = "roots/list"
    /// A session has begun.
    case initialized = "notifications/initialized"
    /// A request is not wanted any more.
    case cancelled = "notifications/cancelled"
    /// How far a request is.
    case progress = "notifications/progress"
    /// The client's folders changed.
    case rootsChanged = "notifications/roots/list_changed"
    /// A task's state changed.
    case taskStatus = "notifications/tasks/status"
    /// A log message.
    case message = "notifications/message"
    /// The list of tools changed.
    case toolsChanged = "notifications/tools/list_changed"
    /// The list of prompts changed.
    case promptsChanged = "notifications/prompts/list_changed"
    /// The list of resources changed.
    case resourcesChanged = "notifications/resources/list_changed"
    /// A resource changed.
    case resourceUpdated = "notifications/resources/updated"
    /// A person answered outside of the protocol (2025-11-25).
    case elicitationComplete = "notifications/elicitation/complete"
    /// A subscription begins.
    case acknowledged = "notifications/subscriptions/acknowledged"

    /// The method of a text, compared bytewise.
    public init?(name: String) {
        guard let match = Self.table[Array(name.utf8)] else { return nil }
        self = match
    }

    private static let table: [[UInt8]: MCPMethod] = Dictionary(
        uniqueKeysWithValues: allCases.map { (Array($0.rawValue.utf8), $0) })

    /// True for a method that is never answered.
    public var isNotification: Bool { rawValue.utf8.starts(with: "notifications/".utf8) }
}

extension MCPMethod {
    /// Whether a client may send it in this revision.
    public func isFromClient(in revision: MCPRevision) -> Bool {
        switch self {
        case .listTools, .callTool, .listPrompts, .getPrompt, .listResources, .listResourceTemplates, .readResource,
            .complete, .cancelled:
            true
        case .discover, .listen: revision.isStateless
        case .initialize, .ping, .subscribe, .unsubscribe, .setLogLevel, .initialized, .progress, .rootsChanged:
            !revision.isStateless
        case .getTask, .taskResult, .listTasks, .cancelTask, .taskStatus: revision == .november2025
        default: false
        }
    }

    /// Whether a server may send it in this revision as a message of its own.
    public func isFromServer(in revision: MCPRevision) -> Bool {
        switch self {
        case .progress, .message, .toolsChanged, .promptsChanged, .resourcesChanged, .resourceUpdated: true
        case .acknowledged: revision.isStateless
        case .ping, .createMessage, .elicit, .listRoots, .cancelled: !revision.isStateless
        case .getTask, .taskResult, .listTasks, .cancelTask, .taskStatus, .elicitationComplete:
            revision == .november2025
        default: false
        }
    }

    /// Whether the request may be answered with a wish for input and repeated with it (since 2026-07-28).
    public var takesInput: Bool { self == .callTool || self == .getPrompt || self == .readResource }
}
