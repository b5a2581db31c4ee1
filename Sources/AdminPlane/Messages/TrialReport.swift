// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A request to judge and not to make: the body of `POST /v1/try`. It names a tool with its arguments, or a method and a
/// path.
public struct TrialRequest: Codable, Sendable, Hashable {
    /// The agent, by short name or SPIFFE ID.
    public var agent: String
    /// The service.
    public var service: String
    /// The tool.
    public var tool: String?
    /// The tool's arguments as JSON; an empty object when absent.
    public var arguments: String?
    /// The HTTP method.
    public var method: String?
    /// The path behind `/s/<service>`.
    public var path: String?
    /// The body, where the gate reads bodies for the service.
    public var body: String?
    /// The task, by id or handle.
    public var task: String?

    /// Names the agent and the service.
    public init(agent: String, service: String) {
        self.agent = agent
        self.service = service
    }
}

/// The answer of `POST /v1/try`.
public struct TrialReport: Codable, Sendable, Hashable {
    /// `allow`, `deny` or `hold`.
    public var verdict: String
    /// The reason code.
    public var reason: String
    /// What a person should know.
    public var detail: String?
    /// What the agent would read.
    public var message: String?
    /// Where the values of the call came from, one line for each argument.
    public var provenance: [String] = []
    /// What grants and policy say of it; absent when it was refused before.
    public var now: DecisionExplanation.Now?
    /// Lines of YAML that would grant it, under `agents:`.
    public var suggestion: String?
    /// What a real request may find otherwise.
    public var notes: [String] = []

    /// Records a verdict.
    public init(verdict: String, reason: String, detail: String?) {
        self.verdict = verdict
        self.reason = reason
        self.detail = detail
    }
}
