// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which live connections to end: the body of `POST /v1/cut`. Every member that is given must hold; one must be given.
public struct CutRequest: Codable, Sendable, Hashable {
    /// The agent, by short name or SPIFFE ID.
    public var agent: String?
    /// The task id.
    public var task: String?
    /// The named service, or the host the connection goes to.
    public var service: String?
    /// The connection id.
    public var connection: String?
    /// Why, for the record.
    public var why: String?

    /// Collects the parts.
    public init(
        agent: String? = nil, task: String? = nil, service: String? = nil, connection: String? = nil,
        why: String? = nil
    ) {
        self.agent = agent
        self.task = task
        self.service = service
        self.connection = connection
        self.why = why
    }

    /// Whether nothing is selected.
    public var isEmpty: Bool { agent == nil && task == nil && service == nil && connection == nil }
}

/// The answer of `POST /v1/cut`.
public struct CutReport: Codable, Sendable, Hashable {
    /// How many connections were ended.
    public var cut: Int

    /// Wraps a count.
    public init(cut: Int) { self.cut = cut }
}
