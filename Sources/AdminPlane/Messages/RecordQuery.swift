// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which records to read: the query of `GET /v1/audit/records`. Every member that is given must hold.
public struct RecordQuery: Codable, Sendable, Hashable {
    /// Records with this index or a later one.
    public var from: UInt64?
    /// The agent, by short name or SPIFFE ID.
    public var agent: String?
    /// The host that was asked for.
    public var host: String?
    /// The kind, such as `decision`.
    public var kind: String?
    /// `allow`, `deny` or `hold`.
    public var verdict: String?
    /// A reason code.
    public var reason: String?
    /// Not before this time, in Unix seconds.
    public var since: Int64?
    /// Not after this time, in Unix seconds.
    public var until: Int64?
    /// At most so many.
    public var limit: Int
    /// Whether to take the newest ones rather than the oldest.
    public var newest: Bool

    /// The most records in one answer.
    public static let largestLimit = 10_000

    /// Collects the parts.
    public init(
        from: UInt64? = nil, agent: String? = nil, host: String? = nil, kind: String? = nil, verdict: String? = nil,
        reason: String? = nil, since: Int64? = nil, until: Int64? = nil, limit: Int = 100, newest: Bool = false
    ) {
        self.from = from
        self.agent = agent
        self.host = host
        self.kind = kind
        self.verdict = verdict
        self.reason = reason
        self.since = since
        self.until = until
        self.limit = limit
        self.newest = newest
    }
}

/// One record with its place in the tree.
public struct RecordLine: Sendable, Hashable {
    /// The index.
    public var index: UInt64
    /// The record's bytes: a JSON object.
    public var json: String

    /// Collects the parts.
    public init(index: UInt64, json: String) {
        self.index = index
        self.json = json
    }

    /// `{"index":…,"record":{…}}`, the form in which records travel and are exported.
    public var line: String { #"{"index":\#(index),"record":\#(json)}"# }
}
