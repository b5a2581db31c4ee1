// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An error in the form in which a provider tells it, so that clients show it.
public struct ModelErrorBody: Sendable {
    /// What happened and what to do.
    public let message: String
    /// The stable reason code.
    public let code: String
    /// What kind of error it is.
    public let kind: Kind

    /// Kinds of errors; the raw values are the names that both providers' clients know.
    public enum Kind: String, Sendable, Hashable {
        /// The message is at fault.
        case invalidRequest = "invalid_request_error"
        /// It is not allowed.
        case denial = "permission_error"
        /// There is nothing of this name.
        case notFound = "not_found_error"
        /// A limit or a budget is reached.
        case limit = "rate_limit_error"
        /// The provider, or the gate, failed.
        case failure = "api_error"

        /// The kind that belongs to a status.
        public init(status: UInt16) {
            self =
                switch status {
                case 401, 403: .denial
                case 404: .notFound
                case 429: .limit
                case 500...: .failure
                default: .invalidRequest
                }
        }
    }

    /// An error.
    public init(message: String, code: String, kind: Kind) {
        self.message = message
        self.code = code
        self.kind = kind
    }

    /// The error that tells a refusal.
    public init(_ refusal: ModelRefusal) {
        self.init(message: refusal.description, code: refusal.code, kind: Kind(status: refusal.status))
    }

    /// The body of an answer with an error status.
    public func bytes(for api: ModelAPI) -> [UInt8] {
        if api == .messages { return anthropic.bytes }
        let error: JSONValue = [
            "message": .string(message), "type": .string(kind.rawValue), "param": nil, "code": .string(code),
        ]
        return JSONValue.object(JSONObject([("error", error)]) ?? JSONObject()).bytes
    }

    private var anthropic: JSONValue {
        ["type": "error", "error": ["type": .string(kind.rawValue), "message": .string("\(message) [\(code)]")]]
    }

    /// The event that ends a stream.
    func event(for api: ModelAPI, sequence: Int64) -> EventStreamEvent {
        switch api {
        case .messages: return EventStreamEvent(data: anthropic.bytes, type: "error")
        case .responses:
            let data: JSONValue = [
                "type": "error", "code": .string(code), "message": .string(message), "param": nil,
                "sequence_number": .integer(sequence),
            ]
            return EventStreamEvent(data: data.bytes, type: "error")
        case .chatCompletions, .embeddings, .modelList: return EventStreamEvent(data: bytes(for: api))
        }
    }
}
