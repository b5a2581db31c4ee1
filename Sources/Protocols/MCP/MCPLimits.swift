// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Limits on MCP messages, each checked before the work that it bounds.
public struct MCPLimits: Sendable, Hashable {
    /// The limits on each JSON-RPC message.
    public let rpc: JSONRPCLimits

    /// Header fields of a request.
    public let fields: Int

    /// Bytes of one header field that is read.
    public let fieldBytes: Int

    /// Bytes of the name of a prompt, a task, or an argument to be completed.
    public let nameBytes: Int

    /// Bytes of a resource's URI.
    public let uriBytes: Int

    /// Members of `_meta`.
    public let metaMembers: Int

    /// URIs in one subscription.
    public let subscriptions: Int

    /// Items in one page of a list.
    public let listItems: Int

    /// Limits with the given values.
    public init(
        rpc: JSONRPCLimits = .standard, fields: Int = 128, fieldBytes: Int = 8192, nameBytes: Int = 256,
        uriBytes: Int = 4096, metaMembers: Int = 64, subscriptions: Int = 256, listItems: Int = 10_000
    ) {
        self.rpc = rpc
        self.fields = max(fields, 1)
        self.fieldBytes = max(fieldBytes, 1)
        self.nameBytes = max(nameBytes, 1)
        self.uriBytes = max(uriBytes, 1)
        self.metaMembers = max(metaMembers, 2)
        self.subscriptions = max(subscriptions, 0)
        self.listItems = max(listItems, 0)
    }

    /// The default limits.
    public static let standard = MCPLimits()
}
