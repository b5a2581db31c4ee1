// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a decision fell as it did: the answer of `GET /v1/decisions/{id}`.
public struct DecisionExplanation: Codable, Sendable, Hashable {
    /// One member of the record.
    public struct Member: Codable, Sendable, Hashable {
        /// Its name in the record.
        public var name: String
        /// Its value as text.
        public var value: String

        /// Collects the parts.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What the facts come to under the snapshot that serves now.
    public struct Now: Codable, Sendable, Hashable {
        /// `allow`, `deny` or `hold`.
        public var verdict: String
        /// The reason code.
        public var reason: String
        /// What a person should know.
        public var detail: String?
        /// The grant that covers it, or came nearest.
        public var grant: String?
        /// The revision that was read.
        public var revision: UInt64
        /// Each step of the judgement.
        public var steps: [String]

        /// Collects the parts.
        public init(
            verdict: String, reason: String, detail: String?, grant: String?, revision: UInt64, steps: [String]
        ) {
            self.verdict = verdict
            self.reason = reason
            self.detail = detail
            self.grant = grant
            self.revision = revision
            self.steps = steps
        }
    }

    /// The decision's id.
    public var decision: String
    /// The record's index in the audit tree.
    public var index: UInt64
    /// What was recorded then.
    public var recorded: [Member]
    /// What the same facts come to now.
    public var now: Now?
    /// Lines of YAML that would allow it, under `agents:`.
    public var suggestion: String?
    /// Anything that the record does not hold and that may make the two verdicts differ.
    public var notes: [String]

    /// Collects the parts.
    public init(
        decision: String, index: UInt64, recorded: [Member], now: Now?, suggestion: String?, notes: [String]
    ) {
        self.decision = decision
        self.index = index
        self.recorded = recorded
        self.now = now
        self.suggestion = suggestion
        self.notes = notes
    }
}
