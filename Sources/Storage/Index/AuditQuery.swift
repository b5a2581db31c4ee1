// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// Which records to find; what is nil does not restrict.
public struct AuditQuery: Sendable, Equatable {
    /// The SPIFFE ID of the agent.
    public var agent: String?
    /// The outcome.
    public var verdict: AuditVerdict?
    /// A reason code among those of the record.
    public var reason: String?
    /// The host that was asked for.
    public var host: String?
    /// The service.
    public var service: String?
    /// The plane.
    public var plane: String?
    /// The task.
    public var task: String?
    /// The person.
    public var person: String?
    /// What the record is about.
    public var kind: AuditKind?
    /// The id of the decision.
    public var decision: String?
    /// The id of the connection.
    public var connection: String?
    /// The earliest time, in microseconds since 1970.
    public var since: Int64?
    /// The time before which the record was made, in microseconds since 1970.
    public var until: Int64?
    /// Only records before this index, for going on with the next page.
    public var before: UInt64?
    /// The most records; the newest are found first.
    public var limit = 100

    /// A query that finds everything.
    public init() {}

    /// The most records that one query returns.
    public static let largestLimit = 10_000

    /// The columns that must be equal to a text.
    var texts: [(column: String, value: String)] {
        let pairs: [(String, String?)] = [
            ("agent", agent), ("verdict", verdict?.rawValue), ("host", host), ("service", service), ("plane", plane),
            ("task", task), ("person", person), ("kind", kind?.rawValue), ("decision", decision),
            ("connection", connection),
        ]
        return pairs.compactMap { column, value in value.map { (column, $0) } }
    }
}
