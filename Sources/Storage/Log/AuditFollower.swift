// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// Learns what is recorded, in the order of the tree and before anyone is told that it is recorded. What follows from a
/// record thus holds before the next request of whoever got an answer.
public protocol AuditFollower: Sendable {
    /// What one lane notes; used by that lane only.
    func makeNotebook() -> any AuditNotebook
}

/// What a lane's records mean to a follower until they are recorded.
public protocol AuditNotebook: AnyObject {
    /// A record was taken into the lane: one note for each, in the lane's order.
    func note(_ event: borrowing AuditEvent)

    /// All that was noted is recorded; the first of it has this index. Called under the lock of the journal: it must be
    /// short, and must neither wait nor record.
    func deliver(from index: UInt64)

    /// None of it will be recorded.
    func discard()
}
