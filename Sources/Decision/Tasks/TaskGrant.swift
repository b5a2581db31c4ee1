// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// What a task takes of one grant of its agent: the grant by name, and what of it the task leaves out.
///
/// The grant stands in the configuration and is judged there, with everything it limits. A part only adds checks of its
/// own, so that it can never cover what the grant does not, whatever the configuration becomes.
public struct TaskGrant: Sendable, Hashable {
    /// The grant's name, unique within the agent.
    public var name: String
    /// The only hosts, or `nil` for those of the grant.
    public var hosts: [HostPattern]?
    /// The only ports, or `nil` for those of the grant.
    public var ports: PortSet?
    /// The only methods, or `nil` for those of the grant. A tunnel counts as `CONNECT`.
    public var methods: [String]?
    /// The only paths, or `nil` for those of the grant. With paths, no tunnel is covered.
    public var paths: [PathPrefix]?
    /// The only tools, or `nil` for those of the grant. With tools, only tool calls are covered.
    public var tools: [String]?
    /// When the task loses the grant, in Unix seconds; at that second it is gone.
    public var expires: Int64?
    /// The most calls under the grant within the task.
    public var calls: Int?
    /// The most bytes in both directions under the grant within the task.
    public var bytes: Int?

    /// Whether a person has to agree to each call under the grant within the task, as where the grant itself says so.
    public var needsApproval = false

    /// Takes the whole of a grant.
    public init(_ name: String) { self.name = name }

    /// What may be spent under the grant within the task, if there is a limit.
    public var budget: GrantBudget? {
        calls == nil && bytes == nil ? nil : GrantBudget(calls: calls, bytes: bytes)
    }

    /// What the task leaves out of the grant, and what of the facts lies there; `nil` when the part covers them.
    func exclusion(of facts: borrowing Facts) -> Limit? {
        let isTunnel = facts.operation.name == .tunnel
        let isStep = facts.operation.name == .session
        if let hosts {
            let host = facts.destination.host
            guard hosts.contains(where: { $0.matches(host) }) else { return .hosts }
        }
        if let ports, !ports.contains(facts.destination.port) { return .ports }
        if let methods, !isStep {
            guard let method = isTunnel ? "CONNECT" : facts.http?.method,
                methods.contains(where: { $0.utf8.elementsEqual(method.utf8) })
            else { return .methods }
        }
        if let paths, !isStep {
            guard !isTunnel, let path = facts.http?.path, paths.contains(where: { $0.covers(path) }) else {
                return .paths
            }
        }
        if let tools, !isStep {
            guard facts.operation.name.isCall, let tool = facts.operation.tool,
                tools.contains(where: { $0.utf8.elementsEqual(tool.utf8) })
            else { return .tools }
        }
        if let expires, facts.time >= expires { return .expires }
        return nil
    }

    /// What a part can limit.
    public enum Limit: String, Sendable, Hashable, CaseIterable {
        /// The destinations.
        case hosts
        /// The ports.
        case ports
        /// The methods.
        case methods
        /// The paths.
        case paths
        /// The tools.
        case tools
        /// The end.
        case expires
        /// The calls.
        case calls
        /// The bytes.
        case bytes
    }
}
