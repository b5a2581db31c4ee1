// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension MCPRequestRefusalReason {
    /// What is wrong and what to do, as a sentence. It never repeats bytes of the message.
    public var sentence: String {
        switch self {
        case .httpMethod:
            "This revision of MCP takes no such HTTP method at its endpoint; send one JSON-RPC message in a POST."
        case .bodyNotAllowed:
            "A GET or DELETE at an MCP endpoint has no body."
        case .tokenInQuery:
            "An access token stands in the query, where it is logged; send it in the Authorization field."
        case .foreignOrigin:
            "The Origin is not one that the gate's operator allows; a web page must not reach this endpoint."
        case .tooManyFields:
            "The request has more header fields than the limit."
        case .duplicateField:
            "A header field that may stand once stands twice."
        case .aliasedField:
            "A header field is spelled with _ instead of -, which some servers read as the same field."
        case .badFieldValue:
            "A header field that MCP reads is too long or has a character that is not visible ASCII."
        case .badEncodedField:
            "A header field has the form =?base64?...?= but does not hold strict Base64 of UTF-8 text."
        case .contentType:
            "The Content-Type must be application/json, in UTF-8."
        case .contentEncoding:
            "Compressed bodies are not read; send the body without Content-Encoding."
        case .notAcceptable:
            "The Accept field must list application/json and text/event-stream (for GET: text/event-stream)."
        case .missingVersion:
            "The MCP-Protocol-Version field is missing; name a supported revision."
        case .unsupportedVersion:
            "The gate does not read this revision of MCP; choose a supported one."
        case .versionMismatch:
            "The MCP-Protocol-Version field differs from the version that the body or the session names."
        case .missingMethodField:
            "The Mcp-Method field is missing."
        case .methodMismatch:
            "The Mcp-Method field differs from the method in the body."
        case .missingNameField:
            "The Mcp-Name field is missing."
        case .nameMismatch:
            "The Mcp-Name field differs from the name or URI in the body."
        case .missingParameterField:
            "An Mcp-Param field that the tool's definition asks for is missing; list the tools again."
        case .parameterMismatch:
            "An Mcp-Param field differs from the argument that it repeats."
        case .badSession:
            "The Mcp-Session-Id is not a short string of visible ASCII characters."
        case .sessionAtStart:
            "An initialize request must not bring a session id; the server assigns one."
        case .missingSession:
            "A DELETE must name the session that it ends."
        case .unknownMethod:
            "No such method is known for this revision of MCP; method names are case-sensitive."
        case .requestWithoutID:
            "A method that is answered was sent without an id."
        case .notificationWithID:
            "A notification was sent with an id."
        case .unexpectedResponse:
            "A client does not send responses in this revision of MCP."
        case .missingMeta:
            "Each request needs params._meta with io.modelcontextprotocol/protocolVersion and "
                + "io.modelcontextprotocol/clientCapabilities."
        case .badMeta:
            "A member of params._meta has a wrong type, or there are too many of them."
        case .badMetaName:
            "A name in params._meta is not in the form that MCP gives such names."
        case .ambiguousName:
            "Two names in the parameters differ by case only, which programs read differently; spell each exactly."
        case .badParams:
            "A parameter of this method is missing or has a wrong type."
        case .badToolName:
            "A tool's name has 1 to 128 of the characters A-Z, a-z, 0-9, underscore, hyphen and dot."
        case .badName:
            "A name is empty, too long, or has control or invisible characters."
        case .badURI:
            "The resource's URI has no scheme, is too long, or has characters that no URI has."
        case .ambiguousURI:
            "The resource's URI has dot segments, a backslash or encoded separators, which programs resolve "
                + "differently."
        case .stateNotAllowed:
            "Only tools/call, prompts/get and resources/read take requestState and inputResponses."
        }
    }
}
