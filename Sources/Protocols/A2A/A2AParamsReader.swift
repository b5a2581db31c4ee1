// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads the parameters of one request: what is known of them, and whom and what they name.
struct A2AParamsReader: Sendable {
    let method: A2AMethod
    let isOld: Bool
    let limits: A2ALimits

    private(set) var params = JSONObject()
    private(set) var tasks: [String] = []
    private(set) var context: String?
    private(set) var skill: String?
    private(set) var webhooks: [String] = []
    private(set) var links: [String] = []
    private(set) var taskHandle: String?

    /// Names below this are the gate's own.
    static let ownPrefix = "io.yett/"
    private static let handleName = "io.yett/task"

    init(method: A2AMethod, isOld: Bool, limits: A2ALimits) {
        self.method = method
        self.isOld = isOld
        self.limits = limits
    }

    private var members: A2AMembers {
        switch method {
        case .sendMessage, .streamMessage: .send
        case .getTask, .cancelTask, .subscribe: .task
        case .listTasks: .list
        case .createPush: isOld ? .oldSetPush : .push
        case .getPush, .deletePush: isOld ? .oldNamedPush : .namedPush
        case .listPush: isOld ? .task : .namedPush
        case .extendedCard: .card
        }
    }

    /// The names of an object's members that are known, as a body says them.
    func names(of object: JSONObject) throws(A2ARefusalReason) -> [String] { try members.known(of: object).names }

    mutating func read(_ object: JSONObject) throws(A2ARefusalReason) {
        var known = try members.known(of: object)
        try metadata(in: &known)
        params = known
        try judgeTexts()
        switch method {
        case .sendMessage, .streamMessage: try message()
        case .getTask, .cancelTask, .subscribe: try task("id")
        case .listPush: try task(isOld ? "id" : "taskId")
        case .getPush, .deletePush:
            try task(isOld ? "id" : "taskId")
            let name = isOld ? "pushNotificationConfigId" : "id"
            guard let config = try Self.identifier(name, in: &params) else {
                // The old reading of a place without its name is the only one there is.
                guard isOld, method == .getPush else { throw .params }
                return
            }
            params[name] = .string(config)
        case .createPush:
            try task("taskId")
            guard isOld else {
                var config = params
                try push(&config)
                params = config
                return
            }
            guard case .object(var config)? = params["pushNotificationConfig"] else { throw .params }
            try push(&config)
            params["pushNotificationConfig"] = .object(config)
        case .listTasks: context = try Self.identifier("contextId", in: &params)
        case .extendedCard: break
        }
    }

    /// Strings where strings are expected: another type would be read by some and not by others.
    private func judgeTexts() throws(A2ARefusalReason) {
        for name in ["tenant", "pageToken", "status", "statusTimestampAfter", "lastUpdatedAfter"] {
            guard let value = params[name] else { continue }
            guard let text = value.string, text.utf8.count <= 8192 else { throw .params }
        }
    }

    private mutating func task(_ name: String) throws(A2ARefusalReason) {
        guard let id = try Self.identifier(name, in: &params) else { throw .params }
        tasks.append(id)
    }

