// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// What an offline verification of a log found.
public struct VerificationReport: Sendable {
    /// One thing that is not as it was signed.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// What happened to it.
        public enum Kind: String, Sendable {
            /// The bytes of a record are not those that were signed.
            case changed
            /// A record is missing between others.
            case removed
            /// A record stands between others that was never signed.
            case inserted
            /// A record stands at another place.
            case reordered
            /// Records at the end are missing.
            case truncated
            /// A hash tile differs although the records are intact.
            case tile
            /// A journal frame differs from the signed record.
            case journal
            /// A row of the query index differs from the signed record.
            case index
            /// A checkpoint is missing, not signed by the log, or inconsistent with another.
            case checkpoint
        }

        /// What happened.
        public let kind: Kind
        /// The index of the record, or of the first of several.
        public let record: UInt64?
        /// The decision id of the record, where a copy of it still tells.
        public let decision: String?
        /// A sentence for people.
        public let reason: String

        /// The problem in one line.
        public var description: String {
            let name = record.map { "record \($0)" + (decision.map { " (decision \($0))" } ?? "") + ": " } ?? ""
            return "\(kind.rawValue): \(name)\(reason)"
        }
    }

    /// The most problems that are listed; the rest is counted.
    public static let mostProblems = 1000

    /// The newest signed head that was found; nil when no checkpoint is signed by the key.
    public internal(set) var head: Checkpoint?
    /// The number of records that hash to the signed root.
    public internal(set) var verifiedRecords: UInt64 = 0
    /// The number of whole records in the journal behind the newest signed head.
    public internal(set) var unsignedRecords: UInt64 = 0
    /// What is wrong.
    public private(set) var problems: [Problem] = []
    /// How many problems were found beyond those listed.
    public private(set) var unlistedProblems = 0
    /// What is worth knowing and not wrong.
    public internal(set) var notes: [String] = []

    /// Whether nothing is wrong.
    public var isIntact: Bool { problems.isEmpty }

    mutating func add(_ kind: Problem.Kind, _ record: UInt64?, _ decision: String?, _ reason: String) {
        let problem = Problem(kind: kind, record: record, decision: decision, reason: reason)
        guard !problems.contains(problem) else { return }
        if problems.count < Self.mostProblems { problems.append(problem) } else { unlistedProblems += 1 }
    }
}
