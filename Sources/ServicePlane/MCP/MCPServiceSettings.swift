// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// What the configuration says of an MCP server.
struct MCPServiceSettings: Sendable {
    /// Which definitions of tools are believed.
    enum Approval: Sendable, Hashable {
        /// Those of the first list that the server gave; what is new or changed later waits for an operator.
        case firstUse
        /// Those that an operator approved, and no others.
        case approved
    }

    /// What becomes of a tool that gets in the way of another server's.
    enum Shadowing: Sendable, Hashable {
        /// It is recorded.
        case recorded
        /// It waits for an operator.
        case held
    }

    /// What is known of tools, by name. Under the name of a method, as `resources/read`, what is known of that.
    var annotations: [String: ToolAnnotations] = [:]
    /// What is taken for known of every other tool; `nil` when the values of its calls are not judged.
    var unannotated: ToolAnnotations?
    /// Whether what a definition says of its own tool may make the rules stricter before an operator approved it.
    var heedsAnnotations = false
    /// Which definitions are believed.
    var approval = Approval.firstUse
    /// What becomes of a tool that has the name of another server's. Each server has an address of its own, so that a
    /// call cannot go to the wrong one.
    var sameName = Shadowing.recorded
    /// What becomes of a tool whose description speaks of another server's.
    var mention = Shadowing.held
    /// The choices about where values may come from.
    var provenance = ProvenanceSettings()
    /// Whether calls outside of tasks are judged by where their values come from, each agent by itself. Nobody has asked
    /// for anything there, so only fields of earlier results vouch.
    var judgesOutsideTasks = true
    /// Tools that are listed and that the server does not have, with what they are said to do.
    var decoys: [String: String] = [:]
    /// Web origins whose pages may reach the server.
    var origins: [String] = []
    /// The paths below the service at which the server answers.
    var paths = ["", "/", "/mcp"]
    /// The revisions that are spoken.
    var revisions = MCPRevision.allCases
    /// The requests that a server may send to a client (until 2025-11-25).
    var serverRequests: Set<MCPMethod> = []
    /// The input that a server may ask for (since 2026-07-28).
    var inputs: Set<MCPMethod> = [.elicit]
    /// Milliseconds for which a client may keep a list.
    var listAge: Int64 = 10_000
    /// The limits on requests.
    var limits = MCPLimits.standard
    /// The limits on answers, which may carry pictures.
    var answers = MCPLimits(
        rpc: JSONRPCLimits(json: JSONLimits(bytes: 4 << 20, values: 200_000, stringBytes: 4 << 20)), listItems: 2000)
    /// The limits on event streams.
    var streams = EventStreamLimits(eventBytes: 4 << 20)

    /// The defaults.
    init() {}
}