    /// An identifier; an empty one is none, as protocol buffers have it.
    private static func identifier(
        _ name: String, in object: inout JSONObject
    ) throws(A2ARefusalReason) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw .params }
        if text.isEmpty {
            object[name] = nil
            return nil
        }
        guard A2ANames.isIdentifier(text) else { throw .identifier }
        return text
    }

    // MARK: Messages

    private mutating func message() throws(A2ARefusalReason) {
        guard case .object(let written)? = params["message"] else { throw .params }
        var message = try A2AMembers.message.known(of: written)
        if let kind = message["kind"] {
            guard kind.string?.utf8.elementsEqual("message".utf8) ?? false else { throw .params }
        }
        for name in ["messageId", "role"] {
            guard let text = message[name]?.string, A2ANames.isIdentifier(text) else { throw .params }
        }
        if let task = try Self.identifier("taskId", in: &message) { tasks.append(task) }
        context = try Self.identifier("contextId", in: &message)
        if let references = message["referenceTaskIds"] {
            guard let list = references.array, list.count <= limits.parts else { throw .params }
            for element in list {
                guard let id = element.string, A2ANames.isIdentifier(id) else { throw .identifier }
                tasks.append(id)
            }
        }
        try metadata(in: &message)
        message["parts"] = .array(try parts(message["parts"]))
        params["message"] = .object(message)
        try configuration()
    }

    private mutating func parts(_ value: JSONValue?) throws(A2ARefusalReason) -> [JSONValue] {
        guard case .array(let parts)? = value, !parts.isEmpty, parts.count <= limits.parts else { throw .params }
        var result: [JSONValue] = []
        for part in parts {
            guard case .object(let written) = part else { throw .params }
            var part = try A2AMembers.part.known(of: written)
            if let url = part["url"] { try link(url) }
            if let text = part["text"], text.string == nil { throw .params }
            if let file = part["file"] {
                guard case .object(let members) = file else { throw .params }
                let known = try A2AMembers.file.known(of: members)
                if let url = known["uri"] { try link(url) }
                part["file"] = .object(known)
            }
            result.append(.object(part))
        }
        return result
    }

    private mutating func link(_ value: JSONValue) throws(A2ARefusalReason) {
        guard let text = value.string, A2ALink(text) != nil else { throw .link }
        links.append(text)
    }

    private mutating func configuration() throws(A2ARefusalReason) {
        guard let value = params["configuration"] else { return }
        guard case .object(let written) = value else { throw .params }
        var configuration = try A2AMembers.configuration.known(of: written)
        for name in ["pushNotificationConfig", "taskPushNotificationConfig"] {
            guard let value = configuration[name] else { continue }
            guard case .object(var config) = value else { throw .params }
            try push(&config)
            // The task is the message's own, and none that the place names.
            if let task = config["taskId"]?.string { tasks.append(task) }
            configuration[name] = .object(config)
        }
        params["configuration"] = .object(configuration)
    }

    private mutating func push(_ config: inout JSONObject) throws(A2ARefusalReason) {
        config = try A2AMembers.push.known(of: config)
        _ = try Self.identifier("id", in: &config)
        _ = try Self.identifier("taskId", in: &config)
        guard let url = config["url"]?.string, A2ALink(url) != nil else { throw .link }
        webhooks.append(url)
    }

    // MARK: Metadata

    /// Reads the skill and the task's handle, and takes what is the gate's own out.
    private mutating func metadata(in object: inout JSONObject) throws(A2ARefusalReason) {
        guard let value = object["metadata"] else { return }
        guard case .object(var metadata) = value else { throw .params }
        for member in metadata.members {
            let name = A2AMembers.folded(member.name)
            if name.starts(with: Self.ownPrefix.utf8) {
                if member.name.utf8.elementsEqual(Self.handleName.utf8) { try handle(member.value) }
                metadata[member.name] = nil
            } else if ["skill", "skillid", "skillname"].contains(where: { $0.utf8.elementsEqual(name) }) {
                if member.value.isNull {
                    metadata[member.name] = nil
                    continue
                }
                guard let named = member.value.string, A2ANames.isSkill(named) else { throw .skill }
                if let skill, !skill.utf8.elementsEqual(named.utf8) { throw .skill }
                skill = named
            }
        }
        object["metadata"] = metadata.isEmpty ? nil : .object(metadata)
    }

    private mutating func handle(_ value: JSONValue) throws(A2ARefusalReason) {
        guard let text = value.string, A2ANames.isIdentifier(text) else { throw .taskHandle }
        if let taskHandle, !taskHandle.utf8.elementsEqual(text.utf8) { throw .taskHandle }
        taskHandle = text
    }
}
