// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Something to be planted.
public struct CanaryRequest: Codable, Sendable {
    /// What records call it.
    public var name: String
    /// What it looks like.
    public var kind: String
    /// The agent with whom it is planted, if with one.
    public var agent: String?

    /// Asks for something to plant.
    public init(name: String, kind: String, agent: String? = nil) {
        self.name = name
        self.kind = kind
        self.agent = agent
    }
}

/// Something that is planted.
public struct CanaryReport: Codable, Sendable {
    /// What records call it.
    public var name: String
    /// What it looks like.
    public var kind: String
    /// The agent with whom it was planted, if with one.
    public var agent: String?
    /// Since when.
    public var since: String
    /// Who wanted it.
    public var by: String
    /// What to plant; told once, when it is made.
    public var fields: [Field]?

    /// One variable.
    public struct Field: Codable, Sendable {
        /// Its name, as programs call it.
        public var name: String
        /// Its value.
        public var value: String

        /// Names a variable.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Describes what is planted.
    public init(name: String, kind: String, since: String, by: String) {
        self.name = name
        self.kind = kind
        self.since = since
        self.by = by
    }
}

/// What is planted.
public struct CanaryList: Codable, Sendable {
    /// By name.
    public var canaries: [CanaryReport]

    /// Lists what is planted.
    public init(canaries: [CanaryReport]) { self.canaries = canaries }
}
