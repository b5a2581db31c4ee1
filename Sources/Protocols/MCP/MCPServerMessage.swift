// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A message of a server that was read and may be passed to the client, perhaps changed.
public struct MCPServerMessage: Sendable {
    /// What it is.
    public enum Kind: Sendable {
        /// The result of the request.
        case result(JSONObject)
        /// The server wants input before it goes on, by these methods. The client repeats its request with it.
        case inputRequired([MCPMethod], JSONObject)
        /// The request failed.
        case error(JSONRPCErrorObject)
        /// The server tells something.
        case notification(MCPMethod, JSONObject)
        /// The server asks the client something (until 2025-11-25). Whoever passes it on keeps the identifier, so that
        /// the client can answer it once.
        case request(JSONRPCID, MCPMethod, JSONObject)
    }

    /// What it is.
    public let kind: Kind

    /// The identifier of the request that it answers; nil for messages that are no answers.
    public let answers: JSONRPCID?

    /// The message, written anew from what was read.
    public var message: JSONRPCMessage {
        switch kind {
        case .result(let result), .inputRequired(_, let result):
            .response(JSONRPCResponse(id: answers, outcome: .result(.object(result))))
        case .error(let error): .response(JSONRPCResponse(id: answers, outcome: .error(error)))
        case .notification(let method, let params):
            .notification(JSONRPCCall(method: method.rawValue, params: params.isEmpty ? nil : params))
        case .request(let id, let method, let params):
            .request(id: id, JSONRPCCall(method: method.rawValue, params: params.isEmpty ? nil : params))
        }
    }

    /// The bytes that the client gets.
    public var bytes: [UInt8] { message.value.bytes }

    /// True when a result has characters that a person does not see and a model reads.
    public var hasHiddenText: Bool {
        switch kind {
        case .result(let result), .inputRequired(_, let result): HiddenText.isPresent(in: .object(result))
        default: false
        }
    }

    /// The same answer with another result, for a list that was filtered.
    public func replacing(result: JSONObject) -> MCPServerMessage {
        guard case .result = kind else { return self }
        return MCPServerMessage(kind: .result(result), answers: answers)
    }
}
