// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/quarantine` and `POST /v1/release`.
public struct QuarantineRequest: Codable, Sendable, Hashable {
    /// The agent, by short name or SPIFFE ID.
    public var agent: String
    /// Why, for the record and for the agent's refusals.
    public var why: String?

    /// Collects the parts.
    public init(agent: String, why: String? = nil) {
        self.agent = agent
        self.why = why
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

    /// Collects the parts.
    public init(agent: String, isQuarantined: Bool, cut: Int) {
        self.agent = agent
        self.isQuarantined = isQuarantined
        self.cut = cut
    }
}
