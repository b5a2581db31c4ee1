// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where in an exchange the scanned text stands.
public enum LeakSurface: String, Sendable, Hashable, CaseIterable {
    /// A name that will be resolved: scanned before any query leaves.
    case hostname
    /// Path and query of a request.
    case target
    /// A header field of a request.
    case header
    /// The body of a request.
    case body
    /// The arguments of a tool call, the input of a run of code.
    case argument
    /// A message to another agent, or over a socket that stays open.
    case message
    /// What comes back: bodies of responses, results of tools.
    case result
    /// Descriptions that a model reads as instructions: of tools and of agents.
    case definition

    /// Whether the text leaves the agent.
    public var isOutgoing: Bool { self != .result && self != .definition }
}
