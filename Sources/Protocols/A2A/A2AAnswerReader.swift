// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What an agent sent back for a request, as far as it concerns whose it is and what is said in it.
public struct A2AResult: Sendable {
    /// A task with the conversation to which it belongs.
    public struct Task: Sendable, Hashable {
        /// The task.
        public let id: String
        /// The conversation, where it is named.
        public let context: String?
    }

    /// The result as it goes on.
    public var value: JSONValue
    /// The task or the tasks that the result is about.
    public internal(set) var tasks: [Task] = []
    /// Other tasks that are mentioned.
    public internal(set) var mentionedTasks: [String] = []
    /// Conversations that are named outside of tasks.
    public internal(set) var contexts: [String] = []
    /// What the agent says: texts and data of messages and artifacts.
    public internal(set) var texts: [String] = []

    init(_ value: JSONValue) { self.value = value }
}

/// Reads the answers to one request.
public struct A2AAnswerReader: Sendable {
    private let request: A2ARequest
    private let limits: A2ALimits
    private let isVisible: @Sendable (String) -> Bool

    /// A reader for the answers to a request.
    ///
    /// - Parameter isVisible: Whether a task of a list is the caller's; others are left out unread.
    public init(
        _ request: A2ARequest, limits: A2ALimits = .standard,
        isVisible: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.request = request
        self.limits = limits
        self.isVisible = isVisible
    }

    /// One answer: a result, or an error that the agent tells.
    public enum Answer: Sendable {
        /// A result.
        case result(A2AResult)
        /// An error, over JSON-RPC.
        case error(JSONRPCErrorObject)
        /// An error, over HTTP+JSON.
        case failure(JSONValue)
    }

