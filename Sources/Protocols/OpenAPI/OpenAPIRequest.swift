// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a request does not fit the operation that its line means. The raw value is the code in answers and records.
public enum OpenAPIRefusalReason: String, Sendable, Hashable, CaseIterable {
    /// A value in the path has an encoded separator, or is a dot segment.
    case path = "openapi_path"
    /// The query is not text with names and values.
    case query = "openapi_query"
    /// The query has a name that the operation does not have.
    case unknownParameter = "openapi_unknown_parameter"
    /// A parameter stands twice that is one value.
    case repeatedParameter = "openapi_repeated_parameter"
    /// A header field that is a parameter cannot be read, or has a second spelling.
    case header = "openapi_header"
    /// The operation has no body.
    case bodyNotAllowed = "openapi_body_not_allowed"
    /// The operation needs a body.
    case bodyMissing = "openapi_body_missing"
    /// The body is not of a type that the operation takes.
    case contentType = "openapi_content_type"
    /// The body is no JSON in the form that is read here.
    case json = "openapi_json"
    /// A value does not fit its schema.
    case schema = "openapi_schema"

    /// What is wrong, as a part of a sentence.
    public var sentence: String {
        switch self {
        case .path: "a value in the path has an encoded slash, backslash, percent sign or semicolon, or is of dots"
        case .query: "the query is no text of names and values"
        case .unknownParameter: "the query has a name that the operation does not have"
        case .repeatedParameter: "a parameter stands twice that is one value"
        case .header: "a header field that is a parameter stands twice, or has a second spelling with _"
        case .bodyNotAllowed: "the operation has no body"
        case .bodyMissing: "the operation needs a body"
        case .contentType: "the body is not of a media type that the operation takes, or is packed"
        case .json: "the body is not JSON in the form that is read here"
        case .schema: "a value does not fit the schema"
        }
    }
}

/// A request that does not fit its operation.
public struct OpenAPIRefusal: Error, Sendable, Hashable {
    /// The rule.
    public let reason: OpenAPIRefusalReason
    /// Where or what; never a value.
    public let detail: String?

    /// A refusal.
    public init(_ reason: OpenAPIRefusalReason, _ detail: String? = nil) {
        self.reason = reason
        self.detail = detail
    }
}

/// A request as its operation reads it.
public struct OpenAPIRequest: Sendable {
    /// What is judged: `path`, `query`, `header` and `body`, each where there is one.
    public let arguments: JSONObject
    /// The query that is sent, with its question mark; empty without one.
    public let query: String
    /// The body that is sent: the canonical form of JSON, other types as they came.
    public let body: [UInt8]
}
