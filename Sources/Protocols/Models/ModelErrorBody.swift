// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An error in the form in which a provider tells it, so that clients show it.
public struct ModelErrorBody: Sendable {
    /// What happened and what to do.
    public let message: String
    /// The stable reason code.
    public let code: String
    /// Whether it is a denial, rather than a fault of a message.
    public let isDenial: Bool

    /// An error.
    public init(message: String, code: String, isDenial: Bool) {
        self.message = message
        self.code = code
        self.isDenial = isDenial
    }

    /// The error that tells a refusal.
    public init(_ refusal: ModelRefusal) {
        self.init(message: refusal.description, code: refusal.code, isDenial: false)
    }

    private var kind: String { isDenial ? "permission_error" : "invalid_request_error" }

    /// The body of an answer with an error status.
    public func bytes(for api: ModelAPI) -> [UInt8] {
        if api == .messages { return anthropic.bytes }
        let error: JSONValue = [
            "message": .string(message), "type": .string(kind), "param": nil, "code": .string(code),
        ]
        return JSONValue.object(JSONObject([("error", error)]) ?? JSONObject()).bytes
    }

    private var anthropic: JSONValue {
        ["type": "error", "error": ["type": .string(kind), "message": .string("\(message) [\(code)]")]]
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
