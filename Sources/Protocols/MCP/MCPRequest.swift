// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A client's request that was read and may be decided on. What is sent upstream is made from what was read: the body
/// is written anew, and only fields that were understood are repeated.
public struct MCPRequest: Sendable {
    /// The revision whose rules were applied.
    public let revision: MCPRevision

    /// What is asked.
    public let operation: MCPOperation

    /// The JSON-RPC method; nil for responses, GET and DELETE.
    public let method: MCPMethod?

    /// The identifier that the answer must have; nil when none is expected.
    public let id: JSONRPCID?

    /// What `_meta` says.
    public let meta: MCPRequestMeta

    /// The session that the request belongs to. It says nothing about who is asking: whoever keeps it must bind it to
    /// the caller.
    public let session: String?

    /// `requestState`, an opaque text from the server by way of the client; it must never be believed as it is.
    public let state: String?

    /// True when the request repeats another one with the input that was asked for.
    public let bringsInput: Bool

    /// The `Mcp-Param-` fields, names in lower case, values as sent.
    public let parameterFields: [MCPField]

    /// The message; nil for GET and DELETE.
    public let message: JSONRPCMessage?

    /// The body to send: members in canonical order, no more escapes than needed, numbers with the digits they were
    /// written with. Reading it again gives exactly the values that were decided on.
    public var body: [UInt8] { message?.value.bytes ?? [] }

    /// The MCP fields to send with the body.
    public var fields: [MCPField] {
        var fields: [MCPField] = []
        switch operation {
        case .openStream(let event):
            fields.append(MCPField("accept", "text/event-stream"))
            if let event { fields.append(MCPField("last-event-id", event)) }
        case .endSession: break
        default:
            fields.append(MCPField("content-type", "application/json"))
            fields.append(MCPField("accept", "application/json, text/event-stream"))
        }
        if case .initialize = operation {
        } else {
            fields.append(MCPField("mcp-protocol-version", revision.rawValue))
        }
        guard revision.isStateless else {
            if let session { fields.append(MCPField("mcp-session-id", session)) }
            return fields
        }
        if let method { fields.append(MCPField("mcp-method", method.rawValue)) }
        if let method, method.takesInput, let subject = operation.subject {
            fields.append(MCPField("mcp-name", MCPFieldValue.encode(subject)))
        }
        return fields + parameterFields
    }
}
