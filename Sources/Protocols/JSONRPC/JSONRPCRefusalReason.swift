// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a JSON value is not taken as a JSON-RPC message. One case, one stable reason code, one sentence.
public enum JSONRPCRefusalReason: String, Error, Sendable, Hashable, CaseIterable {
    /// The value is an array of messages.
    case batch = "rpc_batch"
    /// The value is no object.
    case notAnObject = "rpc_not_an_object"
    /// A member is none that JSON-RPC defines.
    case unknownMember = "rpc_unknown_member"
    /// A member's name differs from a defined one by case only.
    case ambiguousMember = "rpc_ambiguous_member"
    /// `jsonrpc` is not the string `2.0`.
    case badVersion = "rpc_bad_version"
    /// There is neither a method nor a result nor an error.
    case missingMethod = "rpc_missing_method"
    /// The method is no short visible ASCII string.
    case badMethod = "rpc_bad_method"
    /// The method starts with `rpc.`.
    case reservedMethod = "rpc_reserved_method"
    /// The parameters are not an object.
    case badParams = "rpc_bad_params"
    /// The identifier is null.
    case nullID = "rpc_null_id"
    /// The identifier is neither a short string nor an integer.
    case badID = "rpc_bad_id"
    /// A result has no identifier.
    case missingID = "rpc_missing_id"
    /// The message has a method and a result or an error.
    case requestAndResponse = "rpc_request_and_response"
    /// The message has a result and an error.
    case resultAndError = "rpc_result_and_error"
    /// The error is no object with an integer code and a message.
    case badError = "rpc_bad_error"

    /// The number of JSON-RPC 2.0 section 5.1 with which a request is answered.
    public var errorCode: Int { self == .badParams ? -32602 : -32600 }

    /// What is wrong and what to send instead. It never repeats bytes of the message.
    public var sentence: String {
        switch self {
        case .batch: "The body is a JSON-RPC batch, which MCP removed in 2025-06-18; send one message in each request."
        case .notAnObject: "A JSON-RPC message is an object."
        case .unknownMember: "The message has a member that JSON-RPC 2.0 does not define; put extensions into params."
        case .ambiguousMember:
            "A member's name differs from a defined one by case only, which programs read differently; spell it exactly."
        case .badVersion: "The member jsonrpc must be the string \"2.0\"."
        case .missingMethod: "The message has neither a method nor exactly one of result and error."
        case .badMethod: "The method must be a short string of visible ASCII characters."
        case .reservedMethod: "Methods that start with rpc. are reserved (JSON-RPC 2.0 section 4)."
        case .badParams: "The member params, where there is one, must be an object."
        case .nullID: "An id must not be null; use a string or an integer."
        case .badID: "An id must be a string or an integer of limited length."
        case .missingID: "A result must have the id of its request."
        case .requestAndResponse: "The message is a request and a response at once."
        case .resultAndError: "The response has a result and an error."
        case .badError: "An error must be an object with an integer code and a string message."
        }
    }
}
