// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One JSON-RPC 2.0 message, read strictly. A batch is none: the revisions that are spoken here have no batches, and a
/// denied call must not ride behind an allowed one.
public enum JSONRPCMessage: Sendable {
    /// A call that wants an answer.
    case request(id: JSONRPCID, JSONRPCCall)
    /// A call without identifier, which gets no answer.
    case notification(JSONRPCCall)
    /// An answer.
    case response(JSONRPCResponse)

    /// The message as a JSON value of exactly the members that were read.
    public var value: JSONValue {
        var object = JSONObject()
        object["jsonrpc"] = "2.0"
        switch self {
        case .request(let id, let call):
            object["id"] = id.value
            call.write(to: &object)
        case .notification(let call): call.write(to: &object)
        case .response(let response):
            object["id"] = response.id?.value
            switch response.outcome {
            case .result(let result): object["result"] = result
            case .error(let error): object["error"] = error.value
            }
        }
        return .object(object)
    }
}

/// A method and its named parameters.
public struct JSONRPCCall: Sendable {
    /// The method, case-sensitive.
    public let method: String

    /// The parameters; nil when the member is absent.
    public var params: JSONObject?

    /// A call.
    public init(method: String, params: JSONObject? = nil) {
        self.method = method
        self.params = params
    }

    func write(to object: inout JSONObject) {
        object["method"] = .string(method)
        object["params"] = params.map { .object($0) }
    }
}

/// An answer to a request.
public struct JSONRPCResponse: Sendable {
    /// Whether it worked.
    public enum Outcome: Sendable {
        /// The result.
        case result(JSONValue)
        /// Why there is none.
        case error(JSONRPCErrorObject)
    }

    /// The request's identifier; nil only in an error of a peer that could not read it.
    public var id: JSONRPCID?

    /// The result or the error.
    public var outcome: Outcome

    /// An answer.
    public init(id: JSONRPCID?, outcome: Outcome) {
        self.id = id
        self.outcome = outcome
    }
}

/// What an error response says.
public struct JSONRPCErrorObject: Sendable {
    /// The number of the error.
    public let code: JSONNumber
    /// A sentence.
    public let message: String
    /// More, in any form.
    public let data: JSONValue?

    /// An error.
    public init(code: JSONNumber, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    var value: JSONValue {
        var object = JSONObject()
        object["code"] = .number(code)
        object["message"] = .string(message)
        object["data"] = data
        return .object(object)
    }
}
