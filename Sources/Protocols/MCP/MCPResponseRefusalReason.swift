// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a message of an MCP server is not passed to the client. The fault is the server's.
public enum MCPResponseRefusalReason: String, Error, Sendable, Hashable, CaseIterable {
    /// The server's status is not one with which MCP answers.
    case status = "mcp_upstream_status"
    /// The server's answer is neither application/json nor text/event-stream.
    case contentType = "mcp_upstream_content_type"
    /// The server compressed its answer without being asked.
    case contentEncoding = "mcp_upstream_content_encoding"
    /// The server sent a header field twice that may stand once.
    case duplicateField = "mcp_upstream_duplicate_header"
    /// The server's session id is not a short string of visible ASCII characters.
    case badSession = "mcp_upstream_bad_session"
    /// The server's answer is no JSON-RPC response.
    case notAResponse = "mcp_upstream_not_a_response"
    /// The server sent a request of its own, which this revision of MCP forbids.
    case serverRequest = "mcp_upstream_request"
    /// The server sent a request that no client knows.
    case unknownServerRequest = "mcp_upstream_unknown_request"
    /// The server sent a notification that does not belong on this stream.
    case unknownNotification = "mcp_upstream_unknown_notification"
    /// The server sent a notification to which the client did not subscribe.
    case notSubscribed = "mcp_upstream_not_subscribed"
    /// The server sent a notification before it acknowledged the subscription, or acknowledged it twice.
    case notAcknowledged = "mcp_upstream_not_acknowledged"
    /// The server tagged a notification with another subscription's id.
    case wrongSubscription = "mcp_upstream_wrong_subscription"
    /// The server reports the progress of another request.
    case wrongProgressToken = "mcp_upstream_wrong_progress_token"
    /// The server answered with an id that no outstanding request has.
    case wrongID = "mcp_upstream_wrong_id"
    /// The server sent a message behind its response.
    case afterResponse = "mcp_upstream_after_response"
    /// The server's stream ended without a response.
    case missingResponse = "mcp_upstream_missing_response"
    /// The server's result is no object, or a member of it has a wrong type.
    case badResult = "mcp_upstream_bad_result"
    /// The server's resultType is none that MCP defines.
    case unknownResultType = "mcp_upstream_unknown_result_type"
    /// The server asks for input where MCP does not allow it, or in no form that it defines.
    case inputNotAllowed = "mcp_upstream_input_not_allowed"
    /// The server asks for something that the client did not say it can do.
    case undeclaredCapability = "mcp_upstream_undeclared_capability"
    /// The server's list is missing, too long, or no array of objects.
    case badList = "mcp_upstream_bad_list"
    /// Two names in the server's message differ by case only, which programs read differently.
    case ambiguousName = "mcp_upstream_ambiguous_name"
    /// The server chose a revision of MCP that the gate does not read.
    case badVersion = "mcp_upstream_bad_version"
}
