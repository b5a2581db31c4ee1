// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What an agent is asked to do in A2A, whatever the binding and the version.
public enum A2AMethod: String, Sendable, Hashable, CaseIterable {
    /// Sends a message; the answer is a task or a message.
    case sendMessage = "SendMessage"
    /// Sends a message; the answer is a stream of what comes of it.
    case streamMessage = "SendStreamingMessage"
    /// Reads a task.
    case getTask = "GetTask"
    /// Lists tasks.
    case listTasks = "ListTasks"
    /// Ends a task.
    case cancelTask = "CancelTask"
    /// Follows a task as a stream.
    case subscribe = "SubscribeToTask"
    /// Names a place that is told of a task.
    case createPush = "CreateTaskPushNotificationConfig"
    /// Reads such a place.
    case getPush = "GetTaskPushNotificationConfig"
    /// Lists the places of a task.
    case listPush = "ListTaskPushNotificationConfigs"
    /// Removes such a place.
    case deletePush = "DeleteTaskPushNotificationConfig"
    /// Reads the card that is only for those who are known.
    case extendedCard = "GetExtendedAgentCard"

    /// The method of a name in JSON-RPC, of version 1.0 or 0.3; `isOld` for the latter.
    static func named(_ name: String) -> (method: A2AMethod, isOld: Bool)? {
        for method in allCases {
            if method.rawValue.utf8.elementsEqual(name.utf8) { return (method, false) }
            if method.oldName?.utf8.elementsEqual(name.utf8) ?? false { return (method, true) }
        }
        return nil
    }

    /// The name in version 0.3.
    private var oldName: String? {
        switch self {
        case .sendMessage: "message/send"
        case .streamMessage: "message/stream"
        case .getTask: "tasks/get"
        case .listTasks: "tasks/list"
        case .cancelTask: "tasks/cancel"
        case .subscribe: "tasks/resubscribe"
        case .createPush: "tasks/pushNotificationConfig/set"
        case .getPush: "tasks/pushNotificationConfig/get"
        case .listPush: "tasks/pushNotificationConfig/list"
        case .deletePush: "tasks/pushNotificationConfig/delete"
        case .extendedCard: "agent/getAuthenticatedExtendedCard"
        }
    }

    /// The name of the operation in grants and policies, the same for both versions and bindings. No skill has a slash in
    /// its name, so that none can pass for one of these.
    public var operationName: String {
        switch self {
        case .sendMessage, .streamMessage: "message/send"
        case .getTask: "tasks/get"
        case .listTasks: "tasks/list"
        case .cancelTask: "tasks/cancel"
        case .subscribe: "tasks/subscribe"
        case .createPush: "tasks/push/create"
        case .getPush: "tasks/push/get"
        case .listPush: "tasks/push/list"
        case .deletePush: "tasks/push/delete"
        case .extendedCard: "agent/card"
        }
    }

    /// Whether a message is sent.
    public var isMessage: Bool { self == .sendMessage || self == .streamMessage }
    /// Whether the answer is a stream.
    public var isStream: Bool { self == .streamMessage || self == .subscribe }
}
