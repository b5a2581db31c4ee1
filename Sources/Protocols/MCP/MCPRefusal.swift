// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A message that is not passed on: why, whose fault it is, and how a request is answered for it.
public struct MCPRefusal: Error, Sendable, CustomStringConvertible {
    /// The rule that was broken.
    public enum Cause: Error, Sendable, Hashable {
        /// The text is no JSON that the gate reads.
        case json(JSONError)
        /// The value is no JSON-RPC message that the gate reads.
        case rpc(JSONRPCRefusalReason)
        /// The request breaks a rule of MCP.
        case request(MCPRequestRefusalReason)
        /// The server's message breaks a rule of MCP.
        case response(MCPResponseRefusalReason)
        /// The server's event stream breaks its format or a limit.
        case stream(EventStreamError)
    }

    /// Whose message is at fault.
    public enum Fault: String, Sendable, Hashable {
        /// The client's request.
        case client
        /// The server's answer.
        case server
    }

    /// Why.
    public let cause: Cause

    /// Whose message.
    public let fault: Fault

    /// The identifier of the request that is refused, where it could be read.
    public var id: JSONRPCID?

    /// The revision that the client asked for, where the gate does not read it and its text is short and plain.
    public internal(set) var requestedVersion: String?

    /// A refusal.
    public init(_ cause: Cause, fault: Fault, id: JSONRPCID? = nil) {
        self.cause = cause
        self.fault = fault
        self.id = id
    }

    /// The stable reason code, for records and the `Yett-Reason` field.
    public var code: String {
        switch cause {
        case .json(let error): error.reason.rawValue
        case .rpc(let reason): reason.rawValue
        case .request(let reason): reason.rawValue
        case .response(let reason): reason.rawValue
        case .stream(let error): error.rawValue
        }
    }

    /// The HTTP status for the client: 502 when the server is at fault.
    public var status: UInt16 {
        guard fault == .client else { return 502 }
        switch cause {
        case .json(let error): return error.reason == .tooLarge ? 413 : 400
        case .request(let reason): return reason.status
        default: return 400
        }
    }

    /// The number of the JSON-RPC error for the client. A server's fault is -32603, an internal error for the client.
    public var errorCode: Int {
        guard fault == .client else { return -32603 }
        switch cause {
        case .json: return -32700
        case .rpc(let reason): return reason.errorCode
        case .request(let reason): return reason.errorCode
        default: return -32600
        }
    }

    /// A sentence that names the party at fault. It never repeats bytes of the message.
    public var description: String {
        let party = fault == .client ? "The client's request is refused" : "The server's answer is refused"
        return "\(party): \(sentence)"
    }

    private var sentence: String {
        switch cause {
        case .json(let error): "The text is not JSON in the form that is read here (\(error))."
        case .rpc(let reason): reason.sentence
        case .request(let reason): reason.sentence
        case .response(let reason): reason.sentence
        case .stream(let error): error.sentence
        }
    }

    /// The JSON-RPC error response with which the request is answered.
    ///
    /// - Parameter supported: The revisions that the gate reads for this server, which the client of an unsupported one
    ///   is told.
    public func body(supported: [MCPRevision] = MCPRevision.allCases) -> [UInt8] {
        var data = JSONObject()
        data["reason"] = .string(code)
        switch cause {
        case .request(.unsupportedVersion), .request(.missingVersion), .request(.unknownMethod):
            data["supported"] = .array(supported.map { .string($0.rawValue) })
            data["requested"] = requestedVersion.map { .string($0) }
        default: break
        }
        let error = JSONRPCErrorObject(code: JSONNumber(errorCode), message: description, data: .object(data))
        return JSONRPCMessage.response(JSONRPCResponse(id: id, outcome: .error(error))).value.bytes
    }
}
