// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the admin plane needs of the gate where it stands in front of services. Every verb that changes something records
/// who asked.
///
/// All verbs throw ``AdminError``.
public protocol ToolControl: Sendable {
    /// The tools of MCP servers.
    ///
    /// - Parameters:
    ///   - service: Of this one; of all without it.
    ///   - agent: With what this agent may call.
    func tools(of service: String?, for agent: String?) async throws -> ToolList
    /// How the newest definitions of the tools of a service differ from those in use.
    ///
    /// - Parameter tool: Of this one; of all without it.
    func toolChanges(of service: String, tool: String?) async throws -> ToolChangeList
    /// Lines for the configuration that say what the tools of a service do, guessed by plain rules.
    func toolProposal(of service: String) async throws -> ToolProposal
    /// Takes definitions of tools into use.
    func approveTools(of service: String, _ request: ToolApproval, by caller: Operator) async throws
        -> ToolApprovalReport
    /// Judges a request without making it.
    func attempt(_ request: TrialRequest, by caller: Operator) async throws -> TrialReport
}

extension ToolControl {
    private static var none: AdminError { AdminError(.unknown, "this gate serves no tools") }

    /// There are none where nothing else is said.
    public func tools(of service: String?, for agent: String?) async throws -> ToolList { throw Self.none }
    /// There are none where nothing else is said.
    public func toolChanges(of service: String, tool: String?) async throws -> ToolChangeList { throw Self.none }
    /// There are none where nothing else is said.
    public func toolProposal(of service: String) async throws -> ToolProposal { throw Self.none }
    /// There are none where nothing else is said.
    public func approveTools(
        of service: String, _ request: ToolApproval, by caller: Operator
    ) async throws -> ToolApprovalReport { throw Self.none }
    /// There are none where nothing else is said.
    public func attempt(_ request: TrialRequest, by caller: Operator) async throws -> TrialReport { throw Self.none }
}
