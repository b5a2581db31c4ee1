// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The definition of a tool as an operator sees it, and as it is kept across restarts.
public struct MCPToolRecord: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The digest of the definition, as `sha256:` and hexadecimal digits.
    public let digest: String
    /// The canonical definition as JSON.
    public let definition: [UInt8]
    /// Why it is held; `nil` for one that is in use.
    public let hold: MCPHold?
    /// Whether it is the definition that counts, as long as no other one waits; else it is one that waits.
    public let isPinned: Bool
    /// Whether an operator approved it.
    public let isApproved: Bool

    /// Collects what is known.
    public init(
        name: String, digest: String, definition: [UInt8], hold: MCPHold?, isPinned: Bool, isApproved: Bool
    ) {
        self.name = name
        self.digest = digest
        self.definition = definition
        self.hold = hold
        self.isPinned = isPinned
        self.isApproved = isApproved
    }
}

/// Where what is known of tools outlives the gate. Safe from any thread.
public protocol MCPToolKeeper: Sendable {
    /// Keeps what is known of some tools of a service now, in place of what was; it is on the device when this returns.
    ///
    /// - Parameter names: The tools; one of which nothing is given is forgotten.
    func keep(_ records: [MCPToolRecord], named names: [String], of service: String) throws(MCPToolKeepingError)
}

/// Why something about tools was not kept.
public struct MCPToolKeepingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened.
    public let description: String

    /// Records what happened.
    public init(_ description: String) { self.description = description }
}
