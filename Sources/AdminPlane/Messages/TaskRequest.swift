// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/tasks`.
public struct TaskRequest: Codable, Sendable, Hashable {
    /// The agent that is to work on it, by short name or SPIFFE ID.
    public var agent: String
    /// Why, in the words of whoever starts it.
    public var purpose: String
    /// The parts of the agent's grants.
    public var grants: [TaskPart]
    /// The person on whose behalf: issuer, `#`, subject.
    public var person: String?
    /// The session of the person on whose behalf, in the place of `person`. A secret.
    public var session: String?
    /// The most calls in all.
    public var calls: Int?
    /// The most bytes in all, in both directions.
    public var bytes: Int?
    /// The most tokens of models in all.
    public var tokens: Int?
    /// The most money for models in all, such as `2.50`, in the unit of the configured prices.
    public var cost: String?
    /// How long it may last, at most 8 hours, which is also what it gets when nothing is said.
    public var seconds: Int64?
    /// The task that it is to be a part of.
    public var parent: String?

    /// Collects the parts.
    public init(
        agent: String, purpose: String, grants: [TaskPart], person: String? = nil, calls: Int? = nil,
        bytes: Int? = nil, seconds: Int64? = nil, parent: String? = nil
    ) {
        self.agent = agent
        self.purpose = purpose
        self.grants = grants
        self.person = person
        self.calls = calls
        self.bytes = bytes
        self.seconds = seconds
        self.parent = parent
    }
}

extension TaskRequest: CustomStringConvertible, CustomReflectable {
    /// Agent and purpose; the session is shown nowhere.
    public var description: String { "\(agent): \(purpose)" }
    /// Agent and purpose.
    public var customMirror: Mirror { Mirror(self, children: ["agent": agent, "purpose": purpose]) }
}

/// A part of a grant: the grant by name, and limits that can only be narrower than its own.
public struct TaskPart: Codable, Sendable, Hashable {
    /// The grant's name.
    public var name: String
    /// The only hosts, as the configuration writes them.
    public var hosts: [String]?
    /// The only ports: single ones, and ranges such as `8000-8999`.
    public var ports: [String]?
    /// The only methods.
    public var methods: [String]?
    /// The only paths, as the configuration writes them.
    public var paths: [String]?
    /// The only tools.
    public var tools: [String]?
    /// When the task loses the grant, in Unix seconds.
    public var expires: Int64?
    /// The most calls under the grant.
    public var calls: Int?
    /// The most bytes under the grant.
    public var bytes: Int?
    /// Whether a person has to agree to each call under the grant.
    public var approval: Bool?

    /// Takes the whole of a grant.
    public init(_ name: String) { self.name = name }
}

/// The body of `POST /v1/tasks/{id}/stop`.
public struct TaskStopRequest: Codable, Sendable, Hashable {
    /// Why, for the record.
    public var why: String?

    /// Wraps a reason.
    public init(why: String? = nil) { self.why = why }
}
