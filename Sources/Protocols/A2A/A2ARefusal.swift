// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A rule of A2A that a message breaks. The raw value is the code in answers and records.
public enum A2ARefusalReason: String, Error, Sendable, Hashable, CaseIterable {
    // The request.
    /// Nothing is read at the path.
    case path = "a2a_path"
    /// The path has another HTTP method.
    case httpMethod = "a2a_http_method"
    /// The body is not sent as JSON.
    case contentType = "a2a_content_type"
    /// A header field stands twice or cannot be read.
    case field = "a2a_field"
    /// The version is not one that is read.
    case version = "a2a_version"
    /// The request comes from a web page.
    case origin = "a2a_origin"
    /// The query has a meaning that is not known.
    case query = "a2a_query"
    /// There is a body where none has a meaning.
    case body = "a2a_body"
    /// The message is a notification or a response.
    case notARequest = "a2a_not_a_request"
    /// The method is not known.
    case unknownMethod = "a2a_unknown_method"
    /// A parameter is missing or of another type.
    case params = "a2a_params"
    /// A name differs from a known one only by case, `_` or `-`.
    case ambiguousName = "a2a_ambiguous_name"
    /// An identifier is none.
    case identifier = "a2a_identifier"
    /// Path and body name different things.
    case mismatch = "a2a_mismatch"
    /// The skill that is named is none, or several are.
    case skill = "a2a_skill"
    /// A task's handle cannot be read.
    case taskHandle = "a2a_task_handle"
    /// A link is no web address.
    case link = "a2a_link"

    // The answer.
    /// The answer has a status that means nothing here.
    case status = "a2a_answer_status"
    /// The answer is not of the type that was asked for, or is packed.
    case answerType = "a2a_answer_type"
    /// The answer is for another request.
    case answerID = "a2a_answer_id"
    /// The answer is no result of this method.
    case answerForm = "a2a_answer_form"
    /// The answer speaks of a task or a conversation of somebody else.
    case foreignTask = "a2a_foreign_task"
    /// The card cannot be read.
    case card = "a2a_card"

    /// What is wrong and what to send instead. It never repeats bytes of the message.
    public var sentence: String {
        switch self {
        case .path:
            "Nothing is read at this path: JSON-RPC goes to a plain path, the HTTP+JSON binding to message:send, "
                + "message:stream, tasks and what is below, the card is at /.well-known/agent-card.json."
        case .httpMethod: "The path takes another HTTP method."
        case .contentType: "The body must be sent once as application/json, or as application/a2a+json over HTTP+JSON."
        case .field: "A header field of A2A stands twice or has characters that are not plain."
        case .version: "A2A-Version must be Major.Minor of version 1 or 0.3, once."
        case .origin: "Requests of web pages are not taken."
        case .query: "The query has a name that is not known here, twice the same, or a value that is not plain."
        case .body: "There is a body where none has a meaning."
        case .notARequest: "A request of A2A has an id; notifications and responses have no place here."
        case .unknownMethod: "The method is none of A2A 1.0 or 0.3."
        case .params: "A parameter is missing or of another type."
        case .ambiguousName:
            "A name differs from a known one only by case, _ or -, which programs read differently; spell it exactly."
        case .identifier: "An identifier must be 1 to 256 visible ASCII characters, and plain in a path."
        case .mismatch: "The path and the body name different things."
        case .skill:
            "A skill is named once, in metadata.skillId, by 1 to 128 letters, digits, _, - and . as the card does."
        case .taskHandle: "The handle of a task in metadata must be one short string of visible ASCII characters."
        case .link: "A link must be an absolute http or https address without user information."
        case .status: "The status of the answer means nothing here."
        case .answerType: "The answer is not of the type that was asked for, or is packed."
        case .answerID: "The answer is not for this request."
        case .answerForm: "The answer is not of the form that belongs to the method."
        case .foreignTask: "The answer speaks of a task or a conversation that is another caller's."
        case .card: "The card is not an object with skills and interfaces in their form."
        }
    }
}

/// A message of A2A that is not passed on: why, and whose fault it is.
public struct A2ARefusal: Error, Sendable, CustomStringConvertible {
    /// The rule that was broken.
    public enum Cause: Sendable, Hashable {
        /// The text is no JSON that the gate reads.
        case json(JSONError)
        /// The message is no JSON-RPC.
        case rpc(JSONRPCRefusalReason)
        /// The stream of events breaks its format or a limit.
        case stream(EventStreamError)
        /// The message breaks a rule of A2A.
        case rule(A2ARefusalReason)
    }

    /// Whose message is at fault.
    public enum Fault: Sendable, Hashable {
        /// The client's request.
        case client
        /// The agent's answer.
        case agent
    }

    /// Why.
    public let cause: Cause
    /// Whose message.
    public let fault: Fault
    /// The request that is answered, where it is known.
    public var id: JSONRPCID?
    /// Whether the client speaks the HTTP+JSON binding.
    public var isHTTP = false

    /// A refusal.
    public init(_ cause: Cause, fault: Fault, id: JSONRPCID? = nil, isHTTP: Bool = false) {
        self.cause = cause
        self.fault = fault
        self.id = id
        self.isHTTP = isHTTP
    }

    /// The stable reason code.
    public var code: String {
        switch cause {
        case .json(let error): error.reason.rawValue
        case .rpc(let reason): reason.rawValue
        case .stream(let error): error.rawValue
        case .rule(let reason): reason.rawValue
        }
    }

    /// The number of the JSON-RPC error.
    public var errorCode: Int {
        guard fault == .client else { return -32006 }
        switch cause {
        case .json: return -32700
        case .rpc(let reason): return reason.errorCode
        case .stream: return -32600
        case .rule(let reason):
            switch reason {
            case .unknownMethod: return -32601
            case .version: return -32009
            case .contentType: return -32005
            case .params, .ambiguousName, .identifier, .mismatch, .skill, .taskHandle, .link: return -32602
            default: return -32600
            }
        }
    }

    /// The HTTP status for the client: 502 when the agent is at fault; 200 for a JSON-RPC request that can be answered by
    /// its id, which clients take for an answer.
    public var status: UInt16 {
        guard fault == .client else { return 502 }
        if case .json(let error) = cause, error.reason == .tooLarge { return 413 }
        guard case .rule(let reason) = cause else { return 400 }
        switch reason {
        case .path: return 404
        case .httpMethod: return 405
        case .contentType: return 415
        case .origin: return 403
        default: return id == nil ? 400 : 200
        }
    }

    /// A sentence that names the party at fault. It never repeats bytes of the message.
    public var description: String {
        let party = fault == .client ? "The client's request is refused" : "The agent's answer is refused"
        switch cause {
        case .json(let error): return "\(party): The text is not JSON in the form that is read here (\(error))."
        case .rpc(.batch): return "\(party): A2A has no batches; send one message in each request."
        case .rpc(let reason): return "\(party): \(reason.sentence)"
        case .stream(let error): return "\(party): \(error.sentence)"
        case .rule(let reason): return "\(party): \(reason.sentence)"
        }
    }
}
