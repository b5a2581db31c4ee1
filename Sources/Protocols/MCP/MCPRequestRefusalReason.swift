// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a client's request is not forwarded to an MCP server. One case, one stable reason code, one status, one
/// JSON-RPC error code, one sentence.
public enum MCPRequestRefusalReason: String, Error, Sendable, Hashable, CaseIterable {
    /// This revision of MCP takes no such HTTP method at its endpoint; send one JSON-RPC message in a POST.
    case httpMethod = "mcp_http_method"
    /// A GET or DELETE at an MCP endpoint has no body.
    case bodyNotAllowed = "mcp_body_not_allowed"
    /// An access token stands in the query, where it is logged; send it in the Authorization field.
    case tokenInQuery = "mcp_token_in_query"
    /// The Origin is not one that the gate's operator allows; a web page must not reach this endpoint.
    case foreignOrigin = "mcp_foreign_origin"
    /// The request has more header fields than the limit.
    case tooManyFields = "mcp_too_many_headers"
    /// A header field that may stand once stands twice.
    case duplicateField = "mcp_duplicate_header"
    /// A header field is spelled with _ instead of -, which some servers read as the same field.
    case aliasedField = "mcp_aliased_header"
    /// A header field that MCP reads is too long or has a character that is not visible ASCII.
    case badFieldValue = "mcp_bad_header_value"
    /// A header field has the form =?base64?...?= but does not hold strict Base64 of UTF-8 text.
    case badEncodedField = "mcp_bad_encoded_header"
    /// The Content-Type must be application/json, in UTF-8.
    case contentType = "mcp_content_type"
    /// Compressed bodies are not read; send the body without Content-Encoding.
    case contentEncoding = "mcp_content_encoding"
    /// The Accept field must list application/json and text/event-stream (for GET: text/event-stream).
    case notAcceptable = "mcp_not_acceptable"
    /// The MCP-Protocol-Version field is missing; name a supported revision.
    case missingVersion = "mcp_missing_version"
    /// The gate does not read this revision of MCP; choose a supported one.
    case unsupportedVersion = "mcp_unsupported_version"
    /// The MCP-Protocol-Version field differs from the version that the body or the session names.
    case versionMismatch = "mcp_version_mismatch"
    /// The Mcp-Method field is missing.
    case missingMethodField = "mcp_missing_method_header"
    /// The Mcp-Method field differs from the method in the body.
    case methodMismatch = "mcp_method_mismatch"
    /// The Mcp-Name field is missing.
    case missingNameField = "mcp_missing_name_header"
    /// The Mcp-Name field differs from the name or URI in the body.
    case nameMismatch = "mcp_name_mismatch"
    /// An Mcp-Param field that the tool's definition asks for is missing; list the tools again.
    case missingParameterField = "mcp_missing_parameter_header"
    /// An Mcp-Param field differs from the argument that it repeats.
    case parameterMismatch = "mcp_parameter_mismatch"
    /// The Mcp-Session-Id is not a short string of visible ASCII characters.
    case badSession = "mcp_bad_session"
    /// An initialize request must not bring a session id; the server assigns one.
    case sessionAtStart = "mcp_session_at_start"
    /// A DELETE must name the session that it ends.
    case missingSession = "mcp_missing_session"
    /// No such method is known for this revision of MCP; method names are case-sensitive.
    case unknownMethod = "mcp_unknown_method"
    /// A method that is answered was sent without an id.
    case requestWithoutID = "mcp_request_without_id"
    /// A notification was sent with an id.
    case notificationWithID = "mcp_notification_with_id"
    /// A client does not send responses in this revision of MCP.
    case unexpectedResponse = "mcp_unexpected_response"
    /// Each request needs params._meta with io.modelcontextprotocol/protocolVersion and
    /// io.modelcontextprotocol/clientCapabilities.
    case missingMeta = "mcp_missing_meta"
    /// A member of params._meta has a wrong type, or there are too many of them.
    case badMeta = "mcp_bad_meta"
    /// A name in params._meta is not in the form that MCP gives such names.
    case badMetaName = "mcp_bad_meta_name"
    /// Two names in the parameters differ by case only, which programs read differently; spell each exactly.
    case ambiguousName = "mcp_ambiguous_name"
    /// A parameter of this method is missing or has a wrong type.
    case badParams = "mcp_bad_params"
    /// A tool's name has 1 to 128 of the characters A-Z, a-z, 0-9, underscore, hyphen and dot.
    case badToolName = "mcp_bad_tool_name"
    /// A name is empty, too long, or has control or invisible characters.
    case badName = "mcp_bad_name"
    /// The resource's URI has no scheme, is too long, or has characters that no URI has.
    case badURI = "mcp_bad_uri"
    /// The resource's URI has dot segments, a backslash or encoded separators, which programs resolve differently.
    case ambiguousURI = "mcp_ambiguous_uri"
    /// Only tools/call, prompts/get and resources/read take requestState and inputResponses.
    case stateNotAllowed = "mcp_state_not_allowed"

    /// The HTTP status with which the request is answered.
    public var status: UInt16 {
        switch self {
        case .httpMethod: 405
        case .foreignOrigin: 403
        case .tooManyFields: 431
        case .contentType, .contentEncoding: 415
        case .notAcceptable: 406
        case .unknownMethod: 404
        default: 400
        }
    }

    /// The number of the JSON-RPC error with which the request is answered.
    public var errorCode: Int {
        switch self {
        case .duplicateField, .aliasedField, .badFieldValue, .badEncodedField, .missingVersion, .versionMismatch,
            .missingMethodField, .methodMismatch, .missingNameField, .nameMismatch, .missingParameterField,
            .parameterMismatch:
            -32020
        case .unsupportedVersion: -32022
        case .unknownMethod: -32601
        case .missingMeta, .badMeta, .badMetaName, .ambiguousName, .badParams, .badToolName, .badName, .badURI,
            .ambiguousURI, .stateNotAllowed:
            -32602
        default: -32600
        }
    }
}
