// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the admin plane needs of the gate where generated code runs behind it.
public protocol SandboxControl: Sendable {
    /// Opens a socket over which the caller's own process asks for runs as an agent. It is a launch like those of other
    /// programs, and ended in the same way.
    func openSandbox(_ request: SandboxDoorRequest, by caller: Operator) async throws -> LaunchReport
}

extension SandboxControl {
    /// There are none where nothing else is said.
    public func openSandbox(_ request: SandboxDoorRequest, by caller: Operator) async throws -> LaunchReport {
        throw AdminError(.unknown, "this gate runs no code")
    }
}
