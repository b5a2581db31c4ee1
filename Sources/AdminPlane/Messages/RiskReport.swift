// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How one agent behaves: an element of the answer of `GET /v1/risk`.
public struct RiskReport: Codable, Sendable, Hashable {
    /// An alarm, as the audit tree has it.
    public struct Alarm: Codable, Sendable, Hashable {
        /// When, as RFC 3339 text.
        public var at: String
        /// The detector.
        public var signal: String
        /// What happened, in one sentence.
        public var text: String
        /// The indices of the records that raised it.
        public var evidence: [UInt64]

        /// Describes an alarm.
        public init(at: String, signal: String, text: String, evidence: [UInt64]) {
            self.at = at
            self.signal = signal
            self.text = text
            self.evidence = evidence
        }
    }

    /// The agent's SPIFFE ID.
    public var agent: String
    /// `normal`, `elevated`, `high` or `critical`.
    public var level: String
    /// The score in thousandths of a point; 15,000 are critical.
    public var millipoints: Int64
    /// What the gate does about it: `none`, `step_up`, `reads_only` or `quarantine`.
    public var response: String
    /// What the score is made of.
    public var signals: [String]
    /// Whether calls go through only once a second.
    public var isThrottled: Bool
    /// What was seen of it since the gate started.
    public var events: Int64
    /// Its last alarms, the oldest first.
    public var alarms: [Alarm]

    /// Collects what is known.
    public init(
        agent: String, level: String, millipoints: Int64, response: String, signals: [String], isThrottled: Bool,
        events: Int64, alarms: [Alarm]
    ) {
        self.agent = agent
        self.level = level
        self.millipoints = millipoints
        self.response = response
        self.signals = signals
        self.isThrottled = isThrottled
        self.events = events
        self.alarms = alarms
    }
}

/// The answer of `GET /v1/risk`.
public struct RiskList: Codable, Sendable, Hashable {
    /// `off`, `observe` or `enforce`.
    public var mode: String
    /// Every agent of the configuration that was seen, in its order.
    public var agents: [RiskReport]

    /// Collects the agents.
    public init(mode: String, agents: [RiskReport]) {
        self.mode = mode
        self.agents = agents
    }
}
