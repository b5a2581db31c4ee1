// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/quarantine` and `POST /v1/release`.
public struct QuarantineRequest: Codable, Sendable, Hashable {
    /// The agent, by short name or SPIFFE ID.
    public var agent: String
    /// Why, for the record and for the agent's refusals.
    public var why: String?
    /// After how many seconds it ends by itself; absent for one that somebody has to end.
    public var seconds: Int64?

    /// Collects the parts.
    public init(agent: String, why: String? = nil, seconds: Int64? = nil) {
        self.agent = agent
        self.why = why
        self.seconds = seconds
    }
}

/// The answer of `POST /v1/quarantine` and `POST /v1/release`.
public struct QuarantineReport: Codable, Sendable, Hashable {
    /// The agent's SPIFFE ID.
    public var agent: String
    /// Whether it is quarantined now.
    public var isQuarantined: Bool
    /// How many live connections were cut.
    public var cut: Int
    /// When it ends by itself; absent where it does not.
    public var until: String?

    /// Collects the parts.
    public init(agent: String, isQuarantined: Bool, cut: Int) {
        self.agent = agent
        self.isQuarantined = isQuarantined
        self.cut = cut
    }
}

/// An agent in quarantine, in the state of the gate.
public struct QuarantineState: Codable, Sendable, Hashable {
    /// The agent's SPIFFE ID.
    public var agent: String
    /// Since when.
    public var since: String
    /// When it ends by itself; absent where it does not.
    public var until: String?
    /// Why.
    public var why: String
    /// Who wanted it: `uid:` and a user, or the gate.
    public var by: String

    /// Collects the parts.
    public init(agent: String, since: String, until: String?, why: String, by: String) {
        self.agent = agent
        self.since = since
        self.until = until
        self.why = why
        self.by = by
    }
}
