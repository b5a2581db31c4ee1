// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One tool of an MCP server: an element of the answer of `GET /v1/tools`.
public struct ToolReport: Codable, Sendable, Hashable {
    /// The service.
    public var service: String
    /// The tool's name.
    public var name: String
    /// `approved`, `seen` for one that is in use because the server named it first, or `held`.
    public var state: String
    /// Why it is held, as a code.
    public var hold: String?
    /// Why it is held, in words.
    public var why: String?
    /// Whether an operator may approve it.
    public var canBeApproved: Bool
    /// SHA-256 of the newest definition, as `sha256:` and hexadecimal digits; absent when it cannot be read.
    public var hash: String?
    /// The newest definition as canonical JSON.
    public var definition: String?
    /// SHA-256 of the definition that was in use until another one came.
    public var formerHash: String?
    /// What a call does: `read`, `write`, `external`, `destructive` or `egress-read`; absent when nobody said it.
    public var effect: String?
    /// The roles of arguments.
    public var arguments: [String: String]?
    /// Whether the agent that was asked for may call it.
    public var isAllowed: Bool?

    /// Collects what is always known.
    public init(service: String, name: String, state: String, canBeApproved: Bool) {
        self.service = service
        self.name = name
        self.state = state
        self.canBeApproved = canBeApproved
    }
}

/// The answer of `GET /v1/tools`.
public struct ToolList: Codable, Sendable, Hashable {
    /// The tools, by service and name.
    public var tools: [ToolReport]

    /// Wraps tools.
    public init(tools: [ToolReport]) { self.tools = tools }
}

/// How a tool's newest definition differs from the one in use: an element of the answer of
/// `GET /v1/tools/{service}/changes`.
public struct ToolChange: Codable, Sendable, Hashable {
    /// The tool, with its newest definition.
    public var tool: ToolReport
    /// The lines that differ, with `- ` and `+ `; all of them with `+ ` when none was in use.
    public var lines: [String]

    /// Collects the parts.
    public init(tool: ToolReport, lines: [String]) {
        self.tool = tool
        self.lines = lines
    }
}

/// The answer of `GET /v1/tools/{service}/changes`.
public struct ToolChangeList: Codable, Sendable, Hashable {
    /// The tools that are held, or the one that was asked for.
    public var changes: [ToolChange]

    /// Wraps changes.
    public init(changes: [ToolChange]) { self.changes = changes }
}

/// The body of `POST /v1/tools/{service}/approve`.
public struct ToolApproval: Codable, Sendable, Hashable {
    /// A definition that was seen.
    public struct Tool: Codable, Sendable, Hashable {
        /// The tool's name.
        public var name: String
        /// SHA-256 of the definition that was seen.
        public var hash: String

        /// Collects the parts.
        public init(name: String, hash: String) {
            self.name = name
            self.hash = hash
        }
    }

    /// What is approved.
    public var tools: [Tool]
    /// Why, for the record.
    public var why: String?

    /// Collects the parts.
    public init(tools: [Tool], why: String? = nil) {
        self.tools = tools
        self.why = why
    }
}

/// The answer of `POST /v1/tools/{service}/approve`.
public struct ToolApprovalReport: Codable, Sendable, Hashable {
    /// A tool that was not approved.
    public struct Refusal: Codable, Sendable, Hashable {
        /// The tool's name.
        public var name: String
        /// Why not.
        public var why: String

        /// Collects the parts.
        public init(name: String, why: String) {
            self.name = name
            self.why = why
        }
    }

    /// The tools that are in use now.
    public var approved: [String]
    /// The tools that are not.
    public var refused: [Refusal]

    /// Collects the parts.
    public init(approved: [String], refused: [Refusal]) {
        self.approved = approved
        self.refused = refused
    }
}

/// The answer of `GET /v1/tools/{service}/proposal`.
public struct ToolProposal: Codable, Sendable, Hashable {
    /// Lines for the configuration; absent when it speaks of every tool already.
    public var yaml: String?

    /// Wraps lines.
    public init(yaml: String?) { self.yaml = yaml }
}
