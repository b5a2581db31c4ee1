// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// The response that a policy chooses for a refused client, where the protocol has one.
public struct PolicyAnswer: Sendable, Hashable {
    /// One header field, or one parameter of a query.
    public struct Field: Sendable, Hashable {
        /// The name; of a field a token of RFC 9110.
        public var name: String
        /// The value, without line breaks.
        public var value: String
    }

    /// The status, 400 to 599.
    public var status: Int?
    /// Header fields beside those of the gate.
    public var fields: [Field] = []
    /// The body as text.
    public var body: String?
    /// What is told to later filters and logs of an Envoy.
    public var metadata: JSONObject?
}

/// What a policy demands of an Envoy that carries a request which is allowed.
public struct PolicyChanges: Sendable, Hashable {
    /// Header fields that the service gets.
    public var requestFields: [PolicyAnswer.Field] = []
    /// Names of header fields that the service does not get.
    public var removedFields: [String] = []
    /// Header fields that the client gets with the answer.
    public var responseFields: [PolicyAnswer.Field] = []
    /// Parameters of the query that the service gets.
    public var query: [PolicyAnswer.Field] = []
    /// Names of parameters that the service does not get.
    public var removedQuery: [String] = []
    /// What is told to later filters and logs.
    public var metadata: JSONObject?
}
