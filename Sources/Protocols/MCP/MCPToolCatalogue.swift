// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The tools of one server as somebody approved them. A tool that changed since, or was never approved, is not shown
/// and not called.
public struct MCPToolCatalogue: Sendable {
    /// How a definition stands to the approved ones.
    public enum Standing: String, Sendable, Hashable {
        /// Approved as it is.
        case approved
        /// Approved, but in another form.
        case changed = "tool_definition_changed"
        /// Never approved.
        case unknown = "tool_not_approved"
    }

    /// How many tools may be approved.
    public let limit: Int

    /// The canonical definitions. A tool's name is ASCII, so that comparing strings compares bytes.
    private var approved: [String: MCPToolDefinition] = [:]

    /// Nothing is approved.
    public init(limit: Int = 4096) { self.limit = max(limit, 0) }

    /// Approves a definition in place of an older one of its name; false when the catalogue is full.
    public mutating func approve(_ definition: MCPToolDefinition) -> Bool {
        guard approved[definition.name] != nil || approved.count < limit else { return false }
        approved[definition.name] = definition
        return true
    }

    /// How a definition stands.
    public func standing(of definition: MCPToolDefinition) -> Standing {
        guard let pinned = approved[definition.name] else { return .unknown }
        return pinned.canonicalBytes == definition.canonicalBytes ? .approved : .changed
    }

    /// The approved definition of a tool that is called; nil for one that must not be called.
    public func definition(named name: String) -> MCPToolDefinition? {
        MCPNames.isToolName(name) ? approved[name] : nil
    }

    /// Withdraws an approval, as when the server's definition changed.
    public mutating func withdraw(_ name: String) {
        guard MCPNames.isToolName(name) else { return }
        approved[name] = nil
    }
}
