// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/sandboxes`.
public struct SandboxDoorRequest: Codable, Sendable, Hashable {
    /// The agent as which the caller asks; without it the only one that may.
    public var agent: String?
    /// The task within which it asks.
    public var task: String?

    /// Collects the parts.
    public init(agent: String? = nil, task: String? = nil) {
        self.agent = agent
        self.task = task
    }
}
