// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which records to read: the query of `GET /v1/audit/records`. Every member that is given must hold.
public struct RecordQuery: Codable, Sendable, Hashable {
    /// The agent, by short name or SPIFFE ID.
    public var agent: String?
    /// The connection id.
    public var connection: String?
    /// The decision id.
    public var decision: String?
    /// The host that was asked for.
    public var host: String?
    /// The kind, such as `decision`.
    public var kind: String?
    /// A reason code.
    public var reason: String?
    /// The named service.
    public var service: String?
    /// The task id.
    public var task: String?
    /// `allow`, `deny` or `hold`.
    public var verdict: String?
    /// Not before this time, in Unix seconds.
    public var since: Int64?
    /// Before this time, in Unix seconds.
    public var until: Int64?
    /// Records before this index.
    public var before: UInt64?
    /// At most so many, the newest ones.
    public var limit: Int = 100

    /// The most records in one answer.
    public static let largestLimit = 10_000

    /// The latest time that can be asked for, in Unix seconds: what records can hold.
    static let latest: Int64 = 9_007_199_254

    /// A query that finds the newest records of every kind.
    public init() {}
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