    /// Reads the body of an answer, or the data of one event of a stream.
    ///
    /// - Parameters:
    ///   - isEvent: Whether it is an event of a stream.
    ///   - isFailure: Whether the status, or the type of the event, says that it is an error.
    public func read(_ bytes: [UInt8], isEvent: Bool, isFailure: Bool = false) throws(A2ARefusal) -> Answer {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, limits: limits.answer.json)
        } catch { throw refusal(.json(error)) }
        let result: JSONValue
        if case .rpc(let id, _) = request.binding {
            switch try response(value, to: id) {
            case .error(let error): return .error(error)
            case .result(let found):
                guard !isFailure else { throw refusal(.rule(.answerForm)) }
                result = found
            }
        } else {
            if isFailure || value["error"] != nil { return .failure(value) }
            result = value
        }
        do throws(A2ARefusalReason) {
            return .result(try judge(result, isEvent: isEvent))
        } catch { throw refusal(.rule(error)) }
    }

    private func refusal(_ cause: A2ARefusal.Cause) -> A2ARefusal {
        A2ARefusal(cause, fault: .agent, id: request.id, isHTTP: request.isHTTP)
    }

    private func response(
        _ value: JSONValue, to id: JSONRPCID
    ) throws(A2ARefusal) -> JSONRPCResponse.Outcome {
        let message: JSONRPCMessage
        do throws(JSONRPCRefusalReason) {
            message = try JSONRPCMessage(Self.withoutNulls(value), limits: limits.answer)
        } catch { throw refusal(.rpc(error)) }
        guard case .response(let response) = message else { throw refusal(.rule(.answerForm)) }
        // An agent that could not read the request cannot name it.
        if response.id == nil, case .error = response.outcome { return response.outcome }
        guard response.id == id else { throw refusal(.rule(.answerID)) }
        return response.outcome
    }

    /// A response of which one member is `null` that stands beside the other: some agents write both.
    private static func withoutNulls(_ value: JSONValue) -> JSONValue {
        guard case .object(var object) = value else { return value }
        if object["error"]?.isNull ?? false, object["result"] != nil { object["error"] = nil }
        if object["result"]?.isNull ?? false, object["error"] != nil { object["result"] = nil }
        return .object(object)
    }

    // MARK: Results

    private func judge(_ value: JSONValue, isEvent: Bool) throws(A2ARefusalReason) -> A2AResult {
        var result = A2AResult(value)
        guard let method = request.method else {
            guard case .object = value else { throw .card }
            return result
        }
        switch method {
        case .sendMessage, .streamMessage, .subscribe: try wrapped(value, isEvent: isEvent, &result)
        case .getTask, .cancelTask: try task(Self.object(value), &result)
        case .listTasks: try list(value, &result)
        case .createPush, .getPush: try push(Self.object(value), &result)
        case .listPush: try pushes(value, &result)
        case .deletePush: result.value = request.isHTTP ? [:] : .null
        case .extendedCard: guard case .object = value else { throw .card }
        }
        return result
    }

    private static func object(_ value: JSONValue?) throws(A2ARefusalReason) -> JSONObject {
        guard case .object(let object)? = value else { throw .answerForm }
        return object
    }

    /// A task, a message, or what changed of a task: by `kind` in version 0.3, else by the one member.
    private func wrapped(
        _ value: JSONValue, isEvent: Bool, _ result: inout A2AResult
    ) throws(A2ARefusalReason) {
        let object = try Self.object(value)
        if let kind = object["kind"]?.string {
            switch Array(kind.utf8) {
            case Array("task".utf8): try task(object, &result)
            case Array("message".utf8): try message(object, of: nil, &result)
            case Array("status-update".utf8) where isEvent: try update(object, "status", &result)
            case Array("artifact-update".utf8) where isEvent: try update(object, "artifact", &result)
            default: throw .answerForm
            }
            return
        }
        let known = try A2AMembers.wrapper.known(of: object)
        guard known.count == 1, let member = known.members.first else { throw .answerForm }
        result.value = .object(known)
        let inner = try Self.object(member.value)
        switch Array(member.name.utf8) {
        case Array("task".utf8): try task(inner, &result)
        case Array("message".utf8): try message(inner, of: nil, &result)
        case Array("statusUpdate".utf8) where isEvent: try update(inner, "status", &result)
        case Array("artifactUpdate".utf8) where isEvent: try update(inner, "artifact", &result)
        default: throw .answerForm
        }
    }

    private static func identifier(
        _ name: String, _ object: JSONObject
    ) throws(A2ARefusalReason) -> String? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .answerForm }
        if text.isEmpty { return nil }
        guard A2ANames.isIdentifier(text) else { throw .answerForm }
        return text
    }

    private func task(_ object: JSONObject, _ result: inout A2AResult) throws(A2ARefusalReason) {
        try judgeNames(.taskResult, object)
        guard let id = try Self.identifier("id", object) else { throw .answerForm }
        let context = try Self.identifier("contextId", object)
        result.tasks.append(A2AResult.Task(id: id, context: context))
        if let status = object["status"], !status.isNull {
            try message(inStatus: status, of: id, &result)
        }
        for entry in try Self.list(object["history"]) { try message(Self.object(entry), of: id, &result) }
        for artifact in try Self.list(object["artifacts"]) { gather(artifact, &result.texts) }
    }

    private static func list(_ value: JSONValue?) throws(A2ARefusalReason) -> [JSONValue] {
        switch value {
        case nil, .null?: return []
        case .array(let elements)?: return elements
        default: throw .answerForm
        }
    }

    private func message(
        inStatus status: JSONValue, of task: String, _ result: inout A2AResult
    ) throws(A2ARefusalReason) {
        guard let said = try Self.object(status)["message"], !said.isNull else { return }
        try message(Self.object(said), of: task, &result)
    }

    private func message(
        _ object: JSONObject, of task: String?, _ result: inout A2AResult
    ) throws(A2ARefusalReason) {
        try judgeNames(.message, object)
        if let named = try Self.identifier("taskId", object), !(task?.utf8.elementsEqual(named.utf8) ?? false) {
            result.mentionedTasks.append(named)
        }
        if let context = try Self.identifier("contextId", object) { result.contexts.append(context) }
        for reference in try Self.list(object["referenceTaskIds"]) {
            guard let id = reference.string, A2ANames.isIdentifier(id) else { throw .answerForm }
            result.mentionedTasks.append(id)
        }
        for part in try Self.list(object["parts"]) { gather(part, &result.texts) }
    }

    private func update(
        _ object: JSONObject, _ member: String, _ result: inout A2AResult
    ) throws(A2ARefusalReason) {
        try judgeNames(.update, object)
        guard let id = try Self.identifier("taskId", object), let content = object[member] else { throw .answerForm }
        result.tasks.append(A2AResult.Task(id: id, context: try Self.identifier("contextId", object)))
        if member.utf8.elementsEqual("status".utf8) {
            try message(inStatus: content, of: id, &result)
        } else {
            gather(.object(try Self.object(content)), &result.texts)
        }
    }

    private func list(_ value: JSONValue, _ result: inout A2AResult) throws(A2ARefusalReason) {
        var object = try A2AMembers.listResult.known(of: Self.object(value))
        if let token = object["nextPageToken"], token.string == nil { throw .answerForm }
        var kept: [JSONValue] = []
        for element in try Self.list(object["tasks"]) {
            let members = try Self.object(element)
            guard let id = try Self.identifier("id", members) else { throw .answerForm }
            guard isVisible(id) else { continue }
            try task(members, &result)
            kept.append(element)
        }
        object["tasks"] = .array(kept)
        // How many tasks others have is nobody's business.
        for name in ["pageSize", "totalSize"] where object[name] != nil { object[name] = .integer(kept.count) }
        result.value = .object(object)
    }

    // MARK: Places that are told of a task

    private func push(_ object: JSONObject, _ result: inout A2AResult) throws(A2ARefusalReason) {
        try judgeNames(.pushResult, object)
        // Whatever a place says of its task, it is the one that was asked about.
        if let task = try Self.identifier("taskId", object), let asked = request.tasks.first,
            !task.utf8.elementsEqual(asked.utf8)
        {
            throw .foreignTask
        }
    }

    private func pushes(_ value: JSONValue, _ result: inout A2AResult) throws(A2ARefusalReason) {
        if case .array(let elements) = value {
            for element in elements { try push(Self.object(element), &result) }
            return
        }
        let object = try A2AMembers.pushList.known(of: Self.object(value))
        result.value = .object(object)
        for element in try Self.list(object["configs"]) { try push(Self.object(element), &result) }
    }

    // MARK: What is said

    private func judgeNames(_ members: A2AMembers, _ object: JSONObject) throws(A2ARefusalReason) {
        do throws(A2ARefusalReason) {
            try members.judge(object)
        } catch { throw .answerForm }
    }

    private func gather(_ value: JSONValue, _ texts: inout [String]) {
        switch value {
        case .string(let text): texts.append(text)
        case .number(let number): texts.append(number.text)
        case .array(let elements): for element in elements { gather(element, &texts) }
        case .object(let object):
            // A file's bytes say nothing that is compared.
            for member in object.members
            where !member.name.utf8.elementsEqual("raw".utf8) && !member.name.utf8.elementsEqual("bytes".utf8) {
                gather(member.value, &texts)
            }
        case .null, .bool: break
        }
    }
}
