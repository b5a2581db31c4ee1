// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One header field as plain text.
public struct MCPField: Sendable {
    /// The name, in any case.
    public let name: String
    /// The value.
    public let value: String

    /// A field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// An HTTP request to an MCP endpoint, as far as MCP gives its parts a meaning.
public struct MCPHTTPRequest: Sendable {
    /// The method as sent.
    public let method: String
    /// The query without its question mark, or nil.
    public let query: String?
    /// The header fields in their order, a repeated one as often as it was sent.
    public let fields: [MCPField]
    /// The body after transfer decoding.
    public let body: [UInt8]

    /// A request.
    public init(method: String, query: String? = nil, fields: [MCPField], body: [UInt8]) {
        self.method = method
        self.query = query
        self.fields = fields
        self.body = body
    }
}
