// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One task: the answer of `GET /v1/tasks/{id}` and an element of that of `GET /v1/tasks`.
public struct TaskReport: Codable, Sendable, Hashable {
    /// The id in records, tokens and `yett ps`.
    public var id: String
    /// `open`, `stopped` or `expired`.
    public var state: String
    /// The SPIFFE ID of the agent that works on it.
    public var agent: String
    /// Who started it.
    public var origin: String
    /// The person on whose behalf: issuer, `#`, subject.
    public var person: String?
    /// Why it exists.
    public var purpose: String
    /// The parts of the agent's grants.
    public var grants: [TaskPart]
    /// The most calls in all.
    public var calls: Int?
    /// The most bytes in all.
    public var bytes: Int?
    /// The most tokens of models in all.
    public var tokens: Int?
    /// Tokens of models that were counted; absent where nothing limits them.
    public var usedTokens: Int?
    /// The most money for models in all.
    public var cost: String?
    /// What models cost so far; absent where nothing limits it.
    public var usedCost: String?
    /// Calls that were counted; absent where nothing limits them.
    public var usedCalls: Int?
    /// Bytes that were counted; absent where nothing limits them.
    public var usedBytes: Int?
    /// When it began.
    public var startedAt: String
    /// When it ends by itself.
    public var expiresAt: String
    /// Seconds until then; 0 when it is over.
    public var secondsLeft: Int64
    /// The task that it is a part of.
    public var parent: String?
    /// Why it was stopped.
    public var stoppedWhy: String?
    /// Live connections within it.
    public var connections: Int

    /// Collects what is always known.
    public init(
        id: String, state: String, agent: String, origin: String, purpose: String, grants: [TaskPart],
        startedAt: String, expiresAt: String, secondsLeft: Int64, connections: Int
    ) {
        self.id = id
        self.state = state
        self.agent = agent
        self.origin = origin
        self.purpose = purpose
        self.grants = grants
        self.startedAt = startedAt
        self.expiresAt = expiresAt
        self.secondsLeft = secondsLeft
        self.connections = connections
    }
}

/// The answer of `GET /v1/tasks`.
public struct TaskList: Codable, Sendable, Hashable {
    /// The tasks, the newest first.
    public var tasks: [TaskReport]

    /// Wraps tasks.
    public init(tasks: [TaskReport]) { self.tasks = tasks }
}

/// The answer of `POST /v1/tasks`: the only time at which the handle is shown.
public struct TaskStartReport: Codable, Sendable, Hashable {
    /// The task.
    public var task: TaskReport
    /// What the agent shows to act within the task. A secret.
    public var handle: String

    /// Collects the parts.
    public init(task: TaskReport, handle: String) {
        self.task = task
        self.handle = handle
    }
}

/// The answer of `POST /v1/tasks/{id}/stop` and `DELETE /v1/tasks/{id}`.
public struct TaskStopReport: Codable, Sendable, Hashable {
    /// The task and those below it that were open.
    public var stopped: [String]
    /// How many live connections were cut.
    public var cut: Int

    /// Collects the parts.
    public init(stopped: [String], cut: Int) {
        self.stopped = stopped
        self.cut = cut
    }
}
